"""One's own interests in partners: declared, ended, never erased."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from funds import access
from funds.forms.partners import InterestForm
from funds.models import Interest
from funds.services import interests as services
from funds.views.partners import saved
from sr_portal.accounts.access import only
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.once import act_once


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.reads_partners)
def interests(request: HttpRequest) -> HttpResponse:
    may_declare = access.declares_interests(request.user)
    if request.method == "POST" and not may_declare:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else take_kept(request)
    chosen = request.GET.get("partenaire", "")
    form = InterestForm(data, user=request.user, initial={"organisation": chosen if chosen.isdecimal() else None})

    def act() -> tuple[str, str]:
        made = services.declare(by=request.user, **form.cleaned_data)
        return (
            _("Votre intérêt dans « %(partner)s » est déclaré.") % {"partner": made.organisation.name},
            reverse("funds:interests"),
        )

    own = list(request.user.interests.select_related("organisation").order_by("-declared_at", "-pk"))
    context = {
        "may_declare": may_declare,
        "current": [interest for interest in own if interest.ended_at is None],
        "ended": [interest for interest in own if interest.ended_at],
    }
    return saved(request, "funds/interests.html", form, act, context)


@require_POST
@only(access.reads_partners)
def interest_end(request: HttpRequest, pk: int) -> HttpResponse:
    interest = get_object_or_404(Interest, pk=pk, user=request.user)

    def effect() -> str:
        services.end(by=request.user, interest=interest)
        return reverse("funds:interests")

    return act_once(request, effect)
