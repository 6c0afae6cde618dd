"""The brief of a region as one printed page."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regions.svg import as_svg
from sr_portal.dashboards import charts
from sr_portal.dashboards.brief import Brief, Line
from sr_portal.dashboards.slides import scope_of
from sr_portal.documents.paper import (
    Block,
    Chart,
    Column,
    Columns,
    Drawn,
    Paper,
    Picture,
    Table,
    Text,
    Tiles,
    section,
)
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, number, usd

LONGEST_TITLE = 64  # letters of a project's title in a table of half a page


def regional_brief(brief: Brief) -> Paper:
    board = brief.board
    total = board.figures.total
    people = board.beneficiaries[0]
    return Paper(
        title=_("Fiche région : %(region)s") % {"region": brief.region.name},
        subtitle=f"{day(brief.today)} · {scope_of(board)}",
        reference=brief.region.code,
        file_name=f"{_('fiche-region')}-{slugify(brief.region.name)}-{brief.today:%Y-%m-%d}",
        language="en" if (get_language() or "fr").startswith("en") else "fr",
        made_at=clock.now(),
        compact=True,
    ).with_blocks(
        [
            Tiles(
                [
                    *((tile.label, tile.text, tile.note) for tile in board.tiles),
                    (_("Bénéficiaires directs"), people.text, ""),
                    (
                        _("Visites faites"),
                        number(total["visits_done"]),
                        _("%(count)s à faire") % {"count": number(total["visits_planned"])},
                    ),
                ]
            ),
            Columns(
                [
                    *_where(brief),
                    *section(_("Argent"), _chart(board.money)),
                    *section(_("Par secteur"), _chart(brief.sectors)),
                ],
                [
                    *section(_("Où en sont les projets"), _chart(board.road)),
                    *section(
                        _("Projets les plus en retard"),
                        _late(brief.late) or Text(_("Aucun projet en retard.")),
                    ),
                    *section(_("Plus grands projets"), _largest(brief.largest)),
                ],
            ),
            *_plan(brief),
        ]
    )


def _where(brief: Brief) -> list[Block]:
    if brief.drawing is None:
        return []
    said = _("Carte du Mali, région : %(region)s. Les numéros sont ceux des tableaux.") % {"region": brief.region.name}
    return [Picture(Drawn(as_svg(brief.drawing, size=20), said), 5.2)]


def _chart(bars: Sequence[charts.Bar]) -> Chart | None:
    rows = [(bar.label, bar.text, bar.note, float(bar.parts[0].width) / charts.WIDTH) for bar in bars]
    return Chart(rows) if rows else None


def _title(line: Line) -> str:
    title = line.project.title
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"


def _late(lines: list[Line]) -> Table | None:
    if not lines:
        return None
    return Table(
        [Column(_("N°"), "right"), Column(_("Projet"), weight=1), Column(_("État")), Column(_("Retard"), "right")],
        [
            [
                str(line.number or ""),
                _title(line),
                line.state.label,
                ngettext("%(count)s jour", "%(count)s jours", line.days_late) % {"count": number(line.days_late)},
            ]
            for line in lines
        ],
    )


def _largest(lines: list[Line]) -> Table | None:
    if not lines:
        return None
    rows: list[list[Any]] = []
    for line in lines:
        partner = line.project.partner
        rows.append(
            [
                str(line.number or ""),
                _title(line),
                (partner.acronym or partner.name)[:40] if partner else "",
                usd(line.project.approved_usd),
            ]
        )
    return Table(
        [
            Column(_("N°"), "right"),
            Column(_("Projet"), weight=1),
            Column(_("Partenaire"), weight=0.6),
            Column(_("Approuvé"), "right"),
        ],
        rows,
    )


def _plan(brief: Brief) -> list[Block]:
    if brief.plan is None:
        return section(_("Plan régional"), Text(_("Aucun plan régional n’est en vigueur dans cette région.")))
    money = brief.plan.total
    share = "–" if money.percent is None else f"{number(money.percent)}\u00a0%"
    told = Text(
        _("%(plan)s : besoin %(need)s, nos projets %(ours)s, autres partenaires %(others)s, manque %(gap)s ; couvert à %(share)s.")
        % {
            "plan": brief.plan.plan.title, "need": usd(money.need), "ours": usd(money.ours),
            "others": usd(money.others), "gap": usd(money.gap), "share": share,
        }
    )  # fmt: skip
    gaps = Table(
        [
            Column(_("Priorités où il manque le plus"), weight=1),
            *(Column(label, "right") for label in (_("Besoin"), _("Nous"), _("Autres"), _("Manque"))),
        ],
        [
            [
                row.priority.title[:90],
                usd(row.money.need),
                usd(row.money.ours),
                usd(row.money.others),
                usd(row.money.gap),
            ]
            for row in brief.gaps
        ],
    )
    return section(_("Couverture du plan régional"), told, gaps if brief.gaps else None)
