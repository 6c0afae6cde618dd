"""What is done to a prospect: register, correct, move on the board, note a contact, win, lose, take up again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from funds import access
from funds.forms.contributions import PledgeForm, ReasonForm
from funds.forms.prospects import ContactForm, ProspectForm, ReopenForm
from funds.models import Prospect
from funds.prospect_rules import LOST, OPEN, WON
from funds.services import prospects as services
from funds.services.versions import Changed, version_of
from sr_portal.accounts.access import only
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input, take_kept, typed_or_kept
from sr_portal.web.once import act_once

from .prospects import prospect_of

STEP = "funds/prospects/step.html"
writes = require_http_methods(["GET", "HEAD", "POST"])


def _home(pk: int) -> str:
    return reverse("funds:prospect", args=[pk])


def _writable(request: HttpRequest, pk: int) -> Prospect:
    found = prospect_of(pk)
    if not access.writes_prospect(request.user, found):
        raise PermissionDenied
    return found


def acted(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[], str],
    prospect: Prospect | None,
    **context: Any,
) -> HttpResponse:
    """Act once and say so; over a newer version, the page shows what stands and the form may be sent again."""
    shown = {"prospect": prospect, **context}

    def effect() -> str:
        try:
            return act()
        except Changed:
            if prospect is not None:
                shown["theirs"] = prospect_of(prospect.pk)
                form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
                form.data["seen"] = version_of(shown["theirs"])  # type: ignore[index]
            raise

    return act_on_form(request, STEP, form, effect, lambda: shown)


def _within(request: HttpRequest, form: ProspectForm) -> dict[str, Any]:
    """The values typed; a region where this user does not write is an error of its field."""
    values = form.values
    if not access.writes_prospects_in(request.user, values["region"].pk if values["region"] else None):
        raise ValidationError({"region": _("Vous n’inscrivez de prospects que dans les régions de votre rôle.")})
    return values


@writes
@keeps_input
@only(access.writes_prospects_somewhere)
def create(request: HttpRequest) -> HttpResponse:
    form = ProspectForm(typed_or_kept(request), user=request.user)

    def act() -> str:
        made = services.register(by=request.user, values=_within(request, form))
        messages.success(request, _("Le prospect est inscrit."))
        return _home(made.pk)

    return acted(request, form, act, None, heading=_("Inscrire le prospect"))


@writes
@keeps_input
@only(access.writes_prospects_somewhere)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _writable(request, pk)
    form = ProspectForm(typed_or_kept(request), instance=prospect_of(pk), user=request.user)

    def act() -> str:
        seen = form.cleaned_data.get("seen", "")
        services.correct(by=request.user, prospect=shown, values=_within(request, form), seen=seen)
        messages.success(request, _("Le prospect est à jour."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Modifier le prospect"), action=_("Enregistrer"))


@require_POST
@only(access.writes_prospects_somewhere)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """From the board: to another open stage at once; « won » and « lost » lead to their own pages."""
    shown, target = _writable(request, pk), request.POST.get("stage", "")
    if target in (WON, LOST):
        return redirect(f"funds:prospect_{'win' if target == WON else 'lose'}", pk)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("funds:prospect_board")

    def effect() -> str:
        moved = services.move(
            by=request.user, prospect=shown, stage=target, seen_stage=request.POST.get("seen_stage", "")
        )
        messages.success(request, _("« %(title)s » : %(stage)s.") % {"title": moved, "stage": moved.stage_label.label})
        return f"{back}#prospect-{pk}"

    try:
        return act_once(request, effect)
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
        return redirect(f"{back}#prospect-{pk}")


@writes
@keeps_input
@only(access.writes_prospects_somewhere)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _writable(request, pk)
    form = ContactForm(typed_or_kept(request), prospect=shown)

    def act() -> str:
        services.note_contact(by=request.user, prospect=shown, contact=form.contact, step=form.step)
        messages.success(request, _("Le contact est au journal."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Noter un contact"), action=_("Inscrire au journal"))


@writes
@keeps_input
@only(access.wins_prospects)
def win(request: HttpRequest, pk: int) -> HttpResponse:
    """The contribution's own form, filled in with what the prospect says."""
    shown = _writable(request, pk)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (take_kept(request), None)
    form = PledgeForm(data, files, initial=_pledge_of(shown))

    def act() -> str:
        won = services.win(
            by=request.user, prospect=shown, values=form.values, paper=form.cleaned_data.get("paper")
        )  # fmt: skip
        messages.success(request, _("Le prospect est gagné : la contribution est inscrite comme annoncée."))
        assert won.contribution_id is not None  # noqa: S101  the service says so
        return reverse("funds:contribution", args=[won.contribution_id])

    return acted(
        request, form, act, shown, heading=_("Gagner le prospect"), action=_("Inscrire la contribution"), is_win=True
    )


def _pledge_of(prospect: Prospect) -> dict[str, Any]:
    is_usd = prospect.currency == "USD"
    return {
        "title": prospect.title, "donor": prospect.donor_id, "mechanism": prospect.mechanism_id,
        "region": prospect.region_id, "theme": prospect.theme, "currency": prospect.currency,
        "pledged_amount": prospect.amount, "pledged_rate": None if is_usd else prospect.rate,
        "pledged_rate_on": None if is_usd else prospect.rate_on, "note": prospect.note,
    }  # fmt: skip


@writes
@keeps_input
@only(access.writes_prospects_somewhere)
def lose(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _writable(request, pk)
    form = ReasonForm(typed_or_kept(request))

    def act() -> str:
        services.lose(by=request.user, prospect=shown, reason=form.cleaned_data["reason"])
        messages.success(request, _("Le prospect est perdu ; il peut être repris."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Déclarer le prospect perdu"), danger=True)


@writes
@keeps_input
@only(access.writes_prospects_somewhere)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _writable(request, pk)
    form = ReopenForm(typed_or_kept(request), initial={"responsible": shown.responsible_id, "stage": OPEN[1]})

    def act() -> str:
        services.reopen(by=request.user, prospect=shown, values=form.values)
        messages.success(request, _("Le prospect est repris."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Reprendre le prospect"))
