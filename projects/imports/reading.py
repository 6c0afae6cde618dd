"""The rows of a portfolio, read cell by cell into what they say; nothing is compared or written here."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from funds.imports.contributions import ContributionSheet
from funds.imports.known import Known
from funds.models import ExchangeRate, Facility, Mechanism, OrganisationKind
from funds.rules import line_amount_usd
from projects.imports.columns import BUDGET, CONTRIBUTIONS, INSTALMENTS, PARTNERS, PROJECTS
from projects.models import BudgetCategory, Sponsor
from projects.states import IMPORTED
from sr_portal.imports.kinds import Cells, Faults, SheetKind, Source
from sr_portal.spreadsheets.cells import CellError, as_amount, as_count, as_day, as_one_of, as_text, key

MOST_TEXT = 5_000


def codes_of(choices: Any) -> dict[str, Any]:
    """A choice by its code and by its label, as `key` writes them."""
    return {name: one for one in choices for name in (key(one.value), key(one.label))}


STATES = {name: state for state in IMPORTED for name in (key(state.value), key(state.label))}


@dataclass
class Told:
    """One project as the file tells it: its cells and values, with its lines and instalments."""

    cells: Cells
    values: dict[str, Any]
    lines: list[tuple[Cells, dict[str, Any]]] = field(default_factory=list)
    instalments: list[tuple[Cells, dict[str, Any]]] = field(default_factory=list)

    @property
    def budget_usd(self) -> Decimal:
        amounts = (line_amount_usd(one["quantity"], one["unit_cost"], one["rate"]) for _cells, one in self.lines)
        return sum(amounts, Decimal(0))

    def total(self, name: str) -> Decimal:
        return sum((one[name] for _cells, one in self.instalments), Decimal(0))


class Portfolio:
    """All that a file tells; what is wrong with a cell is noted with its sheet, row and column."""

    def __init__(self, source: Source) -> None:
        self.source, self.faults, self.known = source, Faults(), Known()
        self.mechanisms = {key(one.code): one for one in Mechanism.objects.all()}
        self.facilities = {
            (one.mechanism_id, key(text)): one for one in Facility.objects.all() for text in (one.code, one.name_fr)
        }
        self.rates = list(ExchangeRate.objects.order_by("-month").values_list("month", "xof_per_usd"))
        self.rows = 0
        self.partners: dict[str, tuple[Cells, dict[str, Any]]] = {}
        self.projects: dict[str, Told] = {}
        self.contributions = ContributionSheet(self.known, self.mechanisms)
        self._doubtful: set[str] = set()  # references whose own row was refused: their lines are not told as orphans
        for sheet, read in (
            (PARTNERS, self._partner), (PROJECTS, self._project), (BUDGET, self._line), (INSTALMENTS, self._instalment),
            (CONTRIBUTIONS, self._contribution),
        ):  # fmt: skip
            for line in source.sheets.get(sheet.code, ()):
                self.rows += 1
                title, headings = source.titles[sheet.code], source.headings[sheet.code]
                read(Cells(line, title, headings, self.faults), sheet)

    def _complete(self, cells: Cells, sheet: SheetKind, values: dict[str, Any]) -> bool:
        for column in sheet.columns:
            if column.required and cells.good and values.get(column.name) in (None, ""):
                cells.fault(column.name, _("Cette cellule est obligatoire."))
        return cells.good

    def _partner(self, cells: Cells, sheet: SheetKind) -> None:
        lengths = {
            "name": 200,
            "acronym": 30,
            "contact_name": 120,
            "contact_phone": 40,
            "contact_email": 254,
            "address": 250,
        }
        values: dict[str, Any] = {name: cells.read(name, as_text, longest) for name, longest in lengths.items()}
        kinds = codes_of(OrganisationKind)
        values["kind"] = cells.read("kind", as_one_of, kinds, _("« %(text)s » n’est pas un type d’organisation."))
        values["region"] = cells.read("region", self.known.region)
        if values["contact_email"]:
            try:
                validate_email(values["contact_email"])
            except ValidationError:
                cells.fault("contact_email", _("Cette adresse électronique n’est pas valable."))
        if not self._complete(cells, sheet, values):
            return
        name = key(values["name"])
        if name in self.partners:
            row = self.partners[name][0].line.number
            cells.fault("name", _("Ce partenaire est déjà à la ligne %(row)s.") % {"row": row})
        else:
            self.partners[name] = (cells, values)

    def _contribution(self, cells: Cells, _sheet: SheetKind) -> None:
        self.contributions.read(cells, self.partners)

    def _project(self, cells: Cells, sheet: SheetKind) -> None:
        reference = cells.read("reference", as_text, 24)
        self._doubtful.add(key(reference or ""))
        values: dict[str, Any] = {
            "reference": reference,
            "mechanism": cells.read("mechanism", as_one_of, self.mechanisms, _("« %(text)s » n’est pas un mécanisme.")),
            "title": cells.read("title", as_text, 200),
            "locality": cells.read("locality", as_text, 120),
            "objective": cells.read("objective", as_text, MOST_TEXT),
            "sector": cells.read("sector", self.known.sector),
            "sponsor": cells.read("sponsor", as_one_of, codes_of(Sponsor), _("« %(text)s » n’est pas une composante."))
            or "",
            "partner": cells.read("partner", as_text, 200),
            "starts_on": cells.read("starts_on", as_day),
            "duration_months": cells.read("duration_months", as_count, 600),
            "state": cells.read(
                "state", as_one_of, STATES, _("« %(text)s » n’est pas un état dans lequel on importe.")
            ),
            "approved_on": cells.read("approved_on", as_day),
            "since": cells.read("since", as_day),
        }
        values["facility"] = cells.read("facility", self._facility, values["mechanism"])
        region = values["region"] = cells.read("region", self.known.region)
        values["cercle"] = cells.read("cercle", self.known.cercle, region)
        for name, most in (("latitude", 90), ("longitude", 180)):
            values[name] = cells.read(name, as_amount, places=5, most=Decimal(most), least=-most)
        for name in ("direct_women", "direct_men", "direct_girls", "direct_boys"):
            values[name] = cells.read(name, as_count) or 0
        if not self._complete(cells, sheet, values):
            return
        if key(values["reference"]) in self.projects:
            row = self.projects[key(values["reference"])].cells.line.number
            cells.fault("reference", _("Ce projet est déjà à la ligne %(row)s.") % {"row": row})
            return
        self.projects[key(values["reference"])] = Told(cells, values)

    def _facility(self, value: Any, mechanism: Mechanism | None) -> Facility | None:
        text = as_text(value)
        found = self.facilities.get((mechanism.code if mechanism else "", key(text)))
        if text and found is None:
            raise CellError(_("« %(text)s » n’est pas un guichet de ce mécanisme.") % {"text": text[:40]})
        return found

    def _told(self, cells: Cells) -> Told | None:
        reference = cells.read("reference", as_text, 24)
        told = self.projects.get(key(reference or ""))
        if told is None and cells.good and key(reference or "") not in self._doubtful:
            missing = _("Aucune ligne de la feuille des projets n’a la référence « %(text)s ».")
            cells.fault(
                "reference", missing % {"text": reference} if reference else _("Cette cellule est obligatoire.")
            )
        return told

    def _line(self, cells: Cells, sheet: SheetKind) -> None:
        told = self._told(cells)
        currency = (cells.read("currency", as_text) or "USD").upper()
        values: dict[str, Any] = {
            "category": cells.read(
                "category", as_one_of, codes_of(BudgetCategory), _("« %(text)s » n’est pas une rubrique.")
            ),
            "label": cells.read("label", as_text, 200),
            "unit": cells.read("unit", as_text, 40) or _("forfait"),
            "quantity": cells.read("quantity", as_amount, most=Decimal("99999999")),
            "unit_cost": cells.read("unit_cost", as_amount, most=Decimal("999999999999")),
            "rate": cells.read("rate", as_amount, places=4, most=Decimal("999999")),
            "currency": {"FCFA": "XOF", "CFA": "XOF", "$": "USD"}.get(currency, currency),
            "reference": "-",
        }
        if values["quantity"] is None and cells.good:
            values["quantity"] = Decimal(1)
        if values["quantity"] == 0:
            cells.fault("quantity", _("Ce nombre est hors des limites."))
        if values["currency"] not in ("USD", "XOF"):
            cells.fault("currency", _("Le budget est en USD ou en XOF."))
        elif values["currency"] == "USD":
            values["rate"] = None
        elif not values["rate"]:
            values["rate"] = self._rate(told)
            if values["rate"] is None and told:
                cells.fault("rate", _("Aucun taux connu pour le mois de l’approbation : indiquez-le."))
        if self._complete(cells, sheet, values) and told:
            told.lines.append((cells, values))

    def _rate(self, told: Told | None) -> Decimal | None:
        day = told.values["approved_on"] if told else None
        return next((rate for month, rate in self.rates if day and month <= day), None)

    def _instalment(self, cells: Cells, sheet: SheetKind) -> None:
        told = self._told(cells)
        values: dict[str, Any] = {
            "reference": "-",
            "position": cells.read("position", as_count, 99),
            "amount_usd": cells.read("amount_usd", as_amount),
            "planned_on": cells.read("planned_on", as_day),
        }
        for name in ("paid_usd", "justified_usd", "refunded_usd"):
            values[name] = cells.read(name, as_amount) or Decimal(0)
        if not self._complete(cells, sheet, values) or told is None:
            return
        if not values["amount_usd"] or not values["position"]:
            cells.fault("amount_usd", _("Une tranche a un rang et un montant positifs."))
        elif values["paid_usd"] > values["amount_usd"]:
            cells.fault("paid_usd", _("Une tranche ne se paie pas au-delà de son montant."))
        elif values["justified_usd"] + values["refunded_usd"] > values["paid_usd"]:
            cells.fault("justified_usd", _("On ne justifie ni ne rembourse plus que ce qui est payé."))
        elif any(one["position"] == values["position"] for _cells, one in told.instalments):
            cells.fault("position", _("Ce projet a déjà une tranche de ce rang."))
        else:
            told.instalments.append((cells, values))
