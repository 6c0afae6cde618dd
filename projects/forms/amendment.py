"""What is asked to write an amendment: everything that it may change, filled with what stands today."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funds.models import Organisation
from projects.models import AgreedLine, BudgetCategory, Instalment, Project
from projects.services.amendment_content import Content, money, plain
from sr_portal.web import clock

from .agreement import ZERO, PlanForm, amount_field
from .proposal_base import CountField
from .road import LONG

NEW_LINES = 3
SPARE_ACTIVITIES = 3
DECIDED = forms.Textarea(attrs={"rows": 4})


def cleared_partners(now: Organisation | None) -> list[tuple[str, str]]:
    """(key, name) of the partners that may carry out a project today, and of the present one; one query."""
    today = clock.today()
    known = Organisation.objects.implementing().order_by("name")
    choices = [(str(partner.pk), str(partner)) for partner in known if partner.is_cleared(today) and partner != now]
    return ([(str(now.pk), str(now))] if now else []) + choices


def initial_of(content: Content, reason: str = "") -> dict[str, Any]:
    """A content as the fields of the form hold it."""
    values: dict[str, Any] = {
        "reason": reason,
        "approved_usd": Decimal(content["approved_usd"]),
        "duration_months": content["duration_months"],
        "partner": str(content["partner"]),
        "objective": content["objective"],
    }
    for rank, row in enumerate(content["activities"], 1):
        values |= {
            f"title_{rank}": row["title"],
            f"first_week_{rank}": row["first_week"],
            f"weeks_{rank}": row["weeks"],
        }
    new = 0
    for row in content["lines"]:
        if row["key"]:
            values[f"line_{row['key']}"] = Decimal(row["amount"])
        else:
            new += 1
            values |= {
                f"new_category_{new}": row["category"], f"new_label_{new}": row["label"],
                f"new_amount_{new}": Decimal(row["amount"]),
            }  # fmt: skip
    for row in content["instalments"]:
        rank = row["position"]
        values |= {
            f"amount_{rank}": Decimal(row["amount"]),
            f"planned_on_{rank}": dt.date.fromisoformat(row["planned_on"]) if row["planned_on"] else None,
            f"condition_{rank}": row["condition"],
        }
    return values


@dataclass(frozen=True)
class ActivityRow:
    rank: int
    title: forms.BoundField
    first_week: forms.BoundField
    weeks: forms.BoundField


@dataclass(frozen=True)
class NewLineRow:
    rank: int
    category: forms.BoundField
    label: forms.BoundField
    amount: forms.BoundField


class AmendmentForm(PlanForm):
    """`stored` is the content to start from, as `initial_of` gives it; `fixed` instalments come first and stay."""

    def __init__(
        self, data=None, *, project: Project, stored: Mapping[str, Any], fixed: list[Instalment], partners, **more
    ):
        super().__init__(data, stored=dict(stored), first=len(fixed) + 1, **more)
        self.fixed_total = sum((row.amount_usd for row in fixed), ZERO)
        self.lines: list[AgreedLine] = list(project.agreed_lines.all())
        self.activity_ranks = range(1, len([n for n in stored if n.startswith("title_")]) + SPARE_ACTIVITIES + 1)
        own = {
            "reason": forms.CharField(
                label=_("Motif de l’avenant"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("Ce qui rend le changement nécessaire. L’autorité d’approbation le lira."),
            ),
            "approved_usd": amount_field(
                _("Montant approuvé"), help_text=_("Les lignes et les tranches ci-dessous doivent faire ce montant."),
            ),
            "duration_months": CountField(label=_("Durée (mois)"), empty=None, min_value=1, max_value=60),
            "partner": forms.ChoiceField(
                label=_("Partenaire de mise en œuvre"), choices=partners,
                help_text=_("Seuls figurent ceux qui sont vérifiés depuis moins de 12 mois."),
            ),
            "objective": forms.CharField(
                label=_("Objectif"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=LONG * 2
            ),
        }  # fmt: skip
        self.fields |= own | self._line_fields() | self._activity_fields()

    def _line_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for line in self.lines:
            found[f"line_{line.pk}"] = amount_field(line.label)
            found[f"line_{line.pk}"].widget.attrs["data-amount"] = "lines"
        for rank in self.new_ranks:
            found[f"new_category_{rank}"] = forms.ChoiceField(
                label=_("Rubrique"), required=False, choices=[("", _("Choisir…")), *BudgetCategory.choices]
            )
            found[f"new_label_{rank}"] = forms.CharField(label=_("Désignation"), required=False, max_length=200)
            found[f"new_amount_{rank}"] = amount_field(_("Montant"), required=False)
            found[f"new_amount_{rank}"].widget.attrs["data-amount"] = "lines"
        return found

    def _activity_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for rank in self.activity_ranks:
            found[f"title_{rank}"] = forms.CharField(label=_("Activité"), required=False, max_length=200)
            for name, label in (("first_week", _("Semaine de début")), ("weeks", _("Semaines"))):
                found[f"{name}_{rank}"] = CountField(
                    label=label, required=False, empty=None, min_value=1, max_value=260
                )
        return found

    # --- Rows, for the page
    @property
    def new_ranks(self) -> range:
        return range(1, NEW_LINES + 1)

    def line_rows(self) -> Iterator[tuple[AgreedLine, forms.BoundField]]:
        for line in self.lines:
            yield line, self[f"line_{line.pk}"]

    def new_line_rows(self) -> list[NewLineRow]:
        return [
            NewLineRow(rank, self[f"new_category_{rank}"], self[f"new_label_{rank}"], self[f"new_amount_{rank}"])
            for rank in self.new_ranks
        ]

    def has_new_lines(self) -> bool:
        return any(row.amount.value() or row.label.value() or row.amount.errors for row in self.new_line_rows())

    def activity_rows(self) -> list[ActivityRow]:
        return [
            ActivityRow(rank, self[f"title_{rank}"], self[f"first_week_{rank}"], self[f"weeks_{rank}"])
            for rank in self.activity_ranks
        ]

    # --- Values
    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for rank in self.new_ranks:
            row = {name: data.get(f"new_{name}_{rank}") for name in ("category", "label", "amount")}
            if any(row.values()):
                for name, value in row.items():
                    if not value and f"new_{name}_{rank}" not in self.errors:
                        self.add_error(f"new_{name}_{rank}", _("Complétez cette ligne, ou videz-la."))
        for rank in self.activity_ranks:
            names = [f"{name}_{rank}" for name in ("title", "first_week", "weeks")]
            given = [data.get(name) for name in names]
            if any(given) and not all(given) and not any(name in self.errors for name in names):
                text = _("Complétez cette activité (titre, semaine de début, durée), ou videz ses trois cases.")
                self.add_error(names[0], text)
        return data

    def after(self) -> Content:
        """The project as it would be; the form is valid."""
        data = self.cleaned_data
        lines = [
            {"key": line.pk, "category": line.category, "label": line.label, "amount": money(data[f"line_{line.pk}"])}
            for line in self.lines
        ]
        lines += [
            {
                "key": None, "category": data[f"new_category_{rank}"], "label": data[f"new_label_{rank}"],
                "amount": money(data[f"new_amount_{rank}"]),
            }
            for rank in self.new_ranks
            if data[f"new_amount_{rank}"]
        ]  # fmt: skip
        return {
            "approved_usd": money(data["approved_usd"]),
            "duration_months": data["duration_months"],
            "partner": int(data["partner"]),
            "objective": plain(data["objective"]),
            "activities": [
                {"title": data[f"title_{rank}"], "first_week": data[f"first_week_{rank}"], "weeks": data[f"weeks_{rank}"]}
                for rank in self.activity_ranks
                if data[f"title_{rank}"]
            ],
            "lines": lines,
            "instalments": [
                {
                    "position": rank, "amount": money(amount), "condition": plain(condition),
                    "planned_on": planned_on.isoformat() if planned_on else None,
                }
                for rank, (amount, planned_on, condition) in enumerate(self.typed, self.first)
            ],
        }  # fmt: skip

    @property
    def total(self) -> Decimal:
        return self.fixed_total + super().total

    @property
    def lines_total(self) -> Decimal:
        source = getattr(self, "cleaned_data", {}) if self.is_bound else self.initial
        names = [f"line_{line.pk}" for line in self.lines] + [f"new_amount_{rank}" for rank in self.new_ranks]
        return sum((source.get(name) or ZERO for name in names), ZERO)

    @property
    def approved(self) -> Decimal:
        source = getattr(self, "cleaned_data", {}) if self.is_bound else self.initial
        return source.get("approved_usd") or ZERO


class WithdrawForm(forms.Form):
    note = forms.CharField(label=_("Motif du retrait"), max_length=LONG, widget=DECIDED)


class ApproveForm(forms.Form):
    note = forms.CharField(
        label=_("Observation"), max_length=LONG, required=False, widget=DECIDED,
        help_text=_("Elle accompagne la décision."),
    )  # fmt: skip


class RefuseForm(forms.Form):
    note = forms.CharField(
        label=_("Motifs du refus"), max_length=LONG, widget=DECIDED, help_text=_("Ceux qui lisent le projet les verront."),
        error_messages={"required": _("Indiquez les motifs.")},
    )  # fmt: skip


NOTES: dict[str, type[forms.Form]] = {"withdraw": WithdrawForm, "approve": ApproveForm, "refuse": RefuseForm}
