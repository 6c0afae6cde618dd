"""The approval memo (note de décision): what the authority is asked to decide, on what grounds, and what it decided."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.checklist import CHECKLIST
from projects.concentration import share_with
from projects.models import AgendaItem, Answer, ItemState, Project, Screening
from projects.states import GRANTED, State
from projects.templatetags.road import votes_text
from projects.views.track_record import partner_lines
from sr_portal.documents.paper import (
    Block,
    Column,
    Heading,
    Paper,
    Signatory,
    Signatures,
    Table,
    Text,
    Together,
    facts,
    section,
)
from sr_portal.web.templatetags.portal import day, moment, number, usd

from . import parts

# From the committee's word on; a project withdrawn or still on its way to the committee has none.
MEMO_STATES = GRANTED | {State.RECOMMENDED, State.NOT_RECOMMENDED, State.REFUSED}


def memo(project: Project) -> Paper:
    """`project` as `ProjectQuerySet.for_page` reads it, in one of `MEMO_STATES`."""
    decision = getattr(project, "decision", None)
    return parts.new_paper(
        _("Note de décision"),
        _("Note de décision %(reference)s") % {"reference": project.reference},
        subtitle=project.title,
        reference=project.reference,
        draft="" if decision else _("Soumise à décision"),
        blocks=content(project),
    )


def content(project: Project) -> list[Block]:
    """The memo without its letterhead, for larger documents."""
    return [
        *section(_("Le projet"), parts.essentials(project), *_summary(project)),
        *section(_("Ce que le fonds demande"), *parts.fund(project)),
        *section(_("Le financement"), parts.money(project), _envelope(project), parts.budget(project)),
        *section(_("Le partenaire"), *_partner(project)),
        *section(_("Présélection"), *_screening(project)),
        *section(_("Avis du comité"), *_committee(project)),
        *_decision(project),
    ]


def _partner(project: Project) -> list[Block | None]:
    """Its track record with the section, and its part of the year's money when that is worth a look."""
    partner = project.partner
    if partner is None:
        return []
    share = share_with(project)
    told = [(_("Partenaire"), partner), *partner_lines(partner)]
    if share and share.is_over:
        part = _("%(percent)s %% de ce que le mécanisme accorde cette année, avec ce projet")
        told.append((_("Concentration"), part % {"percent": number(share.percent)}))
    return [facts(*told)]


def _summary(project: Project) -> list[Block]:
    said = parts.said_of(project, "objective", "confidence")
    return [block for label, text in said for block in (Heading(label, 2), text)]


def _envelope(project: Project) -> Block | None:
    if project.envelope is None:
        return None
    return facts((_("Enveloppe"), project.envelope), (_("Réservé sur l’enveloppe"), usd(project.reserved_usd)))


def _screening(project: Project) -> list[Block]:
    closed = [screening for screening in project.screenings.all() if screening.closed_at]
    if not closed:
        return []
    last = closed[-1]
    return [
        facts(
            (_("Conclusion"), last.get_outcome_display()),
            (_("Examinée par"), last.screener),
            (pgettext("date", "Le"), day(last.closed_at)),
            (_("Tours"), len(closed) if len(closed) > 1 else ""),
            (_("Remarque"), last.note),
        ),
        _remarks(last),
    ]


def _remarks(screening: Screening) -> Table | None:
    """The points of the checklist that are not a plain « yes »."""
    answers = {answer.item: answer for answer in screening.answers.all()}
    rows = []
    for item in CHECKLIST:
        answer = answers.get(item.code)
        if answer is not None and (answer.comment or answer.answer != Answer.YES):
            rows.append([item.label, answer.get_answer_display() or parts.NOTHING, answer.comment])
    columns = [Column(_("Point"), weight=2), Column(_("Réponse")), Column(_("Commentaire"), weight=3)]
    return Table(columns, rows, caption=_("Points à réserve ou commentés")) if rows else None


def _committee(project: Project) -> list[Block]:
    items = [item for item in project.agenda_items.all() if item.state == ItemState.CLOSED]
    return [block for item in sorted(items, key=lambda item: item.pk) for block in _item(item)]


def _item(item: AgendaItem) -> list[Block]:
    session = item.session
    title = _("%(committee)s, séance du %(day)s") % {"committee": session.committee, "day": day(session.held_on)}
    told = facts(
        (_("Recommandation"), item.outcome.label if item.outcome else ""),
        (_("Montant recommandé"), usd(item.recommended_usd)),
        (_("Quorum"), _("atteint") if item.quorum else _("non atteint : aucun vote ne compte")),
        (_("Votes"), votes_text(item)),
        (_("Note pondérée"), parts.mark(item.mean)),
        (_("Conditions"), item.conditions),
        (_("Motif"), item.explanation),
    )
    return [Heading(title, 2), *([told] if told else [])]


def _decision(project: Project) -> list[Block]:
    decision = getattr(project, "decision", None)
    if decision is None:
        return [
            Together(
                [
                    Heading(_("Décision")),
                    Text(_("Approuvé / refusé (rayer la mention inutile). Montant approuvé : ……………………………… USD.")),
                    Text(_("Conditions ou motifs : …………………………………………………………………………………………")),
                    Signatures([Signatory(_("L’autorité d’approbation"))]),
                ]
            )
        ]
    told = facts(
        (_("Décision"), decision.get_kind_display()),
        (_("Montant approuvé"), usd(decision.amount_usd)),
        (_("Conditions"), decision.conditions),
        (_("Motifs"), decision.reasons),
    )
    said = _("Décision enregistrée dans le portail le %(when)s") % {"when": moment(decision.decided_at)}
    signed = Signatures([Signatory(_("L’autorité d’approbation"), decision.decided_by, said=said)])
    return [Together([Heading(_("Décision")), *([told] if told else []), signed])]
