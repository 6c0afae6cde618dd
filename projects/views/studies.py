"""Studies: their list and its search, a study's page with what it found, and the writing of both."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funds.models import StudyInstitution
from projects.forms.studies import FindingForm, StudyDocumentForm, StudyFilter, StudyForm, WithdrawForm
from projects.models import FindingProject, Project
from projects.services import studies as services
from projects.study_search import search
from regions import access
from regions.models import FindingPriority, KeyFinding, Region, Study, StudyDocument, StudyRegion
from sr_portal.accounts.access import only
from sr_portal.documents.serving import serve
from sr_portal.history.reading import changes_of, records_of
from sr_portal.web.kept import keeps_input
from sr_portal.web.keyset import PARAMETER, KeysetPage
from sr_portal.web.once import act_once

from . import history_words  # noqa: F401  for its effects
from .plan_forms import acted, typed

PLACES = Prefetch("regions", Region.objects.without_outline().order_by("rank"))
INSTITUTIONS = Prefetch("institutions", StudyInstitution.objects.select_related("organisation"))


@require_safe
@only(access.reads_plans)
def studies(request: HttpRequest) -> HttpResponse:
    form = StudyFilter(request.GET)
    form.is_valid()
    wanted, found = form.cleaned_data, Study.objects.all()
    if text := wanted.get("q", "").strip():
        found = search(found, text)
    if region := wanted.get("region"):
        found = found.filter(pk__in=Study.objects.of_region(region.pk).values("pk"))
    rows = found.defer("search").with_place_names().prefetch_related(INSTITUTIONS)
    page = KeysetPage.of(rows, request.GET.get(PARAMETER, ""), order="-starts_on", count=True)
    context = {
        "filter": form,
        "page": page,
        "count": page.count,
        "is_filtered": any(wanted.values()) or bool(form.errors),
        "may_write": access.writes_somewhere(request.user),
    }
    return render(request, "regions/studies/list.html", context, status=422 if form.errors else 200)


def study_of(pk: int) -> Study:
    found = Study.objects.defer("search").select_related("created_by")
    return get_object_or_404(found.prefetch_related("places", PLACES, INSTITUTIONS, "findings"), pk=pk)


def must_write(request: HttpRequest, pk: int) -> Study:
    shown = study_of(pk)
    if not access.writes_study(request.user, shown):
        raise PermissionDenied
    return shown


@require_safe
@only(access.reads_plans)
def study(request: HttpRequest, pk: int) -> HttpResponse:
    shown = study_of(pk)
    papers = StudyDocument.objects.filter(study=shown, document__withdrawn_at=None).select_related(
        "document__uploaded_by"
    )
    context = {
        "study": shown,
        "findings": findings_of(shown, request.user),
        "papers": list(papers),
        "may_write": access.writes_study(request.user, shown),
    }
    return render(request, "regions/studies/study.html", context)


def findings_of(shown: Study, user) -> list[KeyFinding]:
    """With the priorities that each bears on, and of the projects those that this user may read."""
    bearings = Prefetch(
        "bearings",
        FindingPriority.objects.select_related("priority__plan__region", "priority__axis").defer(
            "priority__plan__region__outline", "priority__plan__summary"
        ),
    )
    visible = Project.objects.visible_to(user).order_by().values("pk")
    on = Prefetch(
        "project_bearings",
        FindingProject.objects.filter(project__in=visible).select_related("project").only(
            "finding_id", "project__reference", "project__title", "project__state"
        ),
    )  # fmt: skip
    return list(KeyFinding.objects.filter(study=shown).defer("search").prefetch_related(bearings, on))


@require_safe
@only(access.reads_plans)
def study_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = study_of(pk)
    events = KeyFinding.pgh_event_model.objects.filter(study=pk).order_by()  # type: ignore[attr-defined]  # tracked
    findings = set(events.values_list("pgh_obj_id", flat=True))
    found = changes_of(
        shown,
        *(records_of(model, study=pk) for model in (StudyRegion, StudyInstitution, StudyDocument, KeyFinding)),
        records_of(FindingPriority, finding=findings),
        records_of(FindingProject, finding=findings),
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "regions/studies/history.html", {"study": shown, "history": found})


# --- Writing --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def study_create(request: HttpRequest) -> HttpResponse:
    form = StudyForm(typed(request))

    def act() -> str:
        made = services.record(by=request.user, values=form.values)
        messages.success(request, _("L’étude est inscrite : ajoutez ses documents et ses constats."))
        return made.get_absolute_url()

    return acted(request, "regions/studies/form.html", form, act, {})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def study_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = must_write(request, pk)
    form = StudyForm(typed(request), instance=study_of(pk))

    def act() -> str:
        services.correct(by=request.user, study=shown, values=form.values, seen=form.cleaned_data["seen"])
        messages.success(request, _("L’étude est à jour."))
        return shown.get_absolute_url()

    context = {"study": shown}
    return acted(
        request, "regions/studies/form.html", form, act, context,
        again=lambda: study_of(pk), version=services.study_version,
    )  # fmt: skip


# --- Documents ------------------------------------------------------------------------------------------------------
def paper_of(pk: int, paper_pk: int) -> StudyDocument:
    found = StudyDocument.objects.select_related("document", "study").defer("study__search")
    paper = get_object_or_404(found, pk=paper_pk, study=pk)
    if paper.document.is_withdrawn:
        raise Http404
    return paper


@require_safe
@only(access.reads_plans)
def study_document(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponseBase:
    return serve(paper_of(pk, paper_pk).document)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def study_document_add(request: HttpRequest, pk: int) -> HttpResponse:
    shown = must_write(request, pk)
    form = StudyDocumentForm(typed(request), request.FILES or None)

    def act() -> str:
        data = form.cleaned_data
        services.add_document(by=request.user, study=shown, upload=data["document"], label=data["label"])
        messages.success(request, _("Le document est déposé."))
        return shown.get_absolute_url()

    return acted(request, "regions/studies/document.html", form, act, {"study": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def study_document_withdraw(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponse:
    shown = must_write(request, pk)
    paper = paper_of(pk, paper_pk)
    form = WithdrawForm(typed(request))

    def act() -> str:
        services.withdraw_document(by=request.user, paper=paper, reason=form.cleaned_data["reason"])
        messages.success(request, _("Le document est retiré."))
        return shown.get_absolute_url()

    return acted(request, "regions/studies/withdraw.html", form, act, {"study": shown, "paper": paper})


# --- Findings -------------------------------------------------------------------------------------------------------
def finding_of(pk: int, finding_pk: int) -> KeyFinding:
    found = KeyFinding.objects.select_related("study").defer("search", "study__search")
    return get_object_or_404(found, pk=finding_pk, study=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def finding_add(request: HttpRequest, pk: int) -> HttpResponse:
    shown = must_write(request, pk)
    form = FindingForm(typed(request), study=shown, user=request.user)

    def act() -> str:
        made = services.add_finding(by=request.user, study=shown, values=form.values)
        messages.success(request, _("Le constat est inscrit."))
        return f"{shown.get_absolute_url()}#finding-{made.pk}"

    return acted(request, "regions/studies/finding.html", form, act, {"study": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def finding_edit(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    shown = must_write(request, pk)
    finding = finding_of(pk, finding_pk)
    form = FindingForm(typed(request), instance=finding_of(pk, finding_pk), study=shown, user=request.user)

    def act() -> str:
        services.change_finding(by=request.user, finding=finding, values=form.values, seen=form.cleaned_data["seen"])
        messages.success(request, _("Le constat est à jour."))
        return f"{shown.get_absolute_url()}#finding-{finding_pk}"

    return acted(
        request, "regions/studies/finding.html", form, act, {"study": shown, "finding": finding},
        again=lambda: finding_of(pk, finding_pk), version=services.finding_version,
    )  # fmt: skip


@require_POST
@only(access.writes_somewhere)
def finding_remove(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    shown = must_write(request, pk)
    finding = finding_of(pk, finding_pk)

    def effect() -> str:
        services.remove_finding(by=request.user, finding=finding)
        messages.success(request, _("Le constat est retiré."))
        return shown.get_absolute_url()

    return act_once(request, effect)
