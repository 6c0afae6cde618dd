"""Acting once on a form, with every refusal told in the form itself and nothing that was typed lost."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .once import act_once


class _NotValid(Exception):
    """The form has errors: raised inside the act, so that a replay is answered before its form is read again."""


def act_on_form(
    request: HttpRequest,
    template: str,
    form: forms.BaseForm,
    act: Callable[[], str],
    context: dict | Callable[[], dict],
    *,
    refused: Callable[[DatabaseError], ValidationError] | None = None,
) -> HttpResponse:
    """Show the form; act once on a valid POST that brings its one-time key, and go to the address that `act` returns.

    A `ValidationError` of the service, or what `refused` makes of the database's own refusal, comes back in the form
    with status 422: its fields where the form has them, above the form otherwise. `context` may be a function, called
    after the act was refused, so that the page shows things as they then stand.
    """
    if request.method == "POST":

        def effect() -> str:
            if not form.is_valid():
                raise _NotValid
            return act()

        try:
            return act_once(request, effect)
        except _NotValid:
            pass
        except ValidationError as error:
            add_refusal(form, error)
        except DatabaseError as error:
            if refused is None:
                raise
            add_refusal(form, refused(error))
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, **(context() if callable(context) else context)}, status=status)


def add_refusal(form: forms.BaseForm, error: ValidationError) -> None:
    """Put each message beside the field that it names, or above the form."""
    form.is_valid()  # `add_error` needs the data as cleaned
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)
