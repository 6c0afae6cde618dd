"""The people of the portal: an administrator manages them, an auditor reads."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sr_portal.accounts import invitations, rules, second_factor, services
from sr_portal.accounts.access import only
from sr_portal.accounts.forms import PeopleFilter, PersonForm
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role
from sr_portal.web.once import act_once

PAGE_SIZE = 50
HISTORY_SHOWN = 30


@require_safe
@only(rules.may_see_people)
def people(request: HttpRequest) -> HttpResponse:
    form = PeopleFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    state = wanted.get("state") or "active"
    found = User.objects.matching(wanted.get("q", "")).holding(
        wanted.get("role", ""), wanted["region"].pk if wanted.get("region") else None
    )
    if state != "all":
        found = found.filter(is_active=state == "active")
    page = min(int(text), 10_000) if (text := request.GET.get("page", "1")).isdecimal() and int(text[:6]) else 1
    first = (page - 1) * PAGE_SIZE
    rows = list(found.for_list().order_by("name", "pk")[first : first + PAGE_SIZE + 1])
    context = {
        "filter": form,
        "people": rows[:PAGE_SIZE],
        "page": page,
        "has_more": len(rows) > PAGE_SIZE,
        "is_filtered": any(request.GET.get(name) for name in ("q", "role", "region", "state")),
        "may_manage": rules.may_manage_people(request.user),
    }
    return render(request, "accounts/people.html", context)


@never_cache
@require_safe
@only(rules.may_see_people)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(User, pk=pk)
    events = list(
        RoleAssignment.pgh_event_model.objects.filter(user_id=pk)
        .select_related("group", "region")
        .order_by("-pgh_id")[:HISTORY_SHOWN]
    )
    for event in events:
        event.role_label = Role(event.group.name).label
    context = {
        "person": shown,
        "assignments": shown.role_assignments.select_related("group", "region", "granted_by").order_by("pk"),
        "role_events": events,
        "has_second_factor": second_factor.is_set_up(shown),
        "second_factor_compulsory": second_factor.is_compulsory(shown),
        "may_manage": rules.may_manage_people(request.user),
        "never_signed_in": invitations.has_never_signed_in(shown),
        "invitation": invitations.take_link(request, shown),
        "is_oneself": shown.pk == request.user.pk,
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(rules.may_manage_people)
def create(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)

    def effect() -> str:
        user = services.create_person(by=request.user, **form.cleaned_data)
        if not invitations.send(request, user):
            messages.warning(request, _("Le courrier n’est pas parti\u00a0: transmettez vous-même le lien."))
        messages.success(request, _("Le compte de %(name)s est créé.") % {"name": user.name})
        return reverse("accounts:person", args=[user.pk])

    # A replay must reach the first result, though its address is now taken: the key is tried before the form.
    if request.method == "POST" and (form.is_valid() or _was_done(request)):
        return act_once(request, effect)
    return render(request, "accounts/person_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@only(rules.may_manage_people)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, instance=get_object_or_404(User, pk=pk))

    def effect() -> str:
        services.update_person(shown, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le compte de %(name)s est à jour.") % {"name": form.cleaned_data["name"]})
        return reverse("accounts:person", args=[pk])

    if request.method == "POST" and form.is_valid():
        return act_once(request, effect)
    context = {"form": form, "person": shown}
    return render(request, "accounts/person_form.html", context, status=422 if form.errors else 200)


def _was_done(request: HttpRequest) -> bool:
    from sr_portal.web.models import OneTimeKey
    from sr_portal.web.once import FIELD

    try:
        return OneTimeKey.objects.filter(key=request.POST.get(FIELD), path=request.path, user=request.user).exists()
    except (ValidationError, ValueError):
        return False
