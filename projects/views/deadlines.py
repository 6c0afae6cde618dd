"""What is expected, by when: of the reader, or of everybody on the projects that they read."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects.models import Deadline
from sr_portal.web.keyset import PARAMETER, KeysetPage

VIEWS = {  # the address's words → everybody's or one's own, late ones only or all
    "": (False, False),
    "retard": (False, True),
    "tous": (True, False),
    "tous-retard": (True, True),
}


@require_safe
@login_required
def deadlines(request: HttpRequest) -> HttpResponse:
    """The latest first, then what is due next, then what waits without limit."""
    asked = request.GET.get("vue", "")
    everybody, late = VIEWS.get(asked, VIEWS[""])
    found = Deadline.objects.asked() if everybody else Deadline.objects.for_user(request.user).now()
    if late:
        found = found.late()
    page = KeysetPage.of(
        found.of_visible(request.user).for_list(), request.GET.get(PARAMETER, ""), order="due_on"
    )  # fmt: skip
    labels = {
        "": _("À faire"),
        "retard": _("Mes retards"),
        "tous": _("De tous"),
        "tous-retard": _("Retards de tous"),
    }
    views = [
        {"label": label, "url": f"?vue={name}" if name else "?", "current": VIEWS[name] == (everybody, late)}
        for name, label in labels.items()
    ]
    return render(
        request, "projects/deadlines/list.html", {"page": page, "all": everybody, "late": late, "views": views}
    )
