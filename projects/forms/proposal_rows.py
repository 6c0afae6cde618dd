"""The tables of a proposal: results, activities, budget lines, as rows that can be added, changed and removed."""

import copy
import re
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from funds.rules import line_amount_usd
from projects import rules
from projects.models import Activity, BudgetLine, Currency, ExpectedResult
from sr_portal.web.fields import AmountField, MoneyField

from .proposal_base import CountField

MOST_ROWS = 120
LARGEST_USD = Decimal("9999999999.99")  # what numeric(12, 2) holds


class RowForm(forms.ModelForm):
    use_required_attribute = False  # an empty row is no mistake

    @classmethod
    def options(cls, project, rate) -> dict:
        """What every row of the table is made with, read once."""
        return {}

    @classmethod
    def wrong_together(cls, project, rows) -> list:
        """What is wrong with the rows as a whole, each right in itself."""
        return []

    def shown(self, name: str):
        """The value of a column as typed when it is valid, else as stored."""
        return self.cleaned_data.get(name) if self.is_bound else getattr(self.instance, name)


class ResultForm(RowForm):
    baseline = AmountField(label=_("Valeur initiale"), required=False, max_digits=14, decimal_places=2)
    target = AmountField(label=_("Valeur cible"), required=False, max_digits=14, decimal_places=2)

    class Meta:
        model = ExpectedResult
        fields = ("statement", "indicator", "unit", "baseline", "target")


class ActivityForm(RowForm):
    first_week = CountField(label=_("Semaine de début"), empty=None, min_value=1, max_value=260)
    weeks = CountField(label=_("Semaines"), empty=None, min_value=1, max_value=260)

    class Meta:
        model = Activity
        fields = ("title", "first_week", "weeks")


class LineForm(RowForm):
    """A budget line. `rate` is the month's; a stored line keeps its own until its price changes."""

    quantity = AmountField(
        label=_("Quantité"), max_digits=10, decimal_places=2, initial=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    unit_cost = MoneyField(
        label=_("Coût unitaire"), max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    community_usd = MoneyField(
        label=_("Apport"), max_digits=12, decimal_places=2, required=False,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip

    class Meta:
        model = BudgetLine
        fields = ("category", "label", "unit", "quantity", "currency", "unit_cost", "community_usd")

    def __init__(self, *args, rate=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.month_rate = rate.xof_per_usd if rate else None
        self.kept_rate = self.instance.rate if self.instance.pk else None
        self.kept_cost = self.instance.unit_cost if self.instance.pk else None
        self.fields["category"].choices = [("", _("Choisir…")), *self.fields["category"].choices[1:]]
        self.fields["currency"].choices = Currency.choices
        if not self.instance.community_usd:
            self.initial["community_usd"] = None

    @classmethod
    def options(cls, project, rate) -> dict:
        return {"rate": rate}

    @classmethod
    def wrong_together(cls, project, rows) -> list:
        total = sum((row.form.amount or Decimal(0) for row in rows), Decimal(0))
        try:
            rules.validate_budget(project.mechanism, total, project.facility)
        except ValidationError as error:
            return error.messages
        return [_("Le budget est trop grand.")] if total > LARGEST_USD else []

    def clean(self):
        data = super().clean()
        data["community_usd"] = data.get("community_usd") or Decimal(0)
        if not {"currency", "unit_cost", "quantity"} <= data.keys():
            return data
        data["rate"] = self.rate_of(data["currency"], data["unit_cost"])
        if data["currency"] == Currency.XOF and data["rate"] is None:
            self.add_error("currency", _("Le taux du mois n’est pas encore saisi : indiquez le coût en USD."))
        elif line_amount_usd(data["quantity"], data["unit_cost"], data["rate"]) > LARGEST_USD:
            self.add_error("unit_cost", _("Ce montant est trop grand."))
        return data

    def rate_of(self, currency: str, unit_cost: Decimal) -> Decimal | None:
        if currency == Currency.USD:
            return None
        same = self.kept_rate is not None and unit_cost == self.kept_cost
        return self.kept_rate if same else self.month_rate

    @property
    def amount(self) -> Decimal | None:
        """USD as typed, when it can be told."""
        if not self.is_bound:
            return self.instance.amount_usd if self.instance.pk else None
        data = getattr(self, "cleaned_data", {})
        if data.get("quantity") is None or data.get("unit_cost") is None or "currency" not in data:
            return None
        rate = self.rate_of(data["currency"], data["unit_cost"])
        if data["currency"] == Currency.XOF and rate is None:
            return None
        return line_amount_usd(data["quantity"], data["unit_cost"], rate)


@dataclass(frozen=True)
class Table:
    """A table of a step: the project's related name, the form of a row, and what the page calls things."""

    name: str
    form: type[RowForm]
    label: str
    singular: str
    add_label: str
    named_by: str  # the column by which people know a row

    @property
    def columns(self) -> tuple[str, ...]:
        return self.form._meta.fields


@dataclass
class Row:
    """One row as typed or stored; `key` is None for a new one."""

    prefix: str
    key: int | None
    form: RowForm
    deleted: bool = False

    @property
    def is_blank(self) -> bool:
        return self.key is None and not self.form.has_changed()

    @property
    def is_valid(self) -> bool:
        return self.deleted or self.is_blank or self.form.is_valid()

    @property
    def values(self) -> dict | None:
        return None if self.deleted else self.form.cleaned_data


class RowSet:
    """The rows of one table, from the project as stored or as typed in `data`."""

    def __init__(self, table: Table, project, data=None, *, rate=None, blanks: int = 0):
        self.table = table
        self.project = project
        self.errors: list = []
        self._options = table.form.options(project, rate)
        stored = {row.pk: row for row in getattr(project, table.name).all()}
        self.rows = [*self._typed(data, stored)] if data is not None else [*self._stored(stored)]
        start = max((int(row.prefix.rpartition("-")[2]) for row in self.rows), default=-1) + 1
        self.rows += [self._blank(start + offset) for offset in range(blanks)]
        self.next_index = start + blanks

    def _form(self, index: int | str, instance, data=None) -> RowForm:
        prefix = f"{self.table.name}-{index}"
        # A form writes on its instance, and the project's rows are still to be shown as they are stored.
        return self.table.form(
            data, instance=copy.copy(instance), prefix=prefix, empty_permitted=instance is None, **self._options
        )

    def _stored(self, stored):
        for index, (key, row) in enumerate(stored.items()):
            yield Row(f"{self.table.name}-{index}", key, self._form(index, row))

    def _typed(self, data, stored):
        pattern = re.compile(rf"{self.table.name}-(\d{{1,4}})-\w+")
        indexes = sorted({int(found[1]) for name in data if (found := pattern.fullmatch(name))})
        for index in indexes[:MOST_ROWS]:
            prefix = f"{self.table.name}-{index}"
            typed = data.get(f"{prefix}-id", "")
            key = int(typed) if typed.isdecimal() and int(typed) in stored else None
            deleted = f"{prefix}-DELETE" in data
            if deleted and key is None:
                continue
            yield Row(prefix, key, self._form(index, stored.get(key), data), deleted)

    def _blank(self, index: int) -> Row:
        return Row(f"{self.table.name}-{index}", None, self._form(index, None))

    @property
    def empty(self) -> Row:
        """What the page copies to add a row by script."""
        return Row(f"{self.table.name}-__n__", None, self._form("__n__", None))

    def is_valid(self) -> bool:
        valid = not [row for row in self.rows if not row.is_valid]  # each row must say what is wrong with it
        if valid:
            self.errors += self.table.form.wrong_together(self.project, self.kept)
        return valid and not self.errors

    @property
    def kept(self) -> list[Row]:
        return [row for row in self.rows if not row.deleted and not row.is_blank]

    @property
    def total(self) -> Decimal:
        """The budget as typed, USD; lines that cannot be told count for nothing."""
        return sum((row.form.amount or Decimal(0) for row in self.kept), Decimal(0))

    @property
    def community_total(self) -> Decimal:
        if self.rows and self.rows[0].form.is_bound:
            amounts = [getattr(row.form, "cleaned_data", {}).get("community_usd") for row in self.kept]
        else:
            amounts = [row.form.instance.community_usd for row in self.kept]
        return sum((amount or Decimal(0) for amount in amounts), Decimal(0))

    @property
    def changes(self) -> list[tuple[int | None, dict | None]]:
        return [(row.key, row.values) for row in self.rows if not row.is_blank]
