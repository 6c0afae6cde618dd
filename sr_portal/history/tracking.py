"""Which records keep their history: `@tracked()` gives a model its append-only, sealed event table."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

ModelClass = TypeVar("ModelClass", bound=type[models.Model])


class Unignorable(pgtrigger.Trigger):
    """A trigger that runs one of the functions of history's own migration, straight.

    pgtrigger wraps each function in a test of the `pgtrigger.ignore` setting, which any SQL session may set. What
    protects the history must not be switched off that easily.
    """

    function: str
    func = "RETURN NULL;"

    def render_execute(self, model: models.Model) -> str:
        return f"{self.function}()"


def append_only() -> pgtrigger.Trigger:
    """Refuses UPDATE, DELETE and TRUNCATE as statements, so even those that would touch no row."""
    trigger = Unignorable(
        name="append_only",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
    )
    trigger.function = "history_refuse_change"
    return trigger


def sealed() -> pgtrigger.Trigger:
    """Adds each new event to the chain of hashes of its object (see `sr_portal.history.models.Seal`)."""
    trigger = Unignorable(name="seal", level=pgtrigger.Row, when=pgtrigger.After, operation=pgtrigger.Insert)
    trigger.function = "history_seal_event"
    return trigger


def refuse_truncate() -> pgtrigger.Trigger:
    """For tables kept append-only by other means: TRUNCATE empties them no more than DELETE does."""
    return pgtrigger.Trigger(
        name="refuse_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'append_only: % is never emptied', TG_TABLE_NAME;",
    )


def tracked(exclude: Sequence[str] = ()) -> Callable[[ModelClass], ModelClass]:
    """Keep every insert, change and deletion of a model, from any writer, raw SQL included.

    Database triggers write `<Model>Event` rows with actor, address and request from the context; UPDATE, DELETE and
    TRUNCATE of them are refused, and each is sealed. `exclude` names columns that must never be kept, such as a
    password's hash.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
        append_only=False,  # ours is stricter
        meta={"triggers": [append_only(), sealed()]},
    )
