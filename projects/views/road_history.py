"""The history of a project and of all that hangs on it: every change of every field, by whom, when, from where."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects import access
from projects.checklist import ITEMS
from projects.forms.screening import SECTIONS
from projects.models import (
    Activity,
    AgendaItem,
    Attachment,
    BudgetLine,
    Coauthor,
    Decision,
    ExpectedResult,
    Finding,
    ItemState,
    Project,
    Recusal,
    ReturnReason,
    Score,
    Screening,
    ScreeningAnswer,
    Visit,
    VisitPhoto,
    Vote,
)
from sr_portal.accounts.models import User
from sr_portal.documents.models import Document
from sr_portal.history.reading import Records, changes_of, records_of
from sr_portal.history.values import pointing_to, titled_by, written_as
from sr_portal.web.keyset import PARAMETER

written_as(ScreeningAnswer, "item", lambda code: ITEMS[code].label if code in ITEMS else code)
written_as(ReturnReason, "step", lambda code: SECTIONS.get(code, code))
for model, name in ((ScreeningAnswer, "item"), (ReturnReason, "step"), (Score, "criterion"), (Coauthor, "user")):
    titled_by(model, name)
pointing_to(AgendaItem, "attendance", User)
for model in (Recusal, Vote):
    titled_by(model, "user")

OWN = (BudgetLine, Activity, ExpectedResult, Attachment, Coauthor, Screening, AgendaItem, Decision, Visit, Finding)


@require_safe
@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(
        Project.objects.visible_to(request.user)
        .defer("search", "region__outline")
        .select_related("region", "mechanism")
        .prefetch_related("coauthors"),
        pk=pk,
    )
    found = changes_of(
        project,
        *records_about(project, request.user),
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "projects/road/history.html", {"project": project, "history": found})


def records_about(project: Project, user) -> list[Records]:
    """What this user may read of: not the answers of a round under way unless they follow it, nor any open vote.

    Rows deleted since count too, hence the numbers from the events and not from the tables.
    """
    rounds, items = _numbers(Screening, project), _numbers(AgendaItem, project)
    if not access.follows_screening(user, project):
        rounds -= set(project.screenings.filter(closed_at__isnull=True).values_list("pk", flat=True))
    judged = items - set(project.agenda_items.filter(state=ItemState.WAITING).values_list("pk", flat=True))
    visits = _numbers(Visit, project)
    photos = VisitPhoto.pgh_event_model.objects.filter(visit_id__in=visits).order_by().values_list("document_id")
    files = _numbers(Attachment, project, "document_id") | {number for (number,) in photos}
    return [
        *(records_of(model, project=project.pk) for model in OWN),
        records_of(VisitPhoto, visit=visits),
        records_of(Document, id=files),
        records_of(ScreeningAnswer, screening=rounds),
        records_of(ReturnReason, screening=rounds),
        records_of(Recusal, item=items),
        records_of(Vote, item=judged),
        records_of(Score, item=judged),
    ]


def _numbers(model, project: Project, column: str = "pgh_obj_id") -> set[int]:
    """Every number that a record of the project ever had."""
    events = model.pgh_event_model.objects.filter(project_id=project.pk)
    return set(events.order_by().values_list(column, flat=True).distinct())
