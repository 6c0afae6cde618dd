"""What a dashboard is asked, all of it in its address: region, mechanism, fiscal year, sector, measure of the map."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from funds.models import Mechanism
from funds.rules import fiscal_year_of
from projects.filters import area_of, fiscal_years
from projects.models import VisitState
from projects.references import References
from regions.models import Region
from sr_portal.accounts.roles import Scope
from sr_portal.dashboards.measures import MEASURES

FIRST_MONTH = 7  # of a fiscal year, where several mechanisms are counted together


class BoardForm(forms.Form):
    """Values that cannot be read are errors of their field and narrow nothing."""

    mecanisme = forms.ChoiceField(label=_lazy("Mécanisme"), required=False)
    exercice = forms.TypedChoiceField(label=_lazy("Exercice"), required=False, coerce=int, empty_value=None)
    region = forms.ChoiceField(label=_lazy("Région"), required=False)
    secteur = forms.ChoiceField(label=_lazy("Secteur"), required=False)
    mesure = forms.ChoiceField(label=_lazy("Mesure de la carte"), required=False)

    def __init__(self, data: Any, known: References, regions: list[Region], fixed: tuple[str, ...] = ()) -> None:
        super().__init__(data)
        choices = known.choices
        offered: dict[str, Callable[[], list[Any]]] = {  # made when somebody looks: a page that is kept does not
            "mecanisme": lambda: [("", _("Tous")), *choices["mecanisme"]],
            "exercice": lambda: [("", _("Tous")), *fiscal_years()],
            "region": lambda: [("", _("Toutes")), *((region.code, region.name) for region in regions)],
            "secteur": lambda: [("", _("Tous")), *choices["secteur"]],
            "mesure": lambda: [(name, measure.label) for name, measure in MEASURES.items()],
        }
        for name, made in offered.items():
            self.fields[name].choices = made
        for name in fixed:
            del self.fields[name]


@dataclass(frozen=True)
class Asked:
    """What is counted. `area` is where the reader reads; `region` one of its regions, or None for all of them."""

    area: Scope
    region: Region | None = None
    mechanism: Mechanism | None = None
    fiscal_year: int | None = None
    sector: str = ""
    measure: str = "deposes"

    @property
    def region_ids(self) -> frozenset[int] | None:
        """None: everywhere."""
        if self.region is not None:
            return frozenset({self.region.pk})
        return None if self.area.everywhere else self.area.region_ids

    def year_on(self, today: dt.date) -> int:
        """The fiscal year that is looked at: the one asked for, or the one that runs."""
        month = self.mechanism.fiscal_year_first_month if self.mechanism else FIRST_MONTH
        return self.fiscal_year or fiscal_year_of(today, month)

    @property
    def narrowed(self) -> dict[str, Any]:
        """The filters of the list of projects that count the same."""
        found: dict[str, Any] = {}
        if self.region is not None:
            found["region"] = self.region.code
        elif not self.area.everywhere:
            found["perimetre"] = 1
        if self.mechanism is not None:
            found["mecanisme"] = self.mechanism.code
        if self.fiscal_year:
            found["exercice"] = self.fiscal_year
        if self.sector:
            found["secteur"] = self.sector
        return found

    @cached_property
    def _list(self) -> str:
        return reverse("projects:list")

    def projects(self, **more: Any) -> str:
        """The list of the projects that a number counts: « etape=accordes » and the like, over what is asked."""
        # What narrows already holds: a link for another region says so itself.
        found = {**self.narrowed, **more}
        if "region" in more:
            found.pop("perimetre", None)
        return f"{self._list}?{urlencode({key: value for key, value in found.items() if value})}"

    def visits(self, state: str) -> str:
        """The visits in a state, of the projects that are asked for."""
        word = {VisitState.PLANNED: "prevues", VisitState.DONE: "faites"}[VisitState(state)]
        return f"{reverse('projects:visit_calendar')}?{urlencode({'vue': 'liste', 'etat': word, **self.narrowed})}"


def asked_of(user, form: BoardForm, regions: list[Region], region: Region | None, fund: Mechanism | None) -> Asked:
    """What the address asks; `region` and `fund` are those of a page about one of them."""
    form.is_valid()
    data = getattr(form, "cleaned_data", {})
    by_code = {place.code: place for place in regions}
    if fund is None and data.get("mecanisme"):
        fund = Mechanism.objects.filter(code=data["mecanisme"]).first()
    return Asked(
        area=area_of(user),
        region=region or by_code.get(data.get("region", "")),
        mechanism=fund,
        fiscal_year=data.get("exercice"),
        sector=data.get("secteur", ""),
        measure=data.get("mesure") or "deposes",
    )
