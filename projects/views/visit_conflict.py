"""A report mended by somebody else in between: both versions side by side, and the choice is the reader's."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from projects.forms.visits import ReportForm
from projects.models import Visit
from projects.services.visit_reports import REPORTED
from projects.visit_access import Rights

from .proposal_conflict import shown
from .visit_device import raw_values
from .visits import context_of

NEVER_COMPARED = frozenset({"accuracy_m"})  # follows the position


@dataclass(frozen=True)
class Difference:
    """A field that differs: what the reader typed and what is stored, as people read them."""

    name: str
    label: str
    mine: str
    stored: str


def differences(form: ReportForm, stored: Visit) -> list[Difference]:
    return [
        Difference(
            name, str(form.fields[name].label),
            shown(form.fields[name], form.cleaned_data.get(name)), shown(form.fields[name], getattr(stored, name)),
        )
        for name in REPORTED
        if name not in NEVER_COMPARED and form.cleaned_data.get(name) != getattr(stored, name)
    ]  # fmt: skip


def answer(request: HttpRequest, form: ReportForm, stored: Visit, rights: Rights, *, as_json: bool) -> HttpResponse:
    """Status 409: nothing was written. The page's form carries the stored version on, to be sent knowingly."""
    who, found = last_writer(stored), differences(form, stored)
    if as_json:
        return JsonResponse(
            {
                "saved": False,
                "conflict": {
                    "version": stored.version, "by": who, "values": raw_values(stored),
                    "differences": [
                        {"name": one.name, "label": one.label, "mine": one.mine, "stored": one.stored} for one in found
                    ],
                },
            },
            status=409,
        )  # fmt: skip
    again = ReportForm({**request.POST.dict(), "version": stored.version}, form.files, visit=stored)
    context = {"form": again, "differences": found, "last": who, "by_self": who == request.user.name}
    context |= context_of(stored.project, rights) | {"visit": stored, "is_correction": True, "open_findings": []}
    return render(request, "projects/visits/report.html", context, status=409)


def last_writer(visit: Visit) -> str:
    event = visit.events.order_by("-pgh_id").values_list("pgh_context", flat=True).first()
    return (event or {}).get("user_name", "") or _("Quelqu’un")
