"""What is asked of the author of a report, and of who judges it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from projects.filters import day_input
from projects.models import Instalment, Report, ReportKind
from projects.rules import reports as rules
from sr_portal.documents.checks import ACCEPT
from sr_portal.web.fields import AmountField, MoneyField

from .proposal_base import CountField, area
from .road import LONG

HELP: dict[str, Any] = {
    "done": _("Activité par activité : ce qui était prévu, ce qui est fait, ce qui ne l’est pas et pourquoi."),
    "difficulties": _("Ce qui a gêné, ce qui a été fait, ce qui demande une décision."),
    "confidence": _("Faits, paroles, comportements observés dans la population ; évitez les généralités."),
    "inclusion": _("Place des femmes, des jeunes, des personnes déplacées ou handicapées ; incidents de protection."),
    "sustainability": _("Qui entretient, avec quel budget, quelles pièces de rechange, quelle formation."),
    "visibility": _("Panneaux, cérémonies, médias ; ou le danger que la visibilité aurait fait courir."),
    "lessons": _("Une leçon par paragraphe : elles pourront être reprises dans le recueil des leçons apprises."),
    "next_steps": _("Ce qui reste à faire avant la prochaine tranche ou la réception, avec les dates."),
    "declared_spent_usd": _("Tout ce qui est payé à des fournisseurs, à du personnel ou à des tiers, cumulé."),
    "declared_committed_usd": _("Commandes et contrats signés, pour la part qui reste à payer."),
    "spending": _(
        "Ce qui explique les écarts entre le budget convenu et les dépenses. Les montants viennent des pièces."
    ),
}
LONGEST = 20_000  # characters of a text of a report
MOST_PEOPLE = 10_000_000


def _field(name: str) -> forms.Field:
    """The field of one column of a report; none of them is required to save."""
    label = capfirst(Report._meta.get_field(name).verbose_name)
    if name in rules.PERIOD:
        return forms.DateField(label=label, required=False, widget=day_input())
    if name in rules.DECLARED:
        return MoneyField(
            label=label, required=False, max_digits=12, decimal_places=2, min_value=Decimal(0), help_text=HELP[name]
        )
    if name in rules.PLANNED:
        return CountField(label=label, required=False, min_value=0, max_value=MOST_PEOPLE)
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=area(5), help_text=HELP[name])


class ReportForm(forms.Form):
    """The fields of a report of one kind, and the value reached by each expected result; all may wait for later."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, report: Report, results=(), initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"version": report.version, **(initial or {})})
        self.report, self.results = report, list(results)
        for name in rules.fields_of(report):
            self.fields[name] = _field(name)
        for result in self.results:
            self.fields[f"value_{result.pk}"] = AmountField(
                label=format_lazy(_("Valeur atteinte : {result}"), result=result.statement),
                max_digits=14, decimal_places=2, required=False,
            )  # fmt: skip
            self.fields[f"comment_{result.pk}"] = forms.CharField(
                label=format_lazy(_("Commentaire : {result}"), result=result.statement),
                max_length=300, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("period_from") and data.get("period_to") and data["period_from"] > data["period_to"]:
            self.add_error("period_to", _("La période se termine avant de commencer."))
        return {name: v.replace("\r\n", "\n") if isinstance(v, str) else v for name, v in data.items()}

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, for the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def period(self):
        return [self[name] for name in rules.PERIOD]

    @property
    def texts(self):
        return [self[name] for name in rules.TEXTS[self.report.kind] if name != "spending"]

    @property
    def declared(self):
        """What is spent and committed, where the mechanism asks for it."""
        return [self[name] for name in rules.DECLARED if name in self.fields]

    @property
    def reached(self):
        """Each headcount with what was planned: (field, planned)."""
        if not rules.has_results(self.report.kind):
            return []
        project = self.report.project
        return [(self[name], getattr(project, planned)) for name, planned in rules.PLANNED.items()]

    @property
    def result_rows(self):
        """(expected result, field of its value, field of its comment)."""
        return [(result, self[f"value_{result.pk}"], self[f"comment_{result.pk}"]) for result in self.results]


class OpenForm(forms.Form):
    """Which report is opened; an interim one is of an instalment of this project, a periodic one of a day."""

    kind = forms.ChoiceField(choices=ReportKind.choices, widget=forms.HiddenInput)
    instalment = forms.ModelChoiceField(queryset=Instalment.objects.none(), required=False, widget=forms.HiddenInput)
    due_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, project) -> None:
        super().__init__(data)
        self.fields["instalment"].queryset = project.instalments.all()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        asked = (kind == ReportKind.INTERIM, kind == ReportKind.PERIODIC)
        if asked != (bool(data.get("instalment")), bool(data.get("due_on"))):
            raise forms.ValidationError(_("Choisissez le rapport à ouvrir dans la liste."))
        return data


class StepForm(forms.Form):
    """A step on a report as the person has read it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, report: Report) -> None:
        super().__init__(data, initial={"version": report.version})


class ReturnForm(StepForm):
    text = forms.CharField(
        label=_("À corriger"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Les auteurs le liront tel quel, avec les renvois précédents."),
        error_messages={"required": _("Dites ce qui est à corriger.")},
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Fichier"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=format_lazy(
            _("PDF, photo (JPEG, PNG, WebP), Word, Excel ou OpenDocument ; {limit} au plus."),
            limit=filesizeformat(settings.MAX_UPLOAD_BYTES),
        ),
    )  # fmt: skip
    caption = forms.CharField(label=_("Légende"), max_length=200, required=False)


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif du retrait"), max_length=250, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Dites pourquoi ce fichier est retiré.")},
    )  # fmt: skip
