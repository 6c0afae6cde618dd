"""What the forms of coordination share: acting once, and showing what somebody else saved in between."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from funds import coordination_access as access
from funds.models import CoordinationGroup
from funds.services.coordination import Changed
from sr_portal.web.acting import act_on_form


def must_write(user, group: CoordinationGroup) -> None:
    if not access.writes(user, group):
        raise PermissionDenied


def acted(
    request: HttpRequest,
    template: str,
    form: forms.BaseForm,
    act: Callable[[], str],
    context: dict[str, Any],
    *,
    again: Callable[[], Any] | None = None,
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
                form.data["seen"] = str(theirs["theirs"].version)  # type: ignore[index]
            raise

    return act_on_form(request, template, form, effect, lambda: {**context, **theirs})
