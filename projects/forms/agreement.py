"""What is asked to prepare the agreement: its text, its budget by line, its instalments, its signed copies."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.models import AgreedLine, Agreement, Project, Signatory
from projects.rules import ends_on, longest_months
from projects.rules.agreement import MOST_INSTALMENTS, validate_signatures
from projects.services import agreements as services
from sr_portal.web import clock
from sr_portal.web.fields import MoneyField
from sr_portal.web.templatetags.portal import day

from .road import StepForm

TYPED = forms.TextInput(attrs={"autocomplete": "off"})
ZERO = Decimal(0)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def amount_field(label, **more) -> MoneyField:
    """USD, two decimals."""
    return MoneyField(label=label, max_digits=12, decimal_places=2, min_value=ZERO, **more)


class AgreementForm(forms.ModelForm):
    """The agreement's own fields; the service builds the record."""

    renew_clauses = forms.BooleanField(
        label=_("Reprendre les clauses types telles qu’elles sont aujourd’hui"), required=False,
        help_text=_("Elles ont changé depuis que ce protocole a été préparé."),
    )  # fmt: skip

    class Meta:
        model = Agreement
        fields = services.TEXT_FIELDS
        widgets = {
            "language": forms.RadioSelect,
            "starts_on": DayInput(),
            "partner_signatory": TYPED,
            "partner_function": TYPED,
            "mission_signatory": TYPED,
            "mission_function": TYPED,
            "special_conditions": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "language": _("L’anglais, quand le partenaire le demande. Les clauses sont reprises dans cette langue."),
            "partner_function": _("Par exemple : présidente, directeur, maire."),
            "mission_function": _("Par exemple : chef de bureau, chef de section."),
            "special_conditions": _(
                "Ce qui vaut pour ce projet seul ; les conditions de la décision y sont reprises au départ."
            ),
        }

    def __init__(self, data=None, *, project: Project, agreement: Agreement | None, offers_clauses: bool, **more):
        super().__init__(data, instance=agreement, **more)
        self.fields["language"].choices = Agreement._meta.get_field("language").choices
        if not offers_clauses:
            del self.fields["renew_clauses"]
        months = project.duration_months or 0
        starts_on = agreement.starts_on if agreement else self.initial.get("starts_on")
        told = _("Il fixe le dernier jour possible, {months} mois plus tard.")
        if isinstance(starts_on, dt.date):
            told = _("Il fixe le dernier jour possible, {months} mois plus tard (le {end} pour un début le {start}).")
            told = format_lazy(told, months=months, start=day(starts_on), end=day(ends_on(starts_on, months)))
        else:
            told = format_lazy(told, months=months)
        longest = longest_months(project.mechanism, project.facility)
        if longest is not None:
            most = format_lazy(_("Un projet de ce fonds ne dépasse jamais {longest} mois."), longest=longest)
            told = format_lazy("{told} {most}", told=told, most=most)
        self.fields["starts_on"].help_text = told

    def _post_clean(self) -> None:
        """The service sets and validates the record: its instance stays as stored, to be shown beside."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in services.TEXT_FIELDS}


# --- Budget -----------------------------------------------------------------------------------------------------------
class LinesForm(forms.Form):
    """The agreed amount of each line: one field a line, « line_<key> »."""

    def __init__(self, data=None, *, lines: list[AgreedLine], **more):
        super().__init__(data, **more)
        self.lines = lines
        for line in lines:
            field = amount_field(line.label, initial=line.amount_usd)
            field.widget.attrs["data-amount"] = "lines"
            self.fields[f"line_{line.pk}"] = field

    def rows(self) -> Iterator[tuple[AgreedLine, forms.BoundField]]:
        for line in self.lines:
            yield line, self[f"line_{line.pk}"]

    @property
    def amounts(self) -> dict[int, Decimal]:
        return {line.pk: self.cleaned_data[f"line_{line.pk}"] for line in self.lines}

    @property
    def total(self) -> Decimal:
        """As typed where it is valid, as stored when nothing is typed."""
        if not self.is_bound:
            return sum((line.amount_usd for line in self.lines), ZERO)
        return sum((getattr(self, "cleaned_data", {}).get(f"line_{line.pk}") or ZERO for line in self.lines), ZERO)


# --- Instalments ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PlanRowFields:
    rank: int
    amount: forms.BoundField
    planned_on: forms.BoundField
    condition: forms.BoundField
    is_spare: bool  # one more than what is planned: folded until it is needed


class PlanForm(forms.Form):
    """The instalments, at most `MOST_INSTALMENTS`: « amount_1 », « planned_on_1 », « condition_1 »… An empty row is none."""

    def __init__(self, data=None, *, stored: dict[str, Any], first: int = 1, **more):
        super().__init__(data, initial=stored, **more)
        self.first = first
        self.planned = len([name for name in stored if name.startswith("amount_")])
        for rank in self.ranks:
            amount = amount_field(_("Montant"), required=False)
            amount.widget.attrs["data-amount"] = "plan"
            self.fields[f"amount_{rank}"] = amount
            self.fields[f"planned_on_{rank}"] = forms.DateField(label=_("Prévue le"), required=False, widget=DayInput())
            self.fields[f"condition_{rank}"] = forms.CharField(
                label=_("Condition de versement"),
                required=False,
                max_length=250,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def ranks(self) -> range:
        return range(self.first, MOST_INSTALMENTS + 1)

    @property
    def rows_list(self) -> list[PlanRowFields]:
        return list(self.rows())

    def rows(self) -> Iterator[PlanRowFields]:
        for rank in self.ranks:
            names = [f"{name}_{rank}" for name in ("amount", "planned_on", "condition")]
            filled = any(self.data.get(name) for name in names) if self.is_bound else False
            spare = rank >= self.first + self.planned and not filled
            yield PlanRowFields(rank, *(self[name] for name in names), is_spare=spare)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        gap = 0
        for rank in self.ranks:
            amount, planned_on = data.get(f"amount_{rank}"), data.get(f"planned_on_{rank}")
            if f"amount_{rank}" in self.errors or f"planned_on_{rank}" in self.errors:
                continue
            if not amount and (planned_on or data.get(f"condition_{rank}")):
                self.add_error(f"amount_{rank}", _("Donnez le montant de cette tranche, ou videz toute la ligne."))
            elif amount and planned_on is None:
                self.add_error(f"planned_on_{rank}", _("Indiquez le jour prévu."))
            elif amount and gap:
                self.add_error(
                    f"amount_{gap}", _("Une tranche vide précède une tranche remplie : ne laissez pas de trou.")
                )
            elif not amount:
                gap = gap or rank
        return data

    @property
    def typed(self) -> list[services.PlanRow]:
        return [
            (
                data,
                self.cleaned_data[f"planned_on_{rank}"],
                self.cleaned_data[f"condition_{rank}"].replace("\r\n", "\n"),
            )
            for rank in self.ranks
            if (data := self.cleaned_data[f"amount_{rank}"])
        ]

    @property
    def total(self) -> Decimal:
        source = getattr(self, "cleaned_data", {}) if self.is_bound else self.initial
        return sum((source.get(f"amount_{rank}") or ZERO for rank in self.ranks), ZERO)


# --- Signature --------------------------------------------------------------------------------------------------------
class CopyForm(forms.Form):
    signatory = forms.ChoiceField(
        label=_("Cet exemplaire est signé par"), choices=Signatory.choices, widget=forms.RadioSelect, initial=Signatory.BOTH
    )  # fmt: skip
    upload = forms.FileField(
        label=_("Exemplaire signé"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
        help_text=format_lazy(
            _("PDF numérisé ou photo nette de toutes les pages, {limit} au plus."),
            limit=filesizeformat(settings.MAX_UPLOAD_BYTES),
        ),
    )


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif du retrait"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Par exemple : page manquante, mauvais fichier. Le motif reste affiché au dossier."),
    )


class SignatureForm(StepForm):
    """The day on which each party signed; those on file are proposed."""

    partner_signed_on = forms.DateField(label=_("Signé par le partenaire le"), widget=DayInput())
    mission_signed_on = forms.DateField(label=_("Signé par la mission le"), widget=DayInput())

    def __init__(self, data=None, *, project, user) -> None:
        super().__init__(data, project=project, user=user)
        agreement = services.agreement_of(project)
        for name in ("partner_signed_on", "mission_signed_on"):
            self.initial[name] = getattr(agreement, name, None)
            self.fields[name].widget.attrs["max"] = clock.today().isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            validate_signatures(**data, approved_on=services.approved_on(self.project), today=clock.today())
        return data
