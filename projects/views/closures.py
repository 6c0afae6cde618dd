"""The projects to close, the oldest first: what is missing for each, and how late it is."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from projects import completion_access as access
from projects.closing import row_of, to_close
from regions.models import Region
from sr_portal.accounts.access import only
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted

from .completion import url_of


class RegionForm(forms.Form):
    region = forms.ChoiceField(label=_("Région"), required=False)

    def __init__(self, data) -> None:
        super().__init__(data)
        regions = Region.objects.by_code().values_list("code", "name")
        self.fields["region"].choices = [("", _("Toutes")), *regions]


@require_safe
@only(access.follows_closures)
def closures(request: HttpRequest) -> HttpResponse:
    form = RegionForm(request.GET)
    found = to_close(request.user)
    region = form.cleaned_data["region"] if form.is_valid() else ""
    if region:
        found = found.filter(region__code=region)
    page = KeysetPage.of(found, request.GET.get(PARAMETER, ""), order="state_since")
    rows = [row_of(project) for project in page]
    context = {
        "form": form,
        "page": page,
        "rows": [(row, [(reason, url_of(fact, row.project)) for reason, fact in row.missing]) for row in rows],
        "count": counted(found),
        "is_filtered": bool(region),
    }
    return render(request, "projects/completion/closures.html", context, status=422 if form.errors else 200)
