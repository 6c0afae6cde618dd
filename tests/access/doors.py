"""What a door is: a route, who passes it by each method, and what the others are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .people import EVERYBODY, SIGNED_IN, Actor
from .world import World

Actors = frozenset[Actor]
Who = Actors | Mapping[str, Actors]  # the same in every state, or by state (a state that is not named: nobody)
NOBODY: Actors = frozenset()


class Outcome(StrEnum):
    OPEN = "open"  # the page, its result, or a form sent back to be completed
    SIGN_IN = "sign in"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"
    NO_SUCH_METHOD = "no such method"


REFUSALS = frozenset(Outcome) - {Outcome.OPEN}


def in_state(who: Who, state: str) -> Actors:
    return who.get(state, NOBODY) if isinstance(who, Mapping) else who


@dataclass(frozen=True)
class Door:
    """`enters` pass the door of the role, the others get 403 before any record is looked up. Of those, the ones who
    do not `see` the object get 404, and those who see it but may not act get 403."""

    route: str
    get: Who | None = None  # None: the route has no such method
    post: Who | None = None
    enters: Actors = SIGNED_IN
    sees: Who = SIGNED_IN
    states: tuple[str, ...] = ("",)
    arguments: Callable[[World, str], dict[str, Any]] = field(default=lambda world, state: {})
    says: str = ""
    foreign: bool = False  # another library's view: only GET and POST are ours to declare
    otherwise: Outcome | None = None  # what the others are told, where it is none of the usual answers

    @property
    def name(self) -> str:
        return f"{self.route} {self.says}".strip()

    def expected(self, method: str, actor: Actor, state: str) -> frozenset[Outcome]:
        who = {"GET": self.get, "POST": self.post}.get(method)
        if who is None:
            return frozenset(Outcome) if self.foreign else REFUSALS
        if actor in in_state(who, state):
            return frozenset({Outcome.OPEN})
        if self.otherwise:
            return frozenset({self.otherwise, Outcome.SIGN_IN} if actor is Actor.ANONYMOUS else {self.otherwise})
        if actor is Actor.ANONYMOUS:
            return frozenset({Outcome.SIGN_IN})
        if actor not in self.enters or actor in in_state(self.sees, state):
            return frozenset({Outcome.FORBIDDEN})
        return frozenset({Outcome.NOT_FOUND})


def public(route: str, **more: Any) -> Door:
    return Door(route, get=EVERYBODY, **more)
