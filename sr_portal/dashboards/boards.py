"""What the pages of dashboards show, put together from the figures: tiles, charts, tables and the list behind each."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from funds.models import OrganisationKind
from projects.filters import NONE
from projects.stages import COMMITTEE, UNDER_WAY
from projects.states import State
from regions.models import Region
from sr_portal.dashboards import charts, envelopes
from sr_portal.dashboards.asked import Asked
from sr_portal.dashboards.figures import Figures
from sr_portal.dashboards.measures import MEASURES, PEOPLE
from sr_portal.web.templatetags.portal import number, usd

GRANTED = {"etape": "accordes"}
FILED = {"etape": "deposes"}


@dataclass(frozen=True)
class Tile:
    label: str
    text: str
    url: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Compared:
    """A number of this fiscal year, of the one before, and by how much it changed."""

    label: str
    now: str
    before: str
    change: str
    now_url: str
    before_url: str


def change(now: Any, before: Any) -> str:
    """« +12 % », « −5 % »; nothing to compare with when there was nothing."""
    if not before:
        return "–" if not now else _("nouveau")
    percent = round((now - before) * 100 / before)
    return f"{'+' if percent > 0 else '−' if percent < 0 else ''}{number(abs(percent))}\u00a0%"


def people(sums: Any) -> int:
    return sum(sums[name] for name in PEOPLE)


class Board:
    """One dashboard: `asked` and its `figures`, over the regions `places` that the reader may look at."""

    def __init__(self, asked: Asked, figures: Figures, places: list[Region], sectors: dict[str, str], today: dt.date):
        self.asked, self.figures, self.places, self.sectors, self.today = asked, figures, places, sectors, today

    # --- How many and how much -----------------------------------------------------------------------------------
    @cached_property
    def tiles(self) -> list[Tile]:
        total, clocks, link = self.figures.total, self.figures.clocks, self.asked.projects
        due = clocks["due_on"]
        return [
            Tile(_("Projets déposés"), number(total["filed"]), link(**FILED), usd(total["requested_usd"])),
            Tile(_("Approuvés"), number(total["granted"]), link(**GRANTED), usd(total["approved_usd"])),
            Tile(_("En retard"), number(due.late), link(delai="retard"), tone="danger" if due.late else ""),
            Tile(_("Dans les temps"), number(due.on_time), link(delai="a-temps")),
        ]

    @cached_property
    def money(self) -> list[charts.Bar]:
        total, url = self.figures.total, self.asked.projects(**GRANTED)
        names = {
            "approved_usd": _("Approuvé"), "obligated_usd": _("Engagé"), "paid_usd": _("Payé"),
            "justified_usd": _("Justifié"), "refunded_usd": _("Remboursé"), "left_usd": _("Reste à payer"),
        }  # fmt: skip
        return charts.bars([(label, total[name], url) for name, label in names.items()], usd)

    # --- Where and when ------------------------------------------------------------------------------------------
    @cached_property
    def road(self) -> list[charts.Bar]:
        states = {state: sums for state, sums in self.figures.states.items() if state is not State.DRAFT}
        lines = [
            (str(state.label), sums["projects"], self.asked.projects(etat=state.value))
            for state, sums in states.items()
            if sums["projects"]
        ]
        return charts.bars(
            lines, notes=[(usd(sums["requested_usd"]), "") for sums in states.values() if sums["projects"]]
        )

    @cached_property
    def pipeline(self) -> list[charts.Bar]:
        states = self.figures.states
        held = [(state, states[state]["projects"] if state in states else 0) for state in COMMITTEE]
        notes = [(usd(states[state]["requested_usd"]) if state in states else "", "") for state in COMMITTEE]
        return charts.bars(
            [(str(state.label), count, self.asked.projects(etat=state.value)) for state, count in held], notes=notes
        )

    @cached_property
    def backlog(self) -> list[Tile]:
        clocks, link = self.figures.clocks, self.asked.projects
        running, completed = self.figures.of(UNDER_WAY, "projects"), self.figures.of([State.COMPLETED], "projects")
        works, closure = clocks["works_due_on"].late, clocks["closure_due_on"].late
        return [
            Tile(_("En exécution"), number(running), link(etape="execution")),
            Tile(_("Fin des travaux dépassée"), number(works), link(delai="travaux"), tone="danger" if works else ""),
            Tile(_("Achevés, à clôturer"), number(completed), link(etat=State.COMPLETED.value)),
            Tile(_("Clôture en retard"), number(closure), link(delai="cloture"), tone="danger" if closure else ""),
        ]

    @cached_property
    def visits(self) -> list[Tile]:
        total = self.figures.total
        return [
            Tile(_("Visites faites"), number(total["visits_done"]), self.asked.visits("done")),
            Tile(_("Visites prévues, à faire"), number(total["visits_planned"]), self.asked.visits("planned")),
        ]

    # --- For what and whom ---------------------------------------------------------------------------------------
    @cached_property
    def by_sector(self) -> list[charts.Bar]:
        rows = sorted(self.figures.sectors.items(), key=lambda row: (-row[1]["filed"], row[0]))
        rows = [row for row in rows if row[1]["filed"]]
        lines = [
            (
                self.sectors.get(code, _("Non renseigné")),
                sums["filed"],
                self.asked.projects(**FILED, secteur=code or NONE),
            )
            for code, sums in rows
        ]
        return charts.bars(lines, notes=[(usd(sums["approved_usd"]), "") for _code, sums in rows])

    @cached_property
    def by_partner(self) -> list[charts.Bar]:
        labels = dict(OrganisationKind.choices)
        rows = sorted(self.figures.partners.items(), key=lambda row: (-row[1]["filed"], row[0]))
        rows = [row for row in rows if row[1]["filed"]]
        lines = [
            (
                str(labels.get(kind, _("Sans partenaire"))),
                sums["filed"],
                self.asked.projects(**FILED, type_partenaire=kind or NONE),
            )
            for kind, sums in rows
        ]
        return charts.bars(lines, notes=[(usd(sums["approved_usd"]), "") for _kind, sums in rows])

    @cached_property
    def beneficiaries(self) -> list[charts.Bar]:
        total, url = self.figures.total, self.asked.projects(**GRANTED)
        names = {"women": _("Femmes"), "men": _("Hommes"), "girls": _("Filles"), "boys": _("Garçons")}
        kinds = {"direct": _("Directs"), "indirect": _("Indirects")}
        lines = [
            (label, [(names[name], total[f"{kind}_{name}"]) for name in names], url) for kind, label in kinds.items()
        ]
        return charts.stacked(lines)

    @cached_property
    def among_them(self) -> list[tuple[str, str]]:
        total = self.figures.total
        return [
            (_("Personnes déplacées"), number(total["displaced"])),
            (_("Personnes handicapées"), number(total["disabled"])),
        ]

    # --- By region -----------------------------------------------------------------------------------------------
    @property
    def measure(self):
        return MEASURES[self.asked.measure]

    @cached_property
    def region_values(self) -> dict[int, Any]:
        return {key: sum((sums[name] for name in self.measure.sums), 0) for key, sums in self.figures.regions.items()}

    @cached_property
    def by_region(self) -> list[charts.Bar]:
        return charts.bars(
            [
                (place.name, self.region_values.get(place.pk, 0), self.asked.projects(**self.measure.opens, region=place.code))
                for place in self.places
            ],
            self.measure.write,
        )  # fmt: skip

    @property
    def year_before(self) -> int:
        return self.figures.year - 1

    # --- Years and envelopes -------------------------------------------------------------------------------------
    @cached_property
    def compared(self) -> list[Compared]:
        now, before, year = self.figures.this_year, self.figures.last_year, self.figures.year
        rows: list[tuple[str, Any, Any, Any, dict[str, str]]] = [
            (_("Projets déposés"), now["filed"], before["filed"], number, FILED),
            (_("Projets approuvés"), now["granted"], before["granted"], number, GRANTED),
            (_("Bénéficiaires directs"), people(now), people(before), number, GRANTED),
        ]
        names = {
            "approved_usd": _("Approuvé"), "paid_usd": _("Payé"), "justified_usd": _("Justifié"),
            "left_usd": _("Reste à payer"),
        }  # fmt: skip
        rows += [(label, now[name], before[name], usd, GRANTED) for name, label in names.items()]
        return [
            Compared(
                label, write(a), write(b), change(a, b), self.asked.projects(**opens, exercice=year),
                self.asked.projects(**opens, exercice=year - 1),
            )
            for label, a, b, write, opens in rows
        ]  # fmt: skip

    @cached_property
    def over_years(self) -> charts.Line | None:
        """The amount approved in each fiscal year; with one year alone there is no line."""
        years = {year: sums for year, sums in self.figures.years.items() if sums["granted"]}
        if len(years) < 2:
            return None
        return charts.line(
            [(str(y), sums["approved_usd"], self.asked.projects(**GRANTED, exercice=y)) for y, sums in years.items()], usd
        )  # fmt: skip

    @cached_property
    def envelopes(self) -> list[envelopes.Use]:
        return envelopes.uses(self.asked, self.today)

    @cached_property
    def risks(self) -> list[Tile]:
        """What is late, from the sums; the attention list looks further."""
        return [tile for tile in (self.tiles[2], self.backlog[1], self.backlog[3]) if tile.tone]

    @property
    def is_empty(self) -> bool:
        return not self.figures.total["filed"]
