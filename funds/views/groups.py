"""The thematic and regional groups in which the partners meet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds import coordination_access as access
from funds.forms.coordination import GroupForm
from funds.models import CoordinationGroup
from funds.services import coordination as services
from sr_portal.accounts.access import only
from sr_portal.history.reading import changes_of
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage

from .coordination_forms import acted, must_write


@require_safe
@only(access.reads_meetings)
def groups(request: HttpRequest) -> HttpResponse:
    user = request.user
    page = KeysetPage.of(CoordinationGroup.objects.for_list(), request.GET.get(PARAMETER, ""), order="name")
    context = {
        "page": page,
        "rows": [(group, access.writes(user, group)) for group in page],
        "may_make": access.writes_somewhere(user),
    }
    return render(request, "funds/meetings/groups.html", context)


@require_safe
@only(access.reads_meetings)
def group_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(CoordinationGroup, pk=pk)
    found = changes_of(
        shown,
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "funds/meetings/group_history.html", {"group": shown, "history": found})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def group_create(request: HttpRequest) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else take_kept(request))

    def act() -> str:
        services.make_group(by=request.user, values=form.values)
        messages.success(request, _("Le groupe est créé."))
        return reverse("funds:meeting_groups")

    return acted(request, "funds/meetings/group_form.html", form, act, {})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(CoordinationGroup, pk=pk)
    must_write(request.user, shown)
    again = CoordinationGroup.objects.get
    form = GroupForm(request.POST if request.method == "POST" else take_kept(request), instance=again(pk=pk))

    def act() -> str:
        services.change_group(by=request.user, group=shown, values=form.values, seen=form.cleaned_data["seen"])
        messages.success(request, _("Le groupe est à jour."))
        return reverse("funds:meeting_groups")

    return acted(request, "funds/meetings/group_form.html", form, act, {"group": shown}, again=lambda: again(pk=pk))
