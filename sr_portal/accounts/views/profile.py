"""« Mon compte »: what everybody sees and may change about themselves."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sr_portal.accounts import second_factor, services
from sr_portal.accounts.forms import ProfileForm
from sr_portal.accounts.models import User


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    # The form writes on its own copy: a refused name must not show in the page's header.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        services.update_profile(request.user, **form.cleaned_data)
        with translation.override(request.user.language):
            messages.success(request, _("Votre compte est à jour."))
        return redirect("accounts:profile")
    context = {
        "form": form,
        "assignments": request.user.role_assignments.select_related("group", "region").order_by("pk"),
        "has_second_factor": second_factor.is_set_up(request.user),
        "second_factor_compulsory": second_factor.is_compulsory(request.user),
        "has_identity_provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)
