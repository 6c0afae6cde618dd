"""A first migration, from an empty database, in a third of the time; the schema is the same to the letter.

Django renders the models anew for each operation of each migration, and all those related to them; most of our
operations add triggers, which no rendered model ever reads, and most of the time goes into taking fields apart to copy
them. Within `quick_migrations()` triggers render nothing, and fields are copied as they are. Meant for a demo and for
tests: a portal at work has few migrations to apply at a time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from unittest import mock

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Field
from pgtrigger.migrations import AddTrigger, RemoveTrigger


def _without_rendering(operation: type[AddTrigger] | type[RemoveTrigger]) -> Any:
    plain = operation.state_forwards

    def state_forwards(self: AddTrigger, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)  # a state that has rendered nothing has nothing to render anew
        try:
            plain(self, app_label, state)
        finally:
            if rendered is not None:
                state.__dict__["apps"] = rendered

    return mock.patch.object(operation, "state_forwards", state_forwards)


def _rendered_from_copies(plain: Callable[..., Any]) -> Callable[..., Any]:
    def render(self: ModelState, apps: Any) -> Any:
        with mock.patch.object(Field, "clone", deepcopy):
            return plain(self, apps)

    return render


@contextmanager
def quick_migrations() -> Iterator[None]:
    copying = mock.patch.object(ModelState, "render", _rendered_from_copies(ModelState.render))
    with _without_rendering(AddTrigger), _without_rendering(RemoveTrigger), copying:
        yield
