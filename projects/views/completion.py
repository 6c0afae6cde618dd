"""Reception and closure of a project: what is done, what is missing, and where each thing is done."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects import access as project_access
from projects import completion_access as access
from projects.deadlines.days import due_on
from projects.guards.facts import AFTER_CANCELLATION, BEFORE_CLOSURE, BEFORE_COMPLETION, FACTS, Fact
from projects.guards.mechanism import headquarters_cleared
from projects.lifecycle import TRANSITIONS, Transition
from projects.models import AttachmentKind, Handover, HandoverKind, Project, Report, StateChange, VisitPhoto
from projects.reporting import local_day
from projects.services import completion as services
from projects.states import GRANTED, State
from sr_portal.documents.serving import serve
from sr_portal.web import clock

from .road_page import route_to

WITH_PAGE = GRANTED - {State.APPROVED, State.AGREED}


# --- Finding --------------------------------------------------------------------------------------------------------
def readable(user, pk: int) -> Project:
    """The project with what its completion reads, and the answer to each guard; 404 outside what the user may read."""
    arrived = StateChange.objects.filter(project=OuterRef("pk"), target=State.COMPLETED).order_by("-at")
    told = Report.objects.filter(project=OuterRef("pk"), kind="final_narrative", state="accepted")
    found = (
        Project.objects.visible_to(user)
        .select_related(
            "region", "mechanism", "partner", "author", "evaluation__evaluated_by", "sustainability_check__checked_by"
        )
        .defer("search", "region__outline")
        .prefetch_related("coauthors")
        .with_facts(FACTS)
        .annotate(completed_at=Subquery(arrived.values("at")[:1]), told_lessons=Subquery(told.values("lessons")[:1]))
    )
    return get_object_or_404(found, pk=pk)


# --- The checklist --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Point:
    """A guard as done or missing; `url` leads to where it is done."""

    label: str
    reasons: list[str]
    url: str

    @property
    def is_done(self) -> bool:
        return not self.reasons


def url_of(fact: Fact, project: Project) -> str:
    """Where this is done on the project, empty while there is no such page."""
    url = route_to(fact.route, project.pk)
    return f"{url}#{fact.anchor}" if url and fact.anchor else url


def points(project: Project, facts: Iterable[Fact]) -> list[Point]:
    return [Point(str(fact.label), [str(reason) for reason in fact(project)], url_of(fact, project)) for fact in facts]


def with_pages(step: Transition, project: Project, reasons: list[str]) -> list[tuple[str, str]]:
    """Each reason against a step with the page where it is mended, empty where there is none."""
    facts = [guard for guard in step.guards if isinstance(guard, Fact)] if reasons else []
    pages = {str(reason): url_of(fact, project) for fact in facts for reason in fact(project)}
    if reasons and headquarters_cleared in step.guards:
        pages |= {str(reason): route_to("projects:clearance", project.pk) for reason in headquarters_cleared(project)}
    return [(reason, pages.get(str(reason), "")) for reason in reasons]


@dataclass(frozen=True)
class Checklist:
    """What a step asks for, and whether this reader may take it."""

    title: str
    points: list[Point]
    step_url: str = ""
    step_label: str = ""
    against: list[str] | None = None  # why this reader cannot take it, besides what lacks; None: not theirs at all

    @property
    def missing(self) -> int:
        return sum(not point.is_done for point in self.points)


def checklist(user, project: Project, name: str, title: str, facts: tuple[Fact, ...]) -> Checklist:
    """The guards of a step, each as done or missing; the button of the step for whom the table opens it."""
    step = TRANSITIONS[name]
    listed = points(project, facts)
    if State(project.state) not in step.sources or not step.role(user, project):
        return Checklist(title, listed)
    bars = access.reasons_against(step.role, user, project)
    url = reverse("projects:transition", args=[project.pk, name])
    return Checklist(title, listed, url, str(step.label), [str(reason) for reason in bars])


def checklists(user, project: Project) -> list[Checklist]:
    """What comes next first: before completion, before closure; after a cancellation what was paid is accounted for."""
    state = State(project.state)
    before_closure = _("Avant la clôture")
    if state in (State.ACTIVE, State.SUSPENDED):
        return [
            checklist(user, project, "complete", _("Avant de constater l’achèvement"), BEFORE_COMPLETION),
            Checklist(before_closure, points(project, BEFORE_CLOSURE)),
        ]
    if state == State.COMPLETED:
        return [checklist(user, project, "close", before_closure, BEFORE_CLOSURE)]
    if state == State.CANCELLED:
        return [Checklist(_("Après l’annulation"), points(project, AFTER_CANCELLATION))]
    return []


# --- The page -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Reception:
    """One of the two handover records, prepared or not."""

    kind: HandoverKind
    record: Handover | None
    is_signed: bool
    may_edit: bool
    slug: str
    paper_url: str

    @property
    def reservations_late(self) -> int:
        due = self.record.reservations_due_on if self.record else None
        return max(0, (clock.today() - due).days) if due else 0


SLUGS = {HandoverKind.PROVISIONAL: "provisoire", HandoverKind.FINAL: "definitive"}
KINDS = {slug: kind for kind, slug in SLUGS.items()}


def receptions(project: Project, may_receive: bool) -> list[Reception]:
    records = {one.kind: one for one in project.handovers.select_related("signed_copy", "recorded_by")}
    found = []
    for kind, slug in SLUGS.items():
        record = records.get(kind)
        signed = record is not None and services.is_signed(record)
        open_now = not access.reasons_against_now(kind, project)
        paper = route_to("projects:handover_pdf", project.pk, kind.value) if record else ""
        found.append(Reception(kind, record, signed, may_receive and open_now, slug, paper))
    return found


@dataclass(frozen=True)
class Picture:
    """A photo before or after the works."""

    caption: str
    taken: dt.date | None
    url: str
    thumbnail: str


def pictures(project: Project) -> dict[str, list[Picture]]:
    """Before the works, as the proposal and the visits show them, and after. Two queries."""
    found: dict[str, list[Picture]] = {"before": [], "after": []}
    annexes = project.attachments.filter(kind=AttachmentKind.PHOTO, document__withdrawn_at=None)
    for annex in annexes.select_related("document"):
        args = [project.pk, annex.document.public_id]
        found["before"].append(
            Picture(
                annex.caption or _("Photo de la proposition"), local_day(annex.document.uploaded_at),
                reverse("projects:attachment", args=args), reverse("projects:attachment_thumbnail", args=args),
            )
        )  # fmt: skip
    photos = VisitPhoto.objects.filter(visit__project=project, stage__in=list(found), document__withdrawn_at=None)
    for photo in photos.select_related("document", "visit").order_by("visit__done_on", "pk"):
        args = [project.pk, photo.visit_id, photo.document.public_id]
        found[photo.stage].append(
            Picture(
                photo.caption or photo.visit.get_kind_display(), photo.visit.done_on,
                route_to("projects:visit_photo", *args), route_to("projects:visit_photo_thumbnail", *args),
            )
        )  # fmt: skip
    return found


@require_safe
@login_required
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    project, user = readable(request.user, pk), request.user
    if State(project.state) not in WITH_PAGE:
        raise Http404
    completed = local_day(project.completed_at)
    opens = due_on("sustainability", project.mechanism, completed)
    free = not project_access.is_writer(user, project) and not project_access.has_interest(user, project)
    evaluation, check = getattr(project, "evaluation", None), getattr(project, "sustainability_check", None)
    lessons = list(project.lessons.select_related("recorded_by").defer("search"))
    open_check = not access.reasons_against_now("check", project) and opens is not None and opens <= clock.today()
    context = {
        "project": project,
        "state": State(project.state),
        "checklists": checklists(user, project),
        "completed": completed,
        "closure_due": due_on("closure", project.mechanism, completed),
        "money_url": route_to("projects:money", project.pk),
        "receptions": (shown := receptions(project, free and access.receives(user, project))),
        "has_reception": any(one.record for one in shown),
        "pictures": pictures(project),
        "evaluation": evaluation,
        "marks": marks_of(evaluation) if evaluation else [],
        "may_evaluate": free and access.evaluates(user, project) and project.state == State.COMPLETED,
        "check": check,
        "check_opens": opens,
        "may_check": free and access.checks(user, project) and open_check,
        "lessons": [(lesson, services.corrects_lesson(user, project, lesson)) for lesson in lessons],
        "may_note": services.may_note(user, project),
        "told_lessons": bool((project.told_lessons or "").strip()) and not lessons,
    }
    return render(request, "projects/completion/page.html", context)


def marks_of(evaluation) -> list[tuple[str, int]]:
    return [(evaluation._meta.get_field(name).verbose_name, getattr(evaluation, name)) for name in services.MARKS]


@require_safe
@login_required
def signed_copy(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The signed handover record, for all who read the project; 404 for one that was withdrawn."""
    project = get_object_or_404(Project.objects.visible_to(request.user).only("pk"), pk=pk)
    record = get_object_or_404(project.handovers.select_related("signed_copy"), kind=KINDS.get(kind, ""))
    if not services.is_signed(record):
        raise Http404
    return serve(record.signed_copy)
