"""Knocking at a door as each person, by each method, in each state; what they are told, and whether it wrote.

In the first state of a door all is as in the portal. In the others the person is taken as the first state found them
(signed session, account, roles), the page of a refusal is not drawn, and of those who enter one in turn has their page
drawn: what differs from state to state is what the view decides, and that is asked of it every time.
"""

import gc
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from unittest import mock

import pytest
from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest
from django.template.backends.django import Template
from django.urls import reverse

from sr_portal.accounts.models import User

from .doors import Door, Outcome
from .people import Actor
from .world import World, contents, rows_written

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Knock = tuple[str, Actor]  # a method and who tries it
Found = dict[Knock, Outcome]


def ask(world: World, actor: Actor, method: str, address: str) -> Outcome:
    """What becomes of a request that brings a valid key and nothing else."""
    data = {"one_time_key": str(uuid.uuid4())} if method == "POST" else None
    client = world.clients[actor]
    cookies = copy(client.cookies)
    answer = getattr(client, method.lower())(address, data)
    client.cookies = cookies  # signing out is undone as well
    if answer.status_code in (301, 302) and answer["Location"].startswith(("/compte/connexion/", "/reference/login/")):
        return Outcome.SIGN_IN
    if answer.status_code >= 500:
        pytest.fail(f"{method} {address} by {actor}: status {answer.status_code}")
    if answer.status_code == 401 and address.startswith("/api/"):
        return Outcome.SIGN_IN  # a program is told by the status, not sent to a page
    refusals = {403: Outcome.FORBIDDEN, 404: Outcome.NOT_FOUND, 405: Outcome.NO_SUCH_METHOD}
    return refusals.get(answer.status_code, Outcome.OPEN)


# --- What need not be done again ------------------------------------------------------------------------------------
@contextmanager
def rolled_back() -> Iterator[None]:
    savepoint = transaction.savepoint()
    yield
    transaction.savepoint_rollback(savepoint)


def without_pages() -> mock._patch:
    return mock.patch.object(Template, "render", return_value="")


@contextmanager
def people_known(world: World) -> Iterator[None]:
    """A session still has to be there and signed; the account and the roles behind it are not read again."""
    known = {}
    for user in User.objects.filter(pk__in=[person.pk for person in world.people.values()]):
        user.scopes  # noqa: B018  read once, kept by the object
        known[str(user.pk)] = user
    plain = auth.get_user

    def get_user(request: HttpRequest):
        found = known.get(request.session.get(auth.SESSION_KEY, ""))
        return copy(found) if found else plain(request)

    with mock.patch.object(auth, "get_user", get_user):
        yield


@contextmanager
def without_collector() -> Iterator[None]:
    """Looking for cycles among the objects of thousands of requests costs more than these objects."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()


# --- Who wrote ------------------------------------------------------------------------------------------------------
def knock_and_watch(world: World, address: str, knocks: Iterable[Knock], drawn=lambda knock: True):
    """What each is told; and, of those who are refused, who wrote which tables."""
    found, wrote = {}, []
    before = rows_written()
    for knock in knocks:
        method, actor = knock
        with rolled_back(), ExitStack() as stack:
            if not drawn(knock):
                stack.enter_context(without_pages())
            found[knock] = ask(world, actor, method, address)
        after = rows_written()
        if found[knock] is not Outcome.OPEN and after != before:
            touched = {table for table in after if after[table] != before.get(table)}
            if changed := left_changed(world, address, knock, touched):
                wrote.append(f"{address}: a refused request wrote {', '.join(changed)}: {method} by {actor}")
            after = rows_written()
        before = after
    return found, wrote


def left_changed(world: World, address: str, knock: Knock, touched: set[str]) -> list[str]:
    """Of the tables that a request wrote to, those that hold something else after it: a view may undo what it began."""
    method, actor = knock
    before = contents(touched)
    with rolled_back():
        ask(world, actor, method, address)
        after = contents(touched)
    return sorted(table for table in touched if after[table] != before[table])


def refused_together(world: World, address: str, knocks: list[Knock]) -> tuple[Found, list[str]]:
    """As `knock_and_watch`, for those who must be refused: the counters are read for all at once, then one by one."""
    before = rows_written()
    with rolled_back():
        found = {(method, actor): ask(world, actor, method, address) for method, actor in knocks}
    return (found, []) if rows_written() == before else knock_and_watch(world, address, knocks)


# --- The walk -------------------------------------------------------------------------------------------------------
def methods_of(door: Door, state: str) -> tuple[str, ...]:
    """All in the first state; then those that the door has: no state opens a method that is not there."""
    if state == door.states[0]:
        return METHODS
    return tuple(name for name, who in (("GET", door.get), ("POST", door.post)) if who is not None)


def walk(world: World, door: Door, state: str) -> list[str]:
    """What differs from the table, for one door and one state of its object."""
    address = reverse(door.route, kwargs=door.arguments(world, state))
    rank = door.states.index(state)
    expected = {
        (method, actor): door.expected(method, actor, state) for method in methods_of(door, state) for actor in Actor
    }
    shut = [knock for knock, outcomes in expected.items() if Outcome.OPEN not in outcomes]
    others = [knock for knock, outcomes in expected.items() if Outcome.OPEN in outcomes]
    if rank == 0:
        found, wrote = refused_together(world, address, shut)
        entered, left = knock_and_watch(world, address, others)
    else:
        chosen = others[rank % len(others)] if others else None
        with people_known(world):
            with without_pages():
                found, wrote = refused_together(world, address, shut)
            entered, left = knock_and_watch(world, address, others, drawn=lambda knock: knock == chosen)
    return [*deviations(address, state, expected, found | entered), *wrote, *left]


def deviations(address: str, state: str, expected: dict[Knock, frozenset[Outcome]], found: Found) -> list[str]:
    told = defaultdict(list)
    for (method, actor), outcome in found.items():
        if outcome not in expected[method, actor]:
            wanted = " or ".join(sorted(expected[method, actor]))
            told[f"{method} {address} ({state or 'any state'}): {outcome}, not {wanted}"].append(actor)
    return [f"{what}: {', '.join(who)}" for what, who in told.items()]
