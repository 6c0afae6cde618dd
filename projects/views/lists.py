"""The list of projects: what is filtered, searched and sorted is in its address, so that it can be shared."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.filters import ProjectFilter, chips, title_key
from projects.models import Project
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted


@dataclass(frozen=True)
class Row:
    """A project as a list shows it."""

    project: Project
    state: State
    due: dt.date | None

    @property
    def days_late(self) -> int:
        return max(0, (clock.today() - self.due).days) if self.due else 0


def rows_of(projects) -> list[Row]:
    """Rows of projects that carry `first_due` (see `ProjectQuerySet.with_first_due`)."""
    return [Row(project, State(project.state), project.first_due) for project in projects]


MORE = (
    "etat",
    "etape",
    "exercice",
    "secteur",
    "type_partenaire",
    "delai",
    "signal",
    "partenaire",
    "montant_min",
    "montant_max",
    "soumis_du",
    "soumis_au",
)


@require_safe
@login_required
def project_list(request: HttpRequest) -> HttpResponse:
    visible = Project.objects.visible_to(request.user)
    filters = ProjectFilter(request.GET, visible, user=request.user)
    found = filters.qs
    order = filters.order
    listed = found.annotate(title_key=title_key()) if order == "title_key" else found
    page = KeysetPage.of(listed.for_list().with_first_due(), request.GET.get(PARAMETER, ""), order=order)
    active = chips(filters)
    context = {
        "filter": filters.form,
        "chips": active,
        "more_open": any(request.GET.get(name) for name in MORE),
        "page": page,
        "rows": rows_of(page),
        "count": counted(found),
        "may_propose": Role.PROPOSER in request.user.scopes,
        "sort": request.GET.get("tri", ""),
    }
    return render(request, "projects/list.html", context, status=422 if filters.form.errors else 200)
