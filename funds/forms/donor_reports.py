"""Forms of the reports owed to donors: what is owed, what was sent, and the list's filter."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funds import access, rules
from funds.models import DonorReport
from funds.services.donor_reports import PLANNED, Sending
from funds.services.versions import version_of
from sr_portal.accounts.models import User
from sr_portal.web import clock
from sr_portal.web.choices import offer

from .contributions import day_field, donors, file_field, funded, offered_donors, offered_funds

STATES = [("a-transmettre", _("À transmettre")), ("en-retard", _("En retard")), ("transmis", _("Transmis")),
          ("dispenses", _("Dispensés"))]  # fmt: skip


class DonorReportFilter(forms.Form):
    donateur = forms.ModelChoiceField(label=_("Donateur"), required=False, queryset=None, empty_label=_("Tous"))
    mecanisme = forms.ModelChoiceField(label=_("Mécanisme"), required=False, queryset=None, empty_label=_("Tous"))
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *STATES])
    moi = forms.BooleanField(label=_("Ceux dont je réponds"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donateur"].queryset = donors()
        self.fields["mecanisme"].queryset = funded()
        offer(self, donateur=offered_donors(), mecanisme=offered_funds())


def answerable(keep: int | None = None) -> Any:
    """Active people who may answer for a report, and `keep`, who already does."""
    held = {"is_active": True, "role_assignments__group__name__in": [role.value for role in access.ANSWERABLE]}
    return User.objects.filter(Q(**held) | Q(pk=keep)).distinct().order_by("name", "pk")


class DonorReportForm(forms.ModelForm):
    """What the agreement asks for; `seen` is the version that the writer had before their eyes."""

    period_start = day_field(_("Début de la période"), required=False)
    period_end = day_field(_("Fin de la période"), required=False)
    due_days = forms.IntegerField(
        label=_("Jours après la fin de la période"), required=False, min_value=0, max_value=rules.MOST_DAYS_TO_REPORT,
        help_text=_("Par exemple 90 ; l’échéance se calcule alors et suit la fin de la période."),
    )  # fmt: skip
    due_on = day_field(_("Échéance"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ["kind", "content", "period_start", "period_end", "due_days", "due_on", "responsible", "note", "seen"]

    class Meta:
        model = DonorReport
        fields = list(PLANNED)
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        record = self.instance
        self.fields["due_on"].help_text = _("Le jour fixé par l’accord ; laissez vide si un nombre de jours est donné.")
        self.fields["responsible"].queryset = answerable(record.responsible_id)
        self.fields["responsible"].empty_label = _("Choisir")
        self.fields["kind"].choices = [("", _("Choisir")), *DonorReport._meta.get_field("kind").choices]
        if record.pk:
            self.fields["seen"].initial = version_of(record)
            if record.due_days is not None:
                self.initial["due_on"] = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("period_start"), data.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("La période finit avant de commencer."))
        if self.errors.keys() & {"due_on", "due_days", "period_end"}:
            return data
        if data.get("due_days") is not None and end is None:
            self.add_error("period_end", _("Indiquez la fin de la période, d’où les jours se comptent."))
        elif data.get("due_days") is None and data.get("due_on") is None:
            self.add_error("due_on", _("Indiquez l’échéance, ou la fin de la période et un nombre de jours."))
        elif (
            data.get("due_days") is not None
            and data.get("due_on")
            and data["due_on"] != rules.report_due_on(None, end, data["due_days"])
        ):
            self.add_error("due_on", _("L’échéance ne suit pas la règle : tant de jours après la fin de la période."))
        return data

    def _post_clean(self) -> None:
        """The service checks the row under its lock: this form only reads."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in PLANNED}


class SendForm(forms.Form):
    """The report that left: its file and its day. The period is the one that it covers."""

    file = file_field(_("Rapport transmis"))
    sent_on = day_field(_("Transmis le"))
    covers_since = day_field(_("Le rapport couvre du"), required=False)
    covers_until = day_field(_("au"), required=False)

    def __init__(self, *args: Any, report: DonorReport, **kwargs: Any) -> None:
        initial = {
            "sent_on": clock.today(), "covers_since": report.period_start, "covers_until": report.period_end,
        }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["file"].help_text = _("Le fichier exact qui est parti : PDF, Word ou tableur.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("covers_since"), data.get("covers_until")
        if since and until and until < since:
            self.add_error("covers_until", _("La période finit avant de commencer."))
        return data

    @property
    def sending(self) -> Sending:
        data = self.cleaned_data
        return Sending(data["file"], data["sent_on"], data["covers_since"], data["covers_until"])
