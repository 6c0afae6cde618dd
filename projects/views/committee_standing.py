"""The standing committees and who sits on them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import committee_access as doors
from projects.forms.committee import CommitteeForm, CommitteeNameForm, SeatForm
from projects.models import Committee, CommitteeMember, CommitteeSeat
from projects.services import seats
from projects.services.steps import StepRefused
from sr_portal.accounts.access import only
from sr_portal.accounts.models import User
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.once import act_once

from .committee_doors import act


def _committee_or_404(request: HttpRequest, pk: int) -> Committee:
    members = CommitteeMember.objects.select_related("user").order_by("user__name", "pk")
    found = Committee.objects.visible_to(request.user).select_related("region", "mechanism")
    return get_object_or_404(found.prefetch_related(Prefetch("members", members)), pk=pk)


@require_safe
@only(doors.reads_committees)
def committees(request: HttpRequest) -> HttpResponse:
    chairs = CommitteeMember.objects.filter(seat=CommitteeSeat.CHAIR).select_related("user")
    found = (
        Committee.objects.visible_to(request.user)
        .select_related("region", "mechanism")
        .annotate(member_count=Count("members"))
        .prefetch_related(Prefetch("members", chairs, to_attr="chairs"))
        .order_by("region__name", "name")
    )
    context = {"committees": found, "may_manage": doors.manages_committees(request.user)}
    return render(request, "projects/committee/committees.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(doors.manages_committees)
def committee_create(request: HttpRequest) -> HttpResponse:
    form = CommitteeForm(request.POST or take_kept(request) or None, user=request.user)

    def effect() -> str:
        if not form.is_valid():
            raise StepRefused(_("Le formulaire n’est pas complet."))
        data = form.cleaned_data
        committee = seats.save_committee(
            committee=Committee(region=data["region"], mechanism=data["mechanism"]),
            user=request.user,
            name=data["name"],
        )
        messages.success(request, _("Le comité est créé. Donnez maintenant ses sièges."))
        return reverse("projects:session_committee", args=[committee.pk])

    if request.method == "POST":
        try:  # a replay must reach the first result, though its place is now taken: the key is tried first
            return act_once(request, effect)
        except StepRefused as refusal:
            if form.is_valid():
                form.add_error(None, refusal.messages)
    return render(request, "projects/committee/committee_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@only(doors.reads_committees)
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """Who sits; on POST, its name."""
    shown = _committee_or_404(request, pk)
    may_manage = doors.manages(request.user, shown)
    here = reverse("projects:session_committee", args=[pk])
    if request.method == "POST" and not may_manage:
        raise PermissionDenied
    form = CommitteeNameForm(request.POST or None, instance=Committee.objects.get(pk=pk)) if may_manage else None

    def effect() -> str:
        seats.save_committee(committee=Committee.objects.get(pk=pk), user=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("Le nom du comité est à jour."))
        return here

    if request.method == "POST" and form.is_valid():
        return act(request, effect, back=here)
    return _page(request, shown, form, SeatForm(committee=shown) if may_manage else None)


def _page(request: HttpRequest, shown: Committee, form, seat_form) -> HttpResponse:
    members = list(shown.members.all())
    voting = [member for member in members if member.seat in ("chair", "member")]
    context = {
        "committee": shown,
        "members": sorted(members, key=lambda member: CommitteeSeat.values.index(member.seat)),
        "has_chair": any(member.seat == CommitteeSeat.CHAIR for member in members),
        "needed": 1 + len(voting) // 2,
        "form": form,
        "seat_form": seat_form,
        "seats": CommitteeSeat.choices,
        "may_manage": form is not None,
    }
    wrong = any(bound is not None and bound.errors for bound in (form, seat_form))
    return render(request, "projects/committee/committee.html", context, status=422 if wrong else 200)


@require_POST
@only(doors.reads_committees)
def committee_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a seat, or change the one somebody has."""
    shown = _managed_or_403(request, pk)
    here = reverse("projects:session_committee", args=[pk])
    form = SeatForm(request.POST, committee=shown)

    def effect() -> str:
        data = form.cleaned_data
        seats.give_seat(committee=shown, user=request.user, person=data["person"], seat=data["seat"])
        messages.success(
            request,
            _("%(name)s siège\u00a0: %(seat)s.")
            % {"name": data["person"].name, "seat": CommitteeSeat(data["seat"]).label.lower()},
        )
        return here

    if form.is_valid():
        try:
            return act_once(request, effect)
        except StepRefused as refusal:
            form.add_error(None, refusal.messages)
    return _page(request, shown, CommitteeNameForm(instance=shown), form)


@require_POST
@only(doors.reads_committees)
def committee_unseat(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _managed_or_403(request, pk)
    here = reverse("projects:session_committee", args=[pk])
    key = request.POST.get("person", "")

    def effect() -> str:
        person = User.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
        if person is None:
            raise StepRefused(_("Cette personne ne siège pas ici."))
        seats.take_seat(committee=shown, user=request.user, person_id=person.pk)
        messages.success(request, _("%(name)s ne siège plus à ce comité.") % {"name": person.name})
        return here

    return act(request, effect, back=here)


def _managed_or_403(request: HttpRequest, pk: int) -> Committee:
    shown = _committee_or_404(request, pk)
    if not doors.manages(request.user, shown):
        raise PermissionDenied
    return shown
