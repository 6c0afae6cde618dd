"""The step of a proposal that asks what its mechanism asks beside the others, made of reference rows (`funds.asked`)."""

from django.utils.translation import gettext_lazy as _

from funds.asked import asked_by
from funds.models import Facility, FocusArea
from projects.models import Project

from .proposal_base import StepForm


class FundForm(StepForm):
    step = "fund"

    class Meta:
        model = Project
        fields = ("facility", "focus_area")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        asked = asked_by(self.instance.mechanism)
        for name, model, terms in (
            ("facility", Facility, asked.facilities),
            ("focus_area", FocusArea, asked.focus_areas),
        ):
            if not terms:
                del self.fields[name]
                continue
            field = self.fields[name]
            field.queryset = model.objects.filter(mechanism=self.instance.mechanism_id)
            field.choices = [("", _("Choisir…")), *((term.key, term.name) for term in terms)]
            field.needed = True

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}
