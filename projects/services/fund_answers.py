"""Writing the answers to a mechanism's markers and questions, by name of the form's field (`projects.fund_answers`)."""

from collections.abc import Mapping
from typing import Any

from projects.fund_answers import MARKER
from projects.models import Project, ProjectAnswer, ProjectMarker


def write_answers(project: Project, values: Mapping[str, Any]) -> None:
    """Put what was typed in the place of what is stored; an empty answer takes its row away.

    The caller holds the lock of the project's row, and knows that it may still be written.
    """
    for name, value in values.items():
        text = "" if value is None else str(value).strip()
        key = int(name.rpartition("_")[2])
        if name.startswith(MARKER):
            _put(ProjectMarker, {"project": project, "marker_id": key}, "level_id", int(text) if text else None)
        else:
            _put(ProjectAnswer, {"project": project, "question_id": key}, "text", text or None)


def _put(model: Any, which: dict[str, Any], column: str, value: int | str | None) -> None:
    """The one row of `which` with `value`; none at all for None."""
    stored = model.objects.filter(**which).first()
    if stored is None:
        if value is not None:
            model.objects.create(**which, **{column: value})
    elif value is None:
        stored.delete()
    elif getattr(stored, column) != value:
        setattr(stored, column, value)
        stored.save(update_fields=[column])
