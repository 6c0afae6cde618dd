"""The report of a visit: a plain form with photos, which a script on the device also sends, once however often."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects.forms.visits import ReportForm
from projects.models import Project, Visit, VisitState
from projects.services import visit_reports as services
from projects.services.visits import Outdated
from projects.visit_access import Rights, rights_of
from sr_portal.web.kept import keeps_input, take_kept

from . import visit_conflict
from .project_pages import act, must
from .visit_device import device_data, words
from .visits import context_of, followed_project, must_have, visit_of

TEMPLATE = "projects/visits/report.html"


def by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def visit_report(request: HttpRequest, pk: int, visit_pk: int) -> HttpResponse:
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    visit = visit_of(project, visit_pk)
    must_have(rights.visits, rights)
    if request.method != "POST":
        must(not (against := services.reasons_against_reporting(rights, visit)), against)
        return _show(request, visit, rights)
    return _file(request, project, visit, rights)


def _show(request: HttpRequest, visit: Visit, rights: Rights) -> HttpResponse:
    kept = take_kept(request)
    if kept is not None:
        messages.warning(request, _("Voici ce que vous aviez saisi. Les photos n’ont pas été reçues : choisissez-les."))
    form = ReportForm(kept, visit=visit)
    return render(request, TEMPLATE, {"form": form, **page_context(request.user, visit, rights)})


def _file(request: HttpRequest, project: Project, visit: Visit, rights: Rights) -> HttpResponse:
    must_be_theirs(request)
    form = ReportForm(request.POST, file_lists(request), visit=visit)

    def effect() -> str:
        filed = services.report(
            visit=visit, user=request.user, version=form.cleaned_data["version"], values=form.values,
            findings=form.rows.new_findings(), photos=form.photos,
        )  # fmt: skip
        if not by_script(request):
            messages.success(request, _("Le compte rendu est enregistré."))
        # The fragment tells a device that sends again which version its own report became.
        return f"{reverse('projects:visit', args=[project.pk, visit.pk])}#v{filed.version}"

    try:
        answer = act(request, TEMPLATE, form, effect, lambda: page_context(request.user, visit, rights))
    except Outdated as newer:
        return visit_conflict.answer(request, form, newer.stored, rights, as_json=by_script(request))
    return _for_script(answer, form) if by_script(request) else answer


def must_be_theirs(request: HttpRequest) -> None:
    """What a device kept for one person is never filed as another's, who signed in on it since."""
    writer = request.headers.get("X-Draft-User")
    must(writer in (None, str(request.user.pk)), [_("Ce brouillon est celui d’une autre personne.")])


def file_lists(request: HttpRequest) -> QueryDict:
    """Every file of each name: a plain look-up would give the last one alone."""
    return {name: request.FILES.getlist(name) for name in request.FILES}


def page_context(user, visit: Visit, rights: Rights) -> dict:
    return context_of(visit.project, rights) | {
        "visit": visit,
        "is_correction": visit.state == VisitState.DONE,
        "open_findings": (still_open := list(visit.project.findings.open().with_people())),
        "words": words(),
        "device": device_data(user, visit, still_open),
    }


def _for_script(answer: HttpResponse, form: ReportForm) -> HttpResponse:
    if answer.status_code == 302:
        url, _hash, version = answer["Location"].partition("#v")
        return JsonResponse({"saved": True, "version": int(version), "url": url})
    if answer.status_code == 422:
        return JsonResponse({"saved": False, "errors": errors_of(form)}, status=422)
    return JsonResponse({"saved": False, "errors": {"": [_("Cet envoi n’a plus de clé valable.")]}}, status=400)


def errors_of(form: ReportForm) -> dict[str, list[str]]:
    """Messages by the name of the control, "" for the form as a whole."""
    found = {"" if name == "__all__" else name: list(texts) for name, texts in form.errors.items()}
    for row in form.rows.forms if form.rows.is_bound else ():
        for name, texts in row.errors.items():
            found[row.add_prefix(name)] = list(texts)
    return found
