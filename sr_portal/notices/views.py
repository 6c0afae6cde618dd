"""« Mes notifications » for everybody; « Journal des courriels » for administrators and auditors."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sr_portal.accounts.access import only
from sr_portal.accounts.roles import Role, holds
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted

from . import choosing
from .forms import JournalFilter, PreferencesForm
from .models import Mail

reads_journal = holds(Role.ADMINISTRATOR, Role.AUDITOR)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        choosing.choose(request.user, form.ways)
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("notices:preferences")
    return render(request, "notices/preferences.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@only(reads_journal)
def journal(request: HttpRequest) -> HttpResponse:
    form = JournalFilter(request.GET)
    form.is_valid()  # a value that cannot be read is an error of its field and filters nothing
    chosen = form.cleaned_data
    found = Mail.objects.matching(
        status=chosen.get("etat", ""), person=chosen.get("personne", ""), project=chosen.get("projet", "")
    )
    context = {
        "form": form,
        "page": KeysetPage.of(found.for_journal(), request.GET.get(PARAMETER, ""), order="-created_at"),
        "count": counted(found),
        "is_filtered": any(chosen.values()),
    }
    return render(request, "notices/journal.html", context, status=422 if form.errors else 200)
