"""What the lists of visits and of findings are filtered by; a value that cannot be read filters nothing."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from projects.filters import area_of, day_input, text_input
from projects.models import Project, Severity, VisitKind
from regions.models import Region
from sr_portal.web import clock

VISIT_STATES = (
    ("prevues", _("Prévues")),
    ("retard", _("En retard")),
    ("faites", _("Faites")),
    ("annulees", _("Annulées")),
)
FINDING_STATES = (("retard", _("Échéance dépassée")), ("leves", _("Levés")), ("tous", _("Ouverts et levés")))


def regions() -> list[tuple[str, str]]:
    return list(Region.objects.order_by("rank", "name").values_list("code", "name"))


class Filters(django_filters.FilterSet):
    """What both lists share; `user` is who asks."""

    q = django_filters.CharFilter(
        label=_("Rechercher"), method="search", max_length=200,
        widget=text_input("search", placeholder=_("Mots, lieu ou référence du projet")),
    )  # fmt: skip
    region = django_filters.ChoiceFilter(
        label=_("Région"), field_name="project__region__code", empty_label=_("Toutes"), choices=regions
    )
    moi = django_filters.BooleanFilter(method="mine", widget=forms.CheckboxInput(attrs={"value": "1"}))

    def __init__(self, data: QueryDict, queryset: QuerySet, *, user) -> None:
        super().__init__(data, queryset)
        self.user = user

    def search(self, queryset: QuerySet, _name: str, text: str) -> QuerySet:
        return queryset.filter(project__in=Project.objects.search_text(text).order_by().values("pk"))

    @property
    def chosen(self) -> dict[str, Any]:
        self.form.is_valid()
        return getattr(self.form, "cleaned_data", {})


class VisitFilter(Filters):
    """Visits by the day on which they were made, or are to be. Those given up are shown to who asks for them."""

    moi = django_filters.BooleanFilter(
        label=_("Les miennes"), method="mine", widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    type = django_filters.ChoiceFilter(
        label=_("Type de visite"), field_name="kind", choices=VisitKind.choices, empty_label=_("Tous")
    )
    etat = django_filters.ChoiceFilter(
        label=_("État"), method="leave", choices=VISIT_STATES, empty_label=_("Prévues et faites")
    )
    # What a dashboard narrows its numbers by, besides the region.
    mecanisme = django_filters.CharFilter(label=_("Mécanisme"), field_name="project__mechanism_id", max_length=20)
    exercice = django_filters.NumberFilter(label=_("Exercice"), field_name="project__fact__fiscal_year")
    secteur = django_filters.CharFilter(label=_("Secteur"), field_name="project__sector_id", max_length=5)
    perimetre = django_filters.BooleanFilter(
        label=_("Dans ma zone"), method="in_my_area", widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    du = django_filters.DateFilter(label=_("À partir du"), method="since", widget=day_input())
    au = django_filters.DateFilter(label=_("Jusqu’au"), method="until", widget=day_input())

    class Meta:
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = queryset.annotate(day=Coalesce("done_on", "planned_on"))
        match self.chosen.get("etat"):
            case "prevues":
                found = found.filter(state="planned")
            case "retard":
                found = found.late(clock.today())
            case "faites":
                found = found.filter(state="done")
            case "annulees":
                found = found.filter(state="cancelled")
            case _:
                found = found.exclude(state="cancelled")
        return super().filter_queryset(found)

    def mine(self, queryset: QuerySet, _name: str, value: bool) -> QuerySet:
        return queryset.filter(visitor=self.user) if value else queryset

    def in_my_area(self, queryset: QuerySet, _name: str, value: bool) -> QuerySet:
        return queryset.filter(area_of(self.user).as_q("project__region_id")) if value else queryset

    def since(self, queryset: QuerySet, _name: str, value: dt.date) -> QuerySet:
        return queryset.filter(day__gte=value)

    def until(self, queryset: QuerySet, _name: str, value: dt.date) -> QuerySet:
        return queryset.filter(day__lte=value)

    def leave(self, queryset: QuerySet, _name: str, _value: str) -> QuerySet:
        return queryset


class FindingFilter(Filters):
    """Findings of the projects that live, open unless asked otherwise."""

    moi = django_filters.BooleanFilter(
        label=_("Dont je suis responsable"), method="mine", widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    gravite = django_filters.ChoiceFilter(
        label=_("Gravité"), field_name="severity", choices=Severity.choices, empty_label=_("Toutes")
    )
    etat = django_filters.ChoiceFilter(
        label=_("État"), method="leave", choices=FINDING_STATES, empty_label=_("Ouverts")
    )

    class Meta:
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        match self.chosen.get("etat"):
            case "retard":
                found = queryset.overdue(clock.today())
            case "leves":
                found = queryset.filter(closed_at__isnull=False)
            case "tous":
                found = queryset
            case _:
                found = queryset.open()
        return super().filter_queryset(found)

    def mine(self, queryset: QuerySet, _name: str, value: bool) -> QuerySet:
        return queryset.filter(owner=self.user) if value else queryset

    def leave(self, queryset: QuerySet, _name: str, _value: str) -> QuerySet:
        return queryset
