"""Finding the project whose money a page shows, and what its reader may do with it."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from funds.models import ExchangeRate
from projects.models import Instalment, Project
from projects.services.drafting import month_rate
from projects.states import GRANTED, State
from sr_portal.web import clock

from .road_page import route_to

WITH_MONEY = GRANTED - {State.APPROVED}  # an agreement is signed, or was


def money_project(user, pk: int) -> Project:
    """The project with what the rules of its money read; 404 outside what the user may read, and before any money."""
    found = (
        Project.objects.visible_to(user)
        .select_related("region", "mechanism", "partner", "author", "envelope__mechanism", "agreement")
        .defer("search", "region__outline")
        .prefetch_related("coauthors")
    )
    project = get_object_or_404(found, pk=pk)
    if State(project.state) not in WITH_MONEY:
        raise Http404
    return project


def instalment_of(project: Project, position: int) -> Instalment:
    found = get_object_or_404(project.instalments.select_related("requested_by", "authorised_by"), position=position)
    found.project = project
    return found


def gate_url(gate, project: Project) -> str:
    """Where what is missing is done; empty while that page is not there."""
    key = project.partner_id if gate.route.startswith("funds:") else project.pk
    return route_to(gate.route, key)


def rate_of_the_month() -> ExchangeRate | None:
    return month_rate(clock.today())
