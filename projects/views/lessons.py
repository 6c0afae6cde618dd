"""The lessons learned, of all the projects that the reader may read: searched by words, theme, region and sector."""

from typing import Any

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from projects import completion_access as access
from projects.filters import text_input
from projects.models import Lesson, LessonTheme, Project
from projects.references import reference_choices
from sr_portal.accounts.access import only
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted


class LessonFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Rechercher"), required=False, max_length=200, widget=text_input("search", placeholder=_("Mots de la leçon"))
    )  # fmt: skip
    theme = forms.ChoiceField(label=_("Thème"), required=False, choices=[("", _("Tous")), *LessonTheme.choices])
    region = forms.ChoiceField(label=_("Région"), required=False)
    secteur = forms.ChoiceField(label=_("Secteur"), required=False)

    def __init__(self, data) -> None:
        super().__init__(data)
        choices = reference_choices()
        self.fields["region"].choices = [("", _("Toutes")), *choices["region"]]
        self.fields["secteur"].choices = [("", _("Tous")), *choices["secteur"]]


def lessons_for(user, chosen: dict[str, Any]) -> QuerySet[Lesson]:
    """The lessons of what this user may read, as chosen; each with its project in short."""
    visible = Project.objects.visible_to(user).order_by().values("pk")
    found = Lesson.objects.filter(project__in=visible).select_related(
        "project__region", "project__sector", "recorded_by"
    ).only(
        "theme", "title", "text", "recorded_at", "recorded_by__name", "recorded_by__email", "project__reference",
        "project__title", "project__region__name", "project__region__code", "project__sector__name_fr",
        "project__sector__name_en",
    )  # fmt: skip
    if chosen.get("q"):
        found = found.filter(search=SearchQuery(chosen["q"], config="portal_french", search_type="websearch"))
    for name, column in (("theme", "theme"), ("region", "project__region__code"), ("secteur", "project__sector_id")):
        if chosen.get(name):
            found = found.filter(**{column: chosen[name]})
    return found


@require_safe
@only(access.reads_lessons)
def lessons(request: HttpRequest) -> HttpResponse:
    form = LessonFilterForm(request.GET)
    form.is_valid()  # a value that cannot be read is an error of its field and filters nothing
    found = lessons_for(request.user, form.cleaned_data)
    page = KeysetPage.of(found, request.GET.get(PARAMETER, ""), order="-recorded_at")
    context = {
        "form": form,
        "page": page,
        "count": counted(found),
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "projects/completion/lessons.html", context, status=422 if form.errors else 200)
