"""What refers to an organisation, found by looking at the models: a table that is added later is never forgotten."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pghistory.models import Event

from funds.models import BankAccount, DistinctPair, Organisation

Obstacle = Callable[[Organisation, Organisation], list[str]]
_obstacles: list[Obstacle] = []


def obstacle(found: Obstacle) -> Obstacle:
    """Let an app above say why two organisations (duplicate, survivor) cannot be merged now; gives the reasons."""
    if found not in _obstacles:
        _obstacles.append(found)
    return found


def obstacles(duplicate: Organisation, survivor: Organisation) -> list[str]:
    return [reason for find in _obstacles for reason in find(duplicate, survivor)]


@obstacle
def said_to_be_two(duplicate: Organisation, survivor: Organisation) -> list[str]:
    """Whoever said that these are two takes it back first, by a name and on a day: nothing is contradicted in silence."""
    return [
        gettext(
            "Ces fiches sont marquées différentes (« %(reason)s ») : levez d’abord la marque à la page des doublons possibles."
        )
        % {"reason": mark.reason}
        for mark in DistinctPair.objects.standing_between(duplicate, survivor)
    ]


@dataclass(frozen=True)
class Reference:
    """A foreign key to an organisation. `stays` says why its rows keep the retired record, when they do."""

    model: type[models.Model]
    field: Any
    stays: str | Promise = ""

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def rows(self, organisation: Organisation) -> models.QuerySet:
        return self.model._base_manager.filter(**{self.field.name: organisation})


# The number of an account is sealed for one organisation and its details never change: the account stays where finance
# verified it, and another is entered and verified for the survivor. Two records said to be two are named as they were
# when it was said, and the database holds them: `DistinctPair.objects.standing_between` reads it of the survivor.
STAY: dict[tuple[type[models.Model], str], str | Promise] = {
    (BankAccount, "organisation"): _("un compte ne vaut que pour la fiche où les finances l’ont vérifié"),
    (DistinctPair, "earlier"): _("ce qui a été dit de deux fiches reste dit d’elles"),
    (DistinctPair, "later"): _("ce qui a été dit de deux fiches reste dit d’elles"),
}


@cache
def references() -> tuple[Reference, ...]:
    """Every foreign key and one-to-one to an organisation, those of many-to-many tables too; not the history, which
    says what was."""
    return tuple(
        Reference(model, field, STAY.get((model, field.name), ""))
        for model in apps.get_models(include_auto_created=True)
        if not issubclass(model, Event) and model._meta.managed and not model._meta.proxy
        for field in model._meta.local_fields
        if field.remote_field and field.related_model is Organisation
    )
