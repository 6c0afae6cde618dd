"""Writing a report: saved at any time, left and resumed, never over what somebody else saved in between."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import report_access as access
from projects.forms.reports import ReportForm
from projects.models import Report
from projects.reporting import results_of, spending_of
from projects.rules import reports as rules
from projects.services import reports as services
from projects.services.drafting import Conflict, canonical, digest, fingerprint
from sr_portal.web.acting import add_refusal
from sr_portal.web.kept import keeps_input, take_kept

from .proposal_conflict import CHOICE, MINE, THEIRS, Difference, shown
from .reports import address, frame, report_for, title_of
from .road_page import route_to

NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "version", "base", "action"})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def write(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    report = report_for(request, pk, report_pk)
    if not access.writes_reports(request.user, report.project):
        raise PermissionDenied(_("Les rapports d’un projet sont rédigés par ses auteurs."))
    if report.state not in rules.WRITABLE:
        return _closed(request, report)
    if request.method == "POST":
        return _save(request, report)
    kept = take_kept(request)
    if kept is not None:
        messages.info(request, _("Voici ce que vous aviez saisi : relisez, puis enregistrez."))
    return _show(request, report, _form(report, kept), base=(kept or {}).get("base", ""))


def _form(report: Report, data: QueryDict | None) -> ReportForm:
    return ReportForm(data, report=report, results=results_of(report), initial=services.stored_values(report))


def _save(request: HttpRequest, report: Report) -> HttpResponse:
    data = resolved(request.POST, report)
    form = _form(report, data)
    if form.is_valid():
        try:
            services.save(
                report=report, user=request.user, version=form.cleaned_data["version"], values=form.values
            )  # fmt: skip
        except Conflict:
            return _conflict(request, report, form)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect(address(report) if data.get("action") == "review" else request.path)
    return _show(request, report, form, status=422, base=data.get("base", ""))


def _show(request: HttpRequest, report: Report, form: ReportForm, *, base: str = "", status: int = 200) -> HttpResponse:
    project = report.project
    visits = project.visits.filter(state="done").select_related("reported_by").order_by("-done_on", "-pk")
    context = frame(report) | {
        "title": title_of(report.get_kind_display(), report.instalment),
        "form": form,
        "base": base or json.dumps(fingerprint(services.stored_values(report)), separators=(",", ":")),
        "spending": spending_of(project, report.instalment) if rules.has_money(report.kind) else None,
        "money_url": route_to("projects:money", project.pk),
        "visits_url": route_to("projects:visits", project.pk),
        "visits": list(visits[:5]) if rules.has_results(report.kind) else [],
        "last_return": report.returns.select_related("returned_by").last() if report.state == "returned" else None,
        "previous": _previous(report),
    }
    return render(request, "projects/reports/write.html", context, status=status)


def _previous(report: Report) -> Report | None:
    """The report before this one that said what was to be done next."""
    earlier = [one for one in report.siblings if one.pk < report.pk and one.next_steps.strip()]
    return earlier[-1] if earlier and rules.has_results(report.kind) else None


def _closed(request: HttpRequest, report: Report) -> HttpResponse:
    """It was submitted meanwhile: nothing is written, and what was typed is shown to be copied."""
    typed = [
        (name, value)
        for name, value in request.POST.items()
        if value.strip() and name not in {*NOT_CARRIED, "one_time_key"} and not name.startswith(CHOICE)
    ]
    labels = {name: field.label for name, field in _form(report, None).fields.items()}
    context = frame(report) | {"typed": [(labels.get(name, name), value) for name, value in typed]}
    return render(request, "projects/reports/closed.html", context, status=409 if typed else 200)


# --- Two versions ---------------------------------------------------------------------------------------------------
def _conflict(request: HttpRequest, report: Report, form: ReportForm) -> HttpResponse:
    report = report_for(request, report.project_id, report.pk)
    stored = services.stored_values(report)
    base = _read_base(form.data.get("base", ""))
    event = report.events.order_by("-pgh_id").values_list("pgh_context", flat=True).first()
    context = frame(report) | {
        "title": title_of(report.get_kind_display(), report.instalment),
        "differences": [
            _difference(form, name, value, stored[name], base.get(name))
            for name, value in form.values.items()
            if canonical(value) != canonical(stored[name])
        ],
        "carried": [
            (name, value)
            for name, value in form.data.items()
            if name not in NOT_CARRIED and not name.startswith(CHOICE)
        ],
        "base": json.dumps(fingerprint(stored), separators=(",", ":")),
        "last": (last := (event or {}).get("user_name", "")),
        "by_self": last == request.user.name,
    }
    return render(request, "projects/reports/conflict.html", context, status=409)


def _read_base(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _difference(form: ReportForm, name: str, mine, theirs, base: str | None) -> Difference:
    """Theirs is proposed where only they changed something; else mine, which is what is on the reader's mind."""
    field = form.fields[name]
    label = str(field.label)
    preferred = THEIRS if base is not None and digest(canonical(mine)) == base else MINE
    return Difference(name, label, [(label, shown(field, mine))], [(label, shown(field, theirs))], preferred)


def resolved(data: QueryDict, report: Report) -> QueryDict:
    """`data` with the parts chosen from the stored version put in; unchanged when it carries no choice."""
    choices = {name.removeprefix(CHOICE): value for name, value in data.items() if name.startswith(CHOICE)}
    if not choices:
        return data
    data = data.copy()
    stored, form = services.stored_values(report), _form(report, None)
    for name, choice in choices.items():
        if choice == THEIRS and name in stored:
            value = form.fields[name].prepare_value(stored[name])
            data[name] = "" if value is None else str(value)
    return data
