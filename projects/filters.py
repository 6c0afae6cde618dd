"""What the list of projects is filtered, searched and sorted by: the same for the page, exports and the API."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from funds.models import Organisation, OrganisationKind
from projects.access import READERS
from projects.attention.table import DETECTORS
from projects.querysets import ProjectQuerySet
from projects.references import references
from projects.stages import STAGES
from projects.states import State
from regions.models import Priority
from sr_portal.accounts.roles import Role, Scope
from sr_portal.web import clock
from sr_portal.web.fields import AmountField
from sr_portal.web.keyset import PARAMETER
from sr_portal.web.templatetags.portal import day, usd

# How the list may be sorted: the address's word → (label, the field of the keyset).
SORTS: dict[str, tuple[Any, str]] = {
    "recents": (_lazy("Plus récents"), "-updated_at"),
    "attente": (_lazy("Attente la plus longue"), "state_since"),
    "montant": (_lazy("Montant décroissant"), "-budget_usd"),
    "montant-croissant": (_lazy("Montant croissant"), "budget_usd"),
    "intitule": (_lazy("Intitulé, de A à Z"), "title_key"),
    "region": (_lazy("Région"), "region__rank"),
    "soumission": (_lazy("Soumis en dernier"), "-submitted_at"),
}
DEFAULT_SORT = "recents"
NONE = "aucun"  # in an address: that the project has no sector, or no partner
# How projects stand in time: the address's word → (label, the clock of `ProjectFact`, before today or not).
TIMES: dict[str, tuple[Any, str, bool]] = {
    "retard": (_lazy("En retard"), "due_on", True),
    "a-temps": (_lazy("Dans les temps"), "due_on", False),
    "travaux": (_lazy("Fin des travaux dépassée"), "works_due_on", True),
    "cloture": (_lazy("Clôture en retard"), "closure_due_on", True),
}
FIRST_YEAR = 2013


def fiscal_years() -> list[tuple[str, str]]:
    """From the first year of which there may be projects to the coming one, the latest first."""
    return [(str(year), str(year)) for year in range(clock.today().year + 1, FIRST_YEAR - 1, -1)]


# Those whose reading is a whole, of a region or of the mission: dashboards are for them.
OVERVIEW = tuple(role for role in READERS if role is not Role.PROPOSER)


# What is typed is rarely typed again: such a form is not kept.
TYPED = {"q", "partenaire", "montant_min", "montant_max", "soumis_du", "soumis_au", "priorite"}


class FilterForm(forms.Form):
    """Bounds the wrong way round are an error of the upper one, and neither applies; the other filters still do."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for low, high, message in (
            ("montant_min", "montant_max", _("Ce montant est inférieur au montant minimal.")),
            ("soumis_du", "soumis_au", _("Cette date précède la date de début.")),
        ):
            if data.get(low) is not None and data.get(high) is not None and data[high] < data[low]:
                self.add_error(high, ValidationError(message, code="reversed"))
                data.pop(low)
        return data


def text_input(kind: str = "text", **attrs: str) -> forms.TextInput:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    widget.input_type = kind
    return widget


def day_input() -> forms.DateInput:
    widget = forms.DateInput(format="%Y-%m-%d")
    widget.input_type = "date"
    return widget


class AmountFilter(django_filters.NumberFilter):
    field_class = AmountField

    def get_max_validator(self):
        return None


class ProjectFilter(django_filters.FilterSet):
    """Filters of the address of /projets/. A value that cannot be read is an error of its field and filters nothing."""

    q = django_filters.CharFilter(
        label=_lazy("Rechercher"),
        method="search",
        max_length=200,
        widget=text_input("search", placeholder=_lazy("Mots, lieu ou référence")),
    )
    region = django_filters.ChoiceFilter(label=_lazy("Région"), field_name="region__code", empty_label=_lazy("Toutes"))
    mecanisme = django_filters.ChoiceFilter(
        label=_lazy("Mécanisme"), field_name="mechanism_id", empty_label=_lazy("Tous")
    )
    etat = django_filters.MultipleChoiceFilter(
        label=_lazy("État"), field_name="state", choices=State.choices, widget=forms.CheckboxSelectMultiple
    )
    secteur = django_filters.ChoiceFilter(
        label=_lazy("Secteur"),
        method="in_sector",
        empty_label=_lazy("Tous"),
        null_label=_lazy("Non renseigné"),
        null_value=NONE,
    )
    etape = django_filters.ChoiceFilter(
        label=_lazy("Étape"),
        method="at_stage",
        empty_label=_lazy("Toutes"),
        choices=[(code, label) for code, (label, _states) in STAGES.items()],
    )
    exercice = django_filters.ChoiceFilter(
        label=_lazy("Exercice"),
        field_name="fact__fiscal_year",
        empty_label=_lazy("Tous"),
        choices=fiscal_years,
    )
    type_partenaire = django_filters.ChoiceFilter(
        label=_lazy("Type de partenaire"),
        method="with_kind",
        empty_label=_lazy("Tous"),
        choices=[*OrganisationKind.choices, (NONE, _lazy("Sans partenaire"))],
    )
    delai = django_filters.ChoiceFilter(
        label=_lazy("Délais"),
        method="in_time",
        empty_label=_lazy("Tous"),
        choices=[(code, label) for code, (label, _clock, _late) in TIMES.items()],
    )
    signal = django_filters.ChoiceFilter(
        label=_lazy("Point d’attention"),
        method="to_look_at",
        empty_label=_lazy("Tous"),
        choices=[(code, detector.label) for code, detector in DETECTORS.items()],
    )
    perimetre = django_filters.BooleanFilter(
        label=_lazy("Dans ma zone"), method="in_my_area", widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    marqueur = django_filters.ChoiceFilter(
        label=_lazy("Marqueur"), field_name="marked__level_id", empty_label=_lazy("Tous")
    )
    partenaire = django_filters.CharFilter(
        label=_lazy("Partenaire"),
        method="by_partner",
        max_length=200,
        widget=text_input(placeholder=_lazy("Nom ou sigle")),
    )
    montant_min = AmountFilter(label=_lazy("Montant minimal"), field_name="budget_usd", lookup_expr="gte", min_value=0)
    montant_max = AmountFilter(label=_lazy("Montant maximal"), field_name="budget_usd", lookup_expr="lte", min_value=0)
    soumis_du = django_filters.DateFilter(label=_lazy("Soumis à partir du"), method="since", widget=day_input())
    soumis_au = django_filters.DateFilter(label=_lazy("Soumis jusqu’au"), method="until", widget=day_input())
    priorite = django_filters.ModelChoiceFilter(
        label=_lazy("Priorité"), queryset=Priority.objects.all(), method="serving", widget=forms.HiddenInput
    )
    attente = django_filters.BooleanFilter(
        label=_lazy("En attente de moi"), method="waiting", widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    retard = django_filters.BooleanFilter(
        label=_lazy("En retard"), method="late", widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    tri = django_filters.ChoiceFilter(
        label=_lazy("Trier par"),
        method="leave",
        choices=[(key, label) for key, (label, _field) in SORTS.items() if key != DEFAULT_SORT],
        empty_label=SORTS[DEFAULT_SORT][0],
    )

    class Meta:
        form = FilterForm
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: ProjectQuerySet, *, user) -> None:
        super().__init__(data, queryset)
        self.user = user
        self.known = references()
        for name, choices in self.known.choices.items():
            self.filters[name].extra["choices"] = choices

    def search(self, queryset: ProjectQuerySet, _name: str, text: str) -> ProjectQuerySet:
        return queryset.search_text(text)

    def by_partner(self, queryset: ProjectQuerySet, _name: str, text: str) -> ProjectQuerySet:
        return queryset.filter(partner__in=Organisation.objects.named(text))

    def since(self, queryset: ProjectQuerySet, _name: str, value: dt.date) -> ProjectQuerySet:
        return queryset.filter(submitted_at__gte=midnight(value))

    def until(self, queryset: ProjectQuerySet, _name: str, value: dt.date) -> ProjectQuerySet:
        return queryset.filter(submitted_at__lt=midnight(value + dt.timedelta(days=1)))

    def waiting(self, queryset: ProjectQuerySet, _name: str, value: bool) -> ProjectQuerySet:
        return queryset.waiting_for(self.user) if value else queryset

    def serving(self, queryset: ProjectQuerySet, _name: str, value: Priority) -> ProjectQuerySet:
        return queryset.filter(priority__lineage=value.lineage)

    def late(self, queryset: ProjectQuerySet, _name: str, value: bool) -> ProjectQuerySet:
        return queryset.late() if value else queryset

    def in_sector(self, queryset: ProjectQuerySet, _name: str, value: str) -> ProjectQuerySet:
        return queryset.filter(sector=None) if value == NONE else queryset.filter(sector=value)

    def at_stage(self, queryset: ProjectQuerySet, _name: str, value: str) -> ProjectQuerySet:
        return queryset.filter(state__in=STAGES[value][1])

    def with_kind(self, queryset: ProjectQuerySet, _name: str, value: str) -> ProjectQuerySet:
        return queryset.filter(fact__partner_kind="" if value == NONE else value)

    def in_time(self, queryset: ProjectQuerySet, _name: str, value: str) -> ProjectQuerySet:
        _label, name, late = TIMES[value]
        return queryset.filter(**{f"fact__{name}__{'lt' if late else 'gte'}": clock.today()})

    def to_look_at(self, queryset: ProjectQuerySet, _name: str, value: str) -> ProjectQuerySet:
        return DETECTORS[value].projects(queryset, clock.today())

    def in_my_area(self, queryset: ProjectQuerySet, _name: str, value: bool) -> ProjectQuerySet:
        area = area_of(self.user)
        return queryset.filter(area.as_q("region_id")) if value else queryset

    def leave(self, queryset: ProjectQuerySet, _name: str, _value: str) -> ProjectQuerySet:
        return queryset

    @property
    def kept_form(self) -> list[Any]:
        """All that the form says, where a reader chose and typed nothing; empty where it has to be made each time."""
        chosen = [(name, self.data.getlist(name)) for name in self.filters if any(self.data.getlist(name))]
        if self.form.errors or TYPED & {name for name, _values in chosen}:
            return []
        return [self.known.version, get_language(), str(clock.today()), chosen]

    @property
    def order(self) -> str:
        """The field of the keyset that the address asks for."""
        self.form.is_valid()
        return SORTS[getattr(self.form, "cleaned_data", {}).get("tri") or DEFAULT_SORT][1]


def area_of(user) -> Scope:
    """Where the user reads all projects by a role, those that they write elsewhere left out."""
    return Scope.union(user.scopes[role] for role in OVERVIEW if role in user.scopes)


def midnight(value: dt.date) -> dt.datetime:
    """The instant at which the day begins in the mission."""
    return timezone.make_aware(dt.datetime.combine(value, dt.time.min), timezone.get_default_timezone())


def title_key():
    """The title as a reader sorts it: « École » among the E, whatever the collation of the database."""
    from django.contrib.postgres.lookups import Unaccent

    return Unaccent(Lower("title"))


# --- The filters that are on, as chips ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Chip:
    """One active filter; `url` is the same list without it."""

    label: str
    value: str
    url: str


def chips(filters: ProjectFilter) -> list[Chip]:
    """Every filter that is on; values that were refused are errors of the form, not chips."""
    data = {} if not filters.form.is_bound else filters.form.cleaned_data
    made = []
    for name, field in filters.form.fields.items():
        value = data.get(name)
        if name == "tri" or value in (None, "", [], False):
            continue
        for one in value if isinstance(value, list) else [value]:
            made.append(Chip(str(field.label), _said(field, one), without(filters.data, name, one)))
    return made


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(field, AmountField):
        return usd(value)
    if isinstance(value, dt.date):
        return day(value)
    if value is True:
        return ""
    if isinstance(field, forms.ChoiceField):
        flat = [pair for key, label in field.choices for pair in (label if isinstance(label, list) else [(key, label)])]
        return str(dict(flat).get(value, value))
    return str(value)


def without(data: QueryDict, name: str, value: Any = None) -> str:
    """The query of the address less one filter (or one value of it), from the first page."""
    query = data.copy()
    left = [text for text in query.getlist(name) if text != str(value)] if isinstance(value, str) else []
    query.setlist(name, left) if left else query.pop(name, None)
    query.pop(PARAMETER, None)
    for key in [key for key in query if not any(query.getlist(key))]:
        del query[key]
    return f"?{query.urlencode()}" if query else "?"
