"""Regional plans: their list, a plan's page, and the writing of a plan."""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds.themes import themes
from projects import coverage
from regions import access
from regions.forms.plans import DocumentForm, NewPlanForm, PlanFilter, PlanForm
from regions.models import Axis, FindingPriority, Indicator, KeyFinding, Plan, Priority
from regions.services import plans as services
from sr_portal.accounts.access import only
from sr_portal.documents.serving import serve
from sr_portal.history.reading import changes_of, records_of
from sr_portal.web.kept import keeps_input
from sr_portal.web.keyset import PARAMETER, KeysetPage
from sr_portal.web.versions import version_of

from .plan_forms import acted, typed


def plan_of(pk: int) -> Plan:
    return get_object_or_404(Plan.objects.for_page(), pk=pk)


@require_safe
@only(access.reads_plans)
def plans(request: HttpRequest) -> HttpResponse:
    form = PlanFilter(request.GET)
    form.is_valid()
    wanted, found = form.cleaned_data, Plan.objects.all()
    if region := wanted.get("region"):
        found = found.filter(region=region)
    if status := wanted.get("etat"):
        found = found.filter(status=status)
    page = KeysetPage.of(found.for_list(), request.GET.get(PARAMETER, ""), order="-starts_on", count=True)
    covered = coverage.of_plans(page.rows)
    context = {
        "filter": form,
        "page": page,
        "rows": [(plan, covered[plan.pk].total) for plan in page.rows],
        "count": page.count,
        "is_filtered": any(wanted.values()) or bool(form.errors),
        "may_write": access.writes_somewhere(request.user),
    }
    return render(request, "regions/plans/list.html", context, status=422 if form.errors else 200)


@require_safe
@only(access.reads_plans)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    shown = plan_of(pk)
    covered = coverage.of_plan(shown)
    context = {
        "plan": shown,
        "covered": covered,
        "axes": axes_of(shown, covered),
        "versions": [one for one in Plan.objects.versions_of(shown).defer("summary") if one.pk != shown.pk],
        "may_write": access.writes_plan(request.user, shown),
        "may_validate": access.validates_plan(request.user, shown),
    }
    return render(request, "regions/plans/plan.html", context)


def axes_of(shown: Plan, covered: coverage.PlanCoverage) -> list[Axis]:
    """The axes, each with `shown`: its priorities, their money and what studies found of them."""
    money = {row.priority.pk: row.money for row in covered.rows}
    found, named = findings_on(row.priority for row in covered.rows), themes()
    axes = list(shown.axes.all())
    for axis in axes:
        axis.shown = []
        for priority in axis.priorities.all():
            priority.theme_name = named.get(priority.theme, priority.theme)
            axis.shown.append((priority, money[priority.pk], found.get(priority.lineage, [])))
    return axes


def findings_on(priorities: Iterable[Priority]) -> dict[UUID, list[KeyFinding]]:
    """Lineage of a priority → the findings of studies on it, in any of its versions, each once."""
    bearings = (
        FindingPriority.objects.filter(priority__lineage__in={one.lineage for one in priorities})
        .select_related("finding__study", "priority")
        .defer("finding__search", "finding__study__search", "finding__study__abstract")
        .order_by("finding__study__starts_on", "finding__number")
    )
    found: dict[UUID, dict[int, KeyFinding]] = {}
    for one in bearings:
        found.setdefault(one.priority.lineage, {})[one.finding_id] = one.finding
    return {lineage: list(some.values()) for lineage, some in found.items()}


@require_safe
@only(access.reads_plans)
def plan_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = plan_of(pk)
    priorities = Priority.pgh_event_model.objects.filter(plan=pk).order_by().values("pgh_obj_id")  # type: ignore[attr-defined]
    found = changes_of(
        shown,
        records_of(Axis, plan=pk),
        records_of(Priority, plan=pk),
        records_of(Indicator, priority=set(priorities.values_list("pgh_obj_id", flat=True))),
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "regions/plans/history.html", {"plan": shown, "history": found})


@require_safe
@only(access.reads_plans)
def plan_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    shown = get_object_or_404(Plan.objects.exclude(document=None).select_related("document"), pk=pk)
    return serve(shown.document)


# --- Writing --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def plan_create(request: HttpRequest) -> HttpResponse:
    form = NewPlanForm(typed(request), user=request.user)

    def act() -> str:
        made = services.draft(by=request.user, region=form.cleaned_data["region"], values=form.values)
        messages.success(request, _("Le projet de plan est ouvert : ajoutez ses axes et ses priorités."))
        return made.get_absolute_url()

    return acted(request, "regions/plans/form.html", form, act, {})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = must_write(request, pk)
    form = PlanForm(typed(request), instance=plan_of(pk))

    def act() -> str:
        services.change(by=request.user, plan=shown, values=form.values, seen=form.cleaned_data["seen"])
        messages.success(request, _("Le plan est à jour."))
        return shown.get_absolute_url()

    return acted(request, "regions/plans/form.html", form, act, {"plan": shown}, again=lambda: plan_of(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def plan_document_file(request: HttpRequest, pk: int) -> HttpResponse:
    shown = must_write(request, pk)
    form = DocumentForm(typed(request), request.FILES or None)

    def act() -> str:
        services.file_document(by=request.user, plan=shown, upload=form.cleaned_data["document"])
        messages.success(request, _("Le document du plan est déposé."))
        return shown.get_absolute_url()

    return acted(request, "regions/plans/document.html", form, act, {"plan": shown})


def must_write(request: HttpRequest, pk: int) -> Plan:
    shown = plan_of(pk)
    if not access.writes_plan(request.user, shown):
        raise PermissionDenied
    return shown


# --- Steps: each asks first, with what follows from it --------------------------------------------------------------
STEPS = {"valider", "archiver", "version", "supprimer"}


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def plan_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    shown = must_write(request, pk)
    if step in ("valider", "archiver") and not access.validates_plan(request.user, shown):
        raise PermissionDenied
    form = forms.Form(typed(request))

    def act() -> str:
        if step == "valider":
            services.validate(by=request.user, plan=shown, seen=request.POST.get("seen", ""))
            messages.success(request, _("Le plan est en vigueur."))
        elif step == "archiver":
            services.archive(by=request.user, plan=shown)
            messages.success(request, _("Le plan est archivé."))
        elif step == "version":
            made = services.new_version(by=request.user, plan=shown)
            messages.success(request, _("La nouvelle version est ouverte, avec ce que dit le plan en vigueur."))
            return made.get_absolute_url()
        else:
            services.discard(by=request.user, plan=shown)
            messages.success(request, _("Le projet de plan est supprimé."))
            return reverse("projects:plans")
        return shown.get_absolute_url()

    context = {"plan": shown, "step": step, "seen": version_of(shown)}
    if step == "valider":
        others = Plan.objects.in_force().filter(region=shown.region_id)
        context["former"] = others.first()
    return acted(request, "regions/plans/step.html", form, act, context)
