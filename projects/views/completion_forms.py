"""The pages of the reception, the evaluation, the check and the lessons: each saved once, never over another's save."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import completion_access as access
from projects.deadlines.days import due_on
from projects.forms.completion import (
    CheckForm,
    EvaluationForm,
    HandoverForm,
    LessonForm,
    SignedCopyForm,
    WithdrawalForm,
)
from projects.models import Evaluation, Handover, HandoverKind, Project, SustainabilityCheck
from projects.reporting import completed_on
from projects.services import completion as services
from projects.services.drafting import fingerprint_of_all
from projects.states import State
from sr_portal.web import clock
from sr_portal.web.kept import keeps_input, take_kept

from .completion import KINDS
from .project_pages import act
from .reports import project_of
from .road_refusals import not_for_you
from .two_versions import differences


def home(project: Project, anchor: str = "") -> str:
    return reverse("projects:completion", args=[project.pk]) + (f"#{anchor}" if anchor else "")


def _typed(request: HttpRequest):
    return request.POST if request.method == "POST" else take_kept(request)


def _page(
    request: HttpRequest,
    project: Project,
    template: str,
    form: forms.Form,
    effect: Callable[[], str],
    read: Callable[[], dict[str, Any]] | None = None,
    **context: Any,
) -> HttpResponse:
    """A page that is saved when nobody saved it in between (`read` gives what is stored), else shows both versions."""

    def shown() -> dict[str, Any]:
        stored = read() if read else {}
        fresh, base = fingerprint_of_all(stored), form.data.get("fingerprint", "")
        posted = request.method == "POST"
        changed = posted and read is not None and any(value is not None for value in stored.values()) and fresh != base
        return {
            "project": project,
            "state": State(project.state),
            "fingerprint": fresh if posted else base or fresh,
            "differences": differences(form, stored) if changed else None,
            **context,
        }

    return act(request, template, form, effect, shown)


def _barred(request: HttpRequest, project: Project, who, act_name: str) -> HttpResponse | None:
    """403 with the reasons to who may not do this, or while the state of the project does not open it."""
    against = access.reasons_against(who, request.user, project) or access.reasons_against_now(act_name, project)
    return not_for_you(request, project, against) if against else None


def decorated(view):
    """What every one of these pages asks for."""
    methods = require_http_methods(["GET", "HEAD", "POST"])
    return methods(never_cache(keeps_input(login_required(view))))


# --- Handover -------------------------------------------------------------------------------------------------------
def _kind(slug: str) -> HandoverKind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _proposed(project: Project) -> dict[str, Any]:
    """What the proposal says already of the works, their place and their upkeep."""
    return {
        "held_on": clock.today(), "place": project.locality, "maintained_by": project.maintained_by,
        "works": project.title,
    }  # fmt: skip


@decorated
def handover(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    wanted = _kind(kind)
    project = project_of(request.user, pk)
    if answer := _barred(request, project, access.receives, wanted):
        return answer
    found = project.handovers.filter(kind=wanted).select_related("signed_copy").first()
    other = project.handovers.exclude(kind=wanted).first()
    if found is not None and services.is_signed(found):
        reason = _("L’exemplaire signé est au dossier\u00a0: ce procès-verbal ne change plus.")
        return not_for_you(request, project, [reason])
    proposed = services.stored(other, services.HANDOVER) | {"held_on": clock.today()} if other else _proposed(project)
    form = HandoverForm(_typed(request), instance=found, initial=None if found else proposed)

    def effect() -> str:
        services.record_handover(
            project=project, user=request.user, kind=wanted, values=form.cleaned_data,
            base=form.data.get("fingerprint", ""),
        )  # fmt: skip
        messages.success(request, _("Le procès-verbal est enregistré. Il compte une fois l’exemplaire signé déposé."))
        return home(project, "reception")

    def read() -> dict[str, Any]:
        return services.stored(project.handovers.filter(kind=wanted).first(), services.HANDOVER)

    return _page(request, project, "projects/completion/handover.html", form, effect, read, kind=wanted, record=found)


def _handover(project: Project, slug: str) -> Handover:
    record = get_object_or_404(project.handovers.select_related("signed_copy"), kind=_kind(slug))
    record.project = project
    return record


@decorated
def signed_copy_add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    project = project_of(request.user, pk)
    record = _handover(project, kind)
    if answer := _barred(request, project, access.receives, record.kind):
        return answer
    take_kept(request)
    form = SignedCopyForm(request.POST, request.FILES) if request.method == "POST" else SignedCopyForm()

    def effect() -> str:
        services.file_signed_copy(handover=record, user=request.user, upload=form.cleaned_data["file"])
        messages.success(request, _("L’exemplaire signé est au dossier : la réception compte."))
        return home(project, "reception")

    return _page(request, project, "projects/completion/signed_copy.html", form, effect, record=record)


@decorated
def signed_copy_withdraw(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    project = project_of(request.user, pk)
    record = _handover(project, kind)
    if answer := _barred(request, project, access.receives, record.kind):
        return answer
    form = WithdrawalForm(_typed(request))

    def effect() -> str:
        services.withdraw_signed_copy(handover=record, user=request.user, reason=form.cleaned_data["reason"])
        messages.success(
            request, _("L’exemplaire est retiré : le procès-verbal peut être corrigé et signé de nouveau.")
        )
        return home(project, "reception")

    signed = services.is_signed(record)
    return _page(request, project, "projects/completion/withdraw.html", form, effect, record=record, signed=signed)


# --- Evaluation and check ------------------------------------------------------------------------------------------
@decorated
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request.user, pk)
    if answer := _barred(request, project, access.evaluates, "evaluation"):
        return answer
    found = Evaluation.objects.filter(project=project).first()
    form = EvaluationForm(_typed(request), instance=found, initial=None if found else {"evaluated_on": clock.today()})

    def effect() -> str:
        base = form.data.get("fingerprint", "")
        services.evaluate(project=project, user=request.user, values=form.cleaned_data, base=base)
        messages.success(request, _("La fiche d’évaluation est enregistrée."))
        return home(project, "evaluation")

    def read() -> dict[str, Any]:
        return services.stored(Evaluation.objects.filter(project=project).first(), services.EVALUATION)

    return _page(request, project, "projects/completion/evaluation.html", form, effect, read, record=found)


@decorated
def check(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request.user, pk)
    if answer := _barred(request, project, access.checks, "check"):
        return answer
    opens = due_on("sustainability", project.mechanism, completed_on(project))
    found = SustainabilityCheck.objects.filter(project=project).first()
    form = CheckForm(_typed(request), instance=found, initial=None if found else {"checked_on": clock.today()})

    def effect() -> str:
        base = form.data.get("fingerprint", "")
        services.check_sustainability(project=project, user=request.user, values=form.cleaned_data, base=base)
        messages.success(request, _("Le contrôle de pérennité est enregistré."))
        return home(project, "perennite")

    def read() -> dict[str, Any]:
        return services.stored(SustainabilityCheck.objects.filter(project=project).first(), services.CHECK)

    too_early = opens is None or opens > clock.today()
    return _page(
        request, project, "projects/completion/check.html", form, effect, read, opens=opens, too_early=too_early
    )


# --- Lessons --------------------------------------------------------------------------------------------------------
def _lesson_page(request: HttpRequest, project: Project, lesson=None) -> HttpResponse:
    if not access.notes_lessons(request.user, project):
        return not_for_you(request, project, [access.NOT_FOR_YOU])
    if against := access.reasons_against_now("lesson", project):
        return not_for_you(request, project, against)
    initial = {"text": _told(project)} if lesson is None and "rapport" in request.GET else None
    form = LessonForm(_typed(request), instance=lesson, initial=initial)

    def effect() -> str:
        services.note_lesson(
            project=project, user=request.user, values=form.cleaned_data, lesson=lesson,
            base=form.data.get("fingerprint", ""),
        )  # fmt: skip
        messages.success(request, _("La leçon est notée : elle se retrouve dans les leçons apprises."))
        return home(project, "lecons")

    def read() -> dict[str, Any]:
        return services.stored(project.lessons.filter(pk=lesson.pk).first() if lesson else None, services.LESSON)

    return _page(request, project, "projects/completion/lesson.html", form, effect, read, lesson=lesson)


def _told(project: Project) -> str:
    """What the final narrative report says is to be retained."""
    told = project.reports.filter(kind="final_narrative", state="accepted").values_list("lessons", flat=True)
    return told.first() or ""


@decorated
def lesson_add(request: HttpRequest, pk: int) -> HttpResponse:
    return _lesson_page(request, project_of(request.user, pk))


@decorated
def lesson_edit(request: HttpRequest, pk: int, lesson_pk: int) -> HttpResponse:
    project = project_of(request.user, pk)
    lesson = get_object_or_404(project.lessons.defer("search"), pk=lesson_pk)
    if not services.corrects_lesson(request.user, project, lesson):
        return not_for_you(request, project, [_("Cette leçon a été notée par quelqu’un d’autre.")])
    return _lesson_page(request, project, lesson)
