"""The list of projects: what is filtered, searched and sorted is in its address, so that it can be shared."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.db.models import Count as CountOf
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.filters import ProjectFilter, chips, title_key, without
from projects.models import Project
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from sr_portal.web.keyset import PARAMETER, Count, KeysetPage


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


MOST_COUNTED = 10_000
SUMMED = ("budget_usd", "approved_usd", "paid_usd", "justified_usd")


@dataclass(frozen=True)
class Totals:
    """How many projects are listed, at most `MOST_COUNTED`, and what they come to, USD; no sum of a list that is longer."""

    count: Count
    budget_usd: Decimal
    approved_usd: Decimal
    paid_usd: Decimal
    justified_usd: Decimal


def totals_of(found) -> Totals:
    """One query, of no more rows than are counted."""
    sums = {name: Sum(name, default=Decimal(0)) for name in SUMMED}
    row = found.order_by()[: MOST_COUNTED + 1].aggregate(number=CountOf("pk"), **sums)
    number = row.pop("number")
    return Totals(Count(min(number, MOST_COUNTED), number > MOST_COUNTED), **row)


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
    totals = totals_of(found)
    context = {
        "filter": filters.form,
        "kept_form": filters.kept_form,
        "chips": active,
        "more_open": any(request.GET.get(name) for name in MORE),
        "page": page,
        "rows": rows_of(page),
        "count": totals.count,
        "totals": totals,
        "may_propose": Role.PROPOSER in request.user.scopes,
        "sort": request.GET.get("tri", ""),
        "export_query": without(request.GET, "tri") if request.GET else "",
    }
    return render(request, "projects/list.html", context, status=422 if filters.form.errors else 200)
