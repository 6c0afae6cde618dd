"""Contributions of an existing portfolio: read, held to the rules, compared with what is there, written.

They enter as older money (`Contribution.is_opening`): signed and received before this portal, so that nobody here recorded
the signature nor the transfers; who imports is the one who registered them, and records nothing that comes in of them later.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from funds.imports.contribution_columns import CONTRIBUTIONS
from funds.imports.known import AMBIGUOUS, Known
from funds.models import Contribution, ContributionReceipt, DonorCurrency, Mechanism, Organisation, Sector
from funds.rules import line_amount_usd
from sr_portal.imports.kinds import Cells
from sr_portal.spreadsheets.cells import as_amount, as_day, as_one_of, as_text, key
from sr_portal.web import clock

STEPS = ("pledged", "signed", "received")
MOST_USD = Decimal("9999999999.99")
ONE = Decimal(1)
# What the portal and the file must say alike; a title or a note may have been corrected since.
SAME = (
    "mechanism", "region", "theme", "currency", "pledged_amount", "pledged_on", "pledged_rate", "pledged_rate_on",
    "signed_amount", "signed_on", "signed_rate", "signed_rate_on",
)  # fmt: skip


@dataclass
class ToldContribution:
    """One row: its cells and values; `donor` is a record, or the key of a partner that the file brings."""

    cells: Cells
    values: dict[str, Any]

    @property
    def receipt_reference(self) -> str:
        return f"REPRISE {self.values['reference']}"

    @property
    def free_usd(self) -> Decimal:
        """What projects of the same file may hold of it, USD."""
        values = self.values
        if not values["signed_amount"]:
            return Decimal(0)
        return line_amount_usd(ONE, values["signed_amount"], values["signed_rate"])


class ContributionSheet:
    """The rows of the sheet; what is wrong with a cell is noted with its row and heading."""

    def __init__(self, known: Known, mechanisms: dict[str, Mechanism]) -> None:
        self.known, self.mechanisms = known, mechanisms
        groups = Sector.objects.order_by().values_list("group_fr", "group_en").distinct()
        self.themes = {key(text): fr for fr, en in groups for text in (fr, en) if text}
        self.currencies = {key(one.value): one.value for one in DonorCurrency}
        self.rows: dict[str, ToldContribution] = {}

    def read(self, cells: Cells, newcomers: dict[str, Any]) -> None:
        """`newcomers` are the partners that the file brings, by the key of their name: (cells, values)."""
        values = self._values(cells)
        values["donor"] = self._donor(cells, values["donor_name"], newcomers)
        for column in CONTRIBUTIONS.columns:
            wanted = "donor_name" if column.name == "donor" else column.name
            if column.required and cells.good and values[wanted] in (None, ""):
                cells.fault(column.name, _("Cette cellule est obligatoire."))
        if not cells.good:
            return
        self._check_mechanism(cells, values)
        for name in STEPS:
            _check_step(cells, values, name)
        if cells.good:
            _check_order(cells, values)
        if cells.good:
            self._keep(cells, values)

    def _values(self, cells: Cells) -> dict[str, Any]:
        values: dict[str, Any] = {
            "reference": cells.read("reference", as_text, 40),
            "title": cells.read("title", as_text, 200),
            "donor_name": cells.read("donor", as_text, 200),
            "mechanism": cells.read("mechanism", as_one_of, self.mechanisms, _("« %(text)s » n’est pas un mécanisme.")),
            "region": cells.read("region", self.known.region),
            "theme": cells.read("theme", as_one_of, self.themes, _("« %(text)s » n’est pas un thème.")) or "",
            "currency": cells.read(
                "currency", as_one_of, self.currencies, _("« %(text)s » n’est pas une monnaie connue.")
            )
            or "USD",
            "note": cells.read("note", as_text, 5_000),
        }
        for name in STEPS:
            values[f"{name}_amount"] = cells.read(f"{name}_amount", as_amount)
            values[f"{name}_on"] = cells.read(f"{name}_on", as_day)
            values[f"{name}_rate"] = cells.read(f"{name}_rate", as_amount, places=6, most=Decimal("99999999"))
            values[f"{name}_rate_on"] = cells.read(f"{name}_rate_on", as_day)
        return values

    def _donor(self, cells: Cells, name: str | None, newcomers: dict[str, Any]) -> Organisation | str | None:
        if not name:
            return None
        found = self.known.organisations.get(key(name))
        if found is None and key(name) in newcomers:
            if newcomers[key(name)][1]["kind"] != "donor":
                cells.fault("donor", _("La feuille des partenaires ne dit pas que cette organisation est un donateur."))
            return key(name)
        if found is None or found is AMBIGUOUS:
            cells.fault("donor", _("« %(text)s » n’est pas au registre des partenaires.") % {"text": name[:60]})
            return None
        if not found.is_donor:
            cells.fault("donor", _("Cette organisation n’est pas un donateur au registre."))
        return found

    def _check_mechanism(self, cells: Cells, values: dict[str, Any]) -> None:
        if not values["mechanism"].funded_by_contributions:
            cells.fault("mechanism", _("Ce mécanisme n’est pas financé par des contributions."))

    def _keep(self, cells: Cells, values: dict[str, Any]) -> None:
        there = self.rows.get(key(values["reference"]))
        if there:
            message = _("Cette contribution est déjà à la ligne %(row)s.") % {"row": there.cells.line.number}
            cells.fault("reference", message)
        else:
            self.rows[key(values["reference"])] = ToldContribution(cells, values)


def _check_step(cells: Cells, values: dict[str, Any], name: str) -> None:
    """An amount has its day and its rate, no later than the money; nothing is to come."""
    amount, on = values[f"{name}_amount"], values[f"{name}_on"]
    if amount is None and on is None:
        values[f"{name}_rate"] = values[f"{name}_rate_on"] = None
        return
    if amount is None or on is None:
        missing = f"{name}_amount" if amount is None else f"{name}_on"
        cells.fault(missing, _("Donnez le montant et sa date, ou aucun des deux."))
        return
    if amount <= 0:
        cells.fault(f"{name}_amount", _("Un montant est supérieur à zéro."))
    if on > clock.today():
        cells.fault(f"{name}_on", _("Ce jour est à venir."))
    rate = values[f"{name}_rate"]
    if values["currency"] == "USD":
        if rate not in (None, ONE):
            cells.fault(f"{name}_rate", _("Un montant en USD n’a pas de taux : 1 USD pour 1 USD."))
        values[f"{name}_rate"] = ONE
    elif not rate:
        cells.fault(f"{name}_rate", _("Une autre monnaie que l’USD demande le taux du jour."))
    values[f"{name}_rate_on"] = rate_on = values[f"{name}_rate_on"] or on
    if rate_on > on:
        cells.fault(f"{name}_rate_on", _("Le taux ne peut être postérieur à l’opération."))
    if cells.good and amount / values[f"{name}_rate"] > MOST_USD:
        cells.fault(f"{name}_amount", _("Ce nombre est hors des limites."))


def _check_order(cells: Cells, values: dict[str, Any]) -> None:
    """Pledged, then signed, then received; never more received than signed."""
    if values["signed_on"] and values["signed_on"] < values["pledged_on"]:
        cells.fault("signed_on", _("La signature ne peut précéder l’annonce."))
    if values["received_amount"] is None:
        return
    if values["signed_on"] is None or values["received_on"] < values["signed_on"]:
        cells.fault("received_on", _("Rien ne s’encaisse avant la signature."))
    elif values["received_amount"] > values["signed_amount"]:
        cells.fault("received_amount", _("On ne peut recevoir plus que ce qui est signé."))


# --- Against what is there --------------------------------------------------------------------------------------------
def new_among(rows: dict[str, ToldContribution]) -> list[ToldContribution]:
    """Those whose reference the portal does not know; one that it knows otherwise is a fault of the cells that differ."""
    if not rows:
        return []
    there = {key(row.reference): row for row in Contribution.objects.select_related("mechanism", "donor", "region")}
    opening = {
        (receipt.contribution_id, receipt.reference): receipt
        for receipt in ContributionReceipt.objects.filter(recorded_by=None)
    }
    new = []
    for name, told in rows.items():
        if name not in there:
            new.append(told)
            continue
        found = there[name]
        receipt = opening.get((found.pk, told.receipt_reference))
        for column in _differences(told, found, receipt):
            message = _("Cette contribution est déjà inscrite, et le portail dit autre chose : corrigez-la là-bas.")
            told.cells.fault(column, message)
    return new


def _differences(told: ToldContribution, found: Contribution, receipt: ContributionReceipt | None) -> Iterator[str]:
    if told.values["donor"] != found.donor:
        yield "donor"
    yield from (name for name in SAME if told.values[name] != getattr(found, name))
    for name, kept in (("amount", "amount"), ("on", "received_on"), ("rate", "rate"), ("rate_on", "rate_on")):
        if told.values[f"received_{name}"] != (getattr(receipt, kept) if receipt else None):
            yield f"received_{name}"


# --- Written ----------------------------------------------------------------------------------------------------------
def write(new: list[ToldContribution], by: Any, made: dict[str, Organisation]) -> int:
    """All of them; `made` are the partners that this import brought. Returns how many."""
    now = clock.now()
    for told in new:
        values = told.values
        donor = made[values["donor"]] if isinstance(values["donor"], str) else values["donor"]
        contribution = Contribution(
            reference=values["reference"], title=values["title"], donor=donor, note=values["note"] or "",
            is_opening=True, registered_by=by, registered_at=now, signature_at=now if values["signed_on"] else None,
            **{name: values[name] for name in SAME},
        )  # fmt: skip
        contribution.full_clean()
        contribution.save()
        if values["received_amount"]:
            _receive(contribution, told, now)
    return len(new)


def _receive(contribution: Contribution, told: ToldContribution, now: dt.datetime) -> None:
    values = told.values
    ContributionReceipt.objects.create(
        contribution=contribution, reference=told.receipt_reference, received_on=values["received_on"],
        amount=values["received_amount"], rate=values["received_rate"], rate_on=values["received_rate_on"],
        recorded_at=now,
    )  # fmt: skip


def codes() -> Iterator[tuple[str, str, str]]:
    """Themes and currencies for the template's list of codes: list, code, name."""
    for fr, en in Sector.objects.order_by("group_fr").values_list("group_fr", "group_en").distinct():
        yield _("Thème"), fr, en
    for one in DonorCurrency:
        yield _("Monnaie"), one.value, str(one.label)
