"""« Jetons d’accès »: one's own, or those of somebody for an administrator: make, read, take back, history."""

import datetime as dt

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sr_portal.accounts import rules
from sr_portal.accounts.access import only
from sr_portal.accounts.models import User
from sr_portal.history.reading import changes_of
from sr_portal.web import clock
from sr_portal.web.acting import act_on_form
from sr_portal.web.keyset import PARAMETER
from sr_portal.web.once import act_once

from . import tokens
from .addresses import validate_range
from .models import MOST_RANGES, Token
from .throttles import last_used

USUAL_DAYS = 180


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_lazy("Nom"), max_length=80, help_text=_lazy("Le programme qui s’en servira, et où il tourne."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    scope = forms.ChoiceField(label=_lazy("Portée"), widget=forms.RadioSelect)
    expires_on = forms.DateField(label=_lazy("Valable jusqu’au"), widget=forms.DateInput(format="%Y-%m-%d"))
    address_ranges = forms.CharField(
        label=_lazy("Adresses permises"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("Une adresse IP ou un réseau par ligne, comme 192.0.2.0/24. Vide : de partout."),
    )  # fmt: skip

    def __init__(self, *args, user: User, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offered = tokens.scopes_for(user, by)
        today = clock.today()
        self.fields["scope"].choices = [(scope.value, scope.label) for scope in offered]
        self.fields["scope"].initial = offered[0].value
        days = self.fields["expires_on"]
        days.initial = today + dt.timedelta(days=min(USUAL_DAYS, settings.API_TOKEN_MOST_DAYS))
        days.widget.input_type = "date"
        days.widget.attrs |= {
            "min": f"{today + dt.timedelta(days=1):%Y-%m-%d}",
            "max": f"{today + dt.timedelta(days=settings.API_TOKEN_MOST_DAYS):%Y-%m-%d}",
        }

    def clean_address_ranges(self) -> list[str]:
        ranges = list(dict.fromkeys(self.cleaned_data["address_ranges"].replace(",", " ").split()))
        if len(ranges) > MOST_RANGES:
            raise ValidationError(_("Au plus %(most)d adresses ou réseaux."), params={"most": MOST_RANGES})
        for one in ranges:
            validate_range(one)
        return ranges


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own(request: HttpRequest) -> HttpResponse:
    return _page(request, request.user, reverse("api_tokens:list"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(rules.may_see_people)
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    if request.method == "POST" and not tokens.may_make(request.user, person):
        raise PermissionDenied
    return _page(request, person, reverse("api_tokens:person", args=[pk]))


def _page(request: HttpRequest, person: User, here: str) -> HttpResponse:
    form = TokenForm(request.POST or None, user=person, by=request.user)

    def act() -> str:
        token, secret = tokens.make(by=request.user, user=person, **form.cleaned_data)
        tokens.show_once(request, token, secret)
        return here

    def context() -> dict:
        kept = list(Token.objects.filter(user=person).select_related("made_by", "revoked_by"))
        used = last_used(kept)
        return {
            "person": person,
            "is_own": person.pk == request.user.pk,
            "shown": tokens.take_shown(request, person) if request.method == "GET" else None,
            "rows": [(token, used.get(token.pk)) for token in kept],
            "may_make": tokens.may_make(request.user, person),
            "has_role": bool(person.scopes),
        }

    return act_on_form(request, "api/tokens.html", form, act, context)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = _token(request, pk)

    def effect() -> str:
        tokens.revoke(token, by=request.user)
        messages.success(request, _("Le jeton « %(name)s » est révoqué : il n’ouvre plus rien.") % {"name": token.name})
        return _list_of(request, token)

    return act_once(request, effect)


@require_safe
@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    token = _token(request, pk)
    found = changes_of(
        token,
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    context = {"token": token, "back": _list_of(request, token), "history": found}
    return render(request, "api/token_history.html", context)


def _token(request: HttpRequest, pk: int) -> Token:
    """One of one's own, or anybody's for those who look after people; else it does not exist."""
    token = get_object_or_404(Token.objects.select_related("user"), pk=pk)
    if not tokens.may_read(request.user, token.user):
        raise Http404
    return token


def _list_of(request: HttpRequest, token: Token) -> str:
    own_one = token.user_id == request.user.pk
    return reverse("api_tokens:list") if own_one else reverse("api_tokens:person", args=[token.user_id])


app_name = "api_tokens"
urlpatterns = [
    path("compte/jetons/", own, name="list"),
    path("compte/jetons/<int:pk>/revoquer/", revoke, name="revoke"),
    path("compte/jetons/<int:pk>/historique/", history, name="history"),
    path("personnes/<int:pk>/jetons/", of_person, name="person"),
]
