"""What a refusal of the database means to the person whose act it stopped."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

Refusals = Mapping[str, tuple[str | None, Any]]  # the name in the message → (field, what the person reads)
TOO_LARGE = (None, _("Un montant est trop grand."))


@cache
def _constraint_messages(app_label: str) -> dict[str, Any]:
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_app_config(app_label).get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }


def meaning(error: DatabaseError, refusals: Refusals, *, of: str) -> ValidationError:
    """The form error that it means, by `refusals` or by the words of a constraint of the app `of`; else raised again."""
    text = str(error)
    for name, (field, message) in {**refusals, "numeric field overflow": TOO_LARGE}.items():
        if name in text:
            refusal = ValidationError(message, code=name)
            return ValidationError({field: refusal}) if field else refusal
    for name, message in _constraint_messages(of).items():
        if f'"{name}"' in text:
            return ValidationError(message, code=name)
    raise error
