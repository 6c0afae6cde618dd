"""What several documents say alike of a project, as blocks. Nothing here asks the database for what was not read."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from projects.models import Attachment, AttachmentKind, Project
from projects.views import road_content
from sr_portal.documents.paper import Bars, Block, Column, Facts, Heading, Paper, Photo, Photos, Table, Text, facts
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, number, usd

NOTHING = "–"
PHOTOS_OF_A_SHEET = 4


def new_paper(title: Any, file_name: Any, **more: Any) -> Paper:
    """A document in the language that is active now."""
    language = (get_language() or "fr")[:2]
    return Paper(title=str(title), file_name=str(file_name), language=language, made_at=clock.now(), **more)


def months(count: int | None) -> str:
    return ngettext("%(count)s mois", "%(count)s mois", count) % {"count": count} if count else ""


def mark(value: Decimal | None) -> str:
    """« 3,75 sur 5 »."""
    return _("%(mean)s sur 5") % {"mean": floatformat(value, 2)} if value is not None else NOTHING


def place_of(project: Project) -> str:
    """« Ansongo, cercle d’Ansongo, région de Gao », as far as it is known."""
    parts = [project.locality]
    if project.cercle_id:
        parts.append(_("cercle : %(name)s") % {"name": project.cercle.name})
    parts.append(_("région : %(name)s") % {"name": project.region.name})
    return ", ".join(part for part in parts if part)


def essentials(project: Project) -> Facts | None:
    sector = project.sector
    return facts(
        (_("Mécanisme"), project.mechanism.name),
        (_("Composante marraine"), project.get_sponsor_display()),
        (
            _("Secteur"),
            f"{sector.name} ({_('code CAD %(code)s') % {'code': sector.code}})" if sector else "",
        ),
        (_("Lieu"), place_of(project)),
        (_("Partenaire de mise en œuvre"), project.partner or ""),
        (_("État"), project.state_label.label),
    )


def fund(project: Project) -> list[Block]:
    """What the proposal says to its mechanism alone; nothing where the mechanism asks for nothing more."""
    told = road_content.fund_of(project)
    if told is None:
        return []
    answers = [said for _section, rows in told.sections for said in rows if said.text.strip()]
    given: list[Block | None] = [facts(*told.facts)] if told.facts else []
    if told.shares:
        rows = [[str(row.organisation), f"{number(row.percent)}\u00a0%", usd(row.amount_usd)] for row in told.shares]
        columns = [
            Column(_("Organisation bénéficiaire"), weight=3), Column(_("Part"), "right"), Column(_("Montant"), "right"),
        ]  # fmt: skip
        given.append(Table(columns, rows))
    return [block for block in given if block] + [
        block for said in answers for block in (Heading(said.label, 2), Text(said.text))
    ]


def money(project: Project) -> Facts | None:
    return facts(
        (_("Budget demandé"), usd(project.budget_usd)),
        (_("Apport de la communauté"), usd(project.community_usd) if project.community_usd else ""),
        (_("Montant recommandé"), usd(project.recommended_usd)),
        (_("Montant approuvé"), usd(project.approved_usd)),
    )


def time_of(project: Project) -> Facts | None:
    return facts(
        (_("Début"), day(project.starts_on)), (_("Durée"), months(project.duration_months)),
        (_("Fin prévue"), day(project.ends_on)),
    )  # fmt: skip


def said_of(project: Project, *names: str) -> list[tuple[str, Text]]:
    """Label and text of each field that says something."""
    return [(said.label, Text(said.text)) for said in road_content.said(project, *names) if said.text.strip()]


def budget(project: Project) -> Table | None:
    """The lines of the proposal, by category."""
    groups = road_content.budget_of(project)
    if not groups:
        return None
    rows = [
        [
            line.label, group.label, f"{number(line.quantity)} {line.unit}",
            f"{number(line.unit_cost)}\u00a0{line.currency}", usd(line.amount_usd),
        ]
        for group in groups
        for line in group.lines
    ]  # fmt: skip
    return Table(
        [
            Column(_("Désignation"), weight=3), Column(_("Rubrique"), weight=1.3), Column(_("Quantité"), "right"),
            Column(_("Coût unitaire"), "right"), Column(_("Montant"), "right"),
        ],
        rows,
        [[_("Budget demandé"), "", "", "", usd(project.budget_usd)]],
    )  # fmt: skip


def results(project: Project) -> Table | None:
    rows = [
        [
            result.statement, result.indicator or NOTHING,
            _measured(result.baseline, result.unit), _measured(result.target, result.unit),
        ]
        for result in project.results.all()
    ]  # fmt: skip
    columns = [
        Column(_("Résultat"), weight=2), Column(_("Indicateur"), weight=1.6), Column(_("Départ"), "right"),
        Column(_("Cible"), "right"),
    ]  # fmt: skip
    return Table(columns, rows) if rows else None


def _measured(value: Decimal | None, unit: str) -> str:
    return f"{number(value)} {unit}".strip() if value is not None else NOTHING


def timeline(project: Project) -> Bars | None:
    line = road_content.timeline_of(project)
    rows = []
    for activity, start in line.rows:
        span = _("%(first)s à %(last)s") % {"first": activity.first_week, "last": activity.last_week}
        rows.append((activity.title, span if activity.weeks > 1 else str(activity.first_week), start, activity.weeks))
    return Bars((_("Activité"), _("Semaines")), line.weeks, rows) if rows else None


def beneficiaries(project: Project) -> list[Block]:
    rows = [
        [headcount.label, number(headcount.direct), number(headcount.indirect)]
        for headcount in road_content.beneficiaries_of(project)
    ]
    columns = [Column(_("Personnes"), weight=2), Column(_("Directs"), "right", 1), Column(_("Indirects"), "right", 1)]
    total = [_("Ensemble"), number(project.direct_total), number(project.indirect_total)]
    among = _("Dont personnes déplacées : %(displaced)s ; personnes handicapées : %(disabled)s.") % {
        "displaced": number(project.displaced), "disabled": number(project.disabled),
    }  # fmt: skip
    return [Table(columns, rows, [total]), Text(among, small=True)]


def photos_before(attachments: Iterable[Attachment]) -> Photos | None:
    shown = [
        Photo(row.document, row.caption or row.get_kind_display(), _photo_alt(row.caption))
        for row in attachments
        if row.kind == AttachmentKind.PHOTO and row.document.is_image and not row.document.is_withdrawn
    ][:PHOTOS_OF_A_SHEET]
    return Photos(shown) if shown else None


def _photo_alt(caption: str) -> str:
    return _("Photo avant travaux : %(caption)s") % {"caption": caption} if caption else _("Photo avant travaux")
