"""Which records keep their history: `@tracked()` gives a model its append-only event table."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

ModelClass = TypeVar("ModelClass", bound=type[models.Model])


def refuse_truncate() -> pgtrigger.Trigger:
    """The statement trigger that pgtrigger's `Protect` does not offer: TRUNCATE empties no history."""
    return pgtrigger.Trigger(
        name="refuse_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'append_only: % is never emptied', TG_TABLE_NAME;",
    )


def tracked(exclude: Sequence[str] = ()) -> Callable[[ModelClass], ModelClass]:
    """Keep every insert, change and deletion of a model, from any writer, raw SQL included.

    Database triggers write `<Model>Event` rows with actor, address and request from the context; UPDATE and DELETE
    of them are refused by pghistory's append-only triggers, TRUNCATE by ours. `exclude` names columns that must
    never be kept, such as a password's hash.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
        meta={"triggers": [refuse_truncate()]},
    )
