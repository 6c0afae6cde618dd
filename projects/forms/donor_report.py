"""What is asked before a report to a donor is made: the period, and where it is sent, its form and the day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funds.forms.contributions import day_field
from funds.models import Contribution
from projects.donor_report.content import Period
from sr_portal.spreadsheets.writing import XLSX
from sr_portal.web import clock

FORMATS = {"pdf": "application/pdf", "xlsx": XLSX}


class PeriodForm(forms.Form):
    """From the signature at the earliest to today at the latest."""

    du = day_field(_("Du"))
    au = day_field(_("Au"))

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        self.contribution = contribution
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("du"), data.get("au")
        if since and until and until < since:
            self.add_error("au", _("La période finit avant de commencer."))
        if until and until > clock.today():
            self.add_error("au", _("Le rapport ne va pas au-delà d’aujourd’hui."))
        return data

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["du"], self.cleaned_data["au"])


class MakeForm(PeriodForm):
    """The report that is owed, made by the portal and recorded as sent."""

    format = forms.ChoiceField(
        label=_("Fichier transmis"), widget=forms.RadioSelect, initial="pdf",
        choices=[("pdf", _("PDF")), ("xlsx", _("Classeur (XLSX)"))],
    )  # fmt: skip
    sent_on = day_field(_("Transmis le"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent_on"].initial = clock.today()
