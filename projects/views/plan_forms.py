"""What the forms of plans and studies share: acting once, and showing what somebody else saved in between."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict

from regions.services.refusals import as_refusal
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import take_kept
from sr_portal.web.versions import Changed, version_of


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, or what was kept from before a session ended; None for an empty form."""
    return request.POST if request.method == "POST" else take_kept(request)


def acted(
    request: HttpRequest,
    template: str,
    form: forms.BaseForm,
    act: Callable[[], str],
    context: dict[str, Any],
    *,
    again: Callable[[], Any] | None = None,
    version: Callable[[Any], str] = version_of,
) -> HttpResponse:
    """`act_on_form`; when somebody saved in between, `again` reads what they left: the page shows it as `theirs`, and
    the form, sent again, goes over it."""
    theirs: dict[str, Any] = {}

    def effect() -> str:
        try:
            return act()
        except Changed:
            if again is not None:
                theirs["theirs"] = again()
                form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
                form.data["seen"] = version(theirs["theirs"])  # type: ignore[index]
            raise

    return act_on_form(request, template, form, effect, lambda: {**context, **theirs}, refused=as_refusal)
