"""Who does what, where, when: the partners' activities as a list, on a map, one by one, and as files."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds import access
from funds.exports.activities import as_csv, as_xlsx
from funds.forms.activities import COUNTRY, ActivityFilter, ActivityForm
from funds.models import PartnerActivity
from funds.services import activities as services
from funds.views.activity_map import drawn
from sr_portal.accounts.access import only
from sr_portal.history.reading import changes_of
from sr_portal.web import clock
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted, filters_of


@require_safe
@only(access.reads_activities)
def activities(request: HttpRequest) -> HttpResponse:
    form, wanted = _wanted(request)
    found = PartnerActivity.objects.filtered(wanted)
    page = KeysetPage.of(found.for_list(), request.GET.get(PARAMETER, ""), order="-starts_on")
    return render(
        request,
        "funds/activities/list.html",
        {**_around(request, form, wanted), "page": page, "count": counted(found)},
        status=422 if form.errors else 200,
    )


@require_safe
@only(access.reads_activities)
def activities_map(request: HttpRequest) -> HttpResponse:
    form, wanted = _wanted(request)
    context = {**_around(request, form, wanted), **drawn(PartnerActivity.objects.filtered(wanted))}
    return render(request, "funds/activities/map.html", context, status=422 if form.errors else 200)


@require_safe
@only(access.reads_activities)
def activities_export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    _form, wanted = _wanted(request)
    found = PartnerActivity.objects.filtered(wanted)
    name = f"qui-fait-quoi-{clock.today():%Y-%m-%d}"
    return as_csv(found, name) if form == "csv" else as_xlsx(found, name)


def _wanted(request: HttpRequest) -> tuple[ActivityFilter, dict]:
    """The filters of the address; those that cannot be read filter nothing and are told."""
    form = ActivityFilter(request.GET)
    form.is_valid()
    return form, form.cleaned_data


def _around(request: HttpRequest, form: ActivityFilter, wanted: dict) -> dict:
    return {
        "filter": form,
        "wanted_priority": wanted.get("priorite"),
        "is_filtered": any(wanted.values()) or bool(form.errors),
        "query": filters_of(request),
        "country": COUNTRY,
        "may_write": access.writes_activities_somewhere(request.user),
    }


def _found(pk: int) -> PartnerActivity:
    rows = PartnerActivity.objects.select_related(
        "organisation", "region", "cercle", "sector", "created_by", "data_import", "priority__plan", "own_fund"
    ).defer("priority__plan__summary", "region__outline", "data_import__faults", "data_import__mapping")
    return get_object_or_404(rows, pk=pk)


@require_safe
@only(access.reads_activities)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _found(pk)
    context = {"activity": shown, "may_write": access.writes_activity(request.user, shown)}
    return render(request, "funds/activities/activity.html", context)


@require_safe
@only(access.reads_activities)
def activity_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _found(pk)
    found = changes_of(
        shown,
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "funds/activities/history.html", {"activity": shown, "history": found})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_activities_somewhere)
def activity_create(request: HttpRequest) -> HttpResponse:
    form = ActivityForm(request.POST if request.method == "POST" else take_kept(request))

    def act() -> str:
        made = services.record(by=request.user, values=_within(request, form))
        messages.success(request, _("L’activité est inscrite."))
        return made.get_absolute_url()

    return act_on_form(request, "funds/activities/form.html", form, act, {})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_activities_somewhere)
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _found(pk)
    if not access.writes_activity(request.user, shown):
        raise PermissionDenied
    form = ActivityForm(request.POST if request.method == "POST" else take_kept(request), instance=_found(pk))
    context: dict = {"activity": shown}

    def act() -> str:
        values = _within(request, form)
        try:
            services.correct(by=request.user, activity=shown, values=values, seen=form.cleaned_data["seen"])
        except services.Changed:
            context["theirs"] = theirs = _found(pk)
            form.data = form.data.copy()
            form.data["seen"] = services.version_of(theirs)  # sent again, it goes over what was now shown
            raise
        messages.success(request, _("L’activité est à jour."))
        return reverse("funds:activity", args=[pk])

    return act_on_form(request, "funds/activities/form.html", form, act, context)


def _within(request: HttpRequest, form: ActivityForm) -> dict:
    """The values typed; a region where this user does not write is an error of its field."""
    from django.core.exceptions import ValidationError

    region = form.cleaned_data["region"]
    if not access.writes_activities_in(request.user, region.pk if region else None):
        raise ValidationError({"region": _("Vous n’inscrivez d’activités que dans les régions de votre rôle.")})
    return form.cleaned_data
