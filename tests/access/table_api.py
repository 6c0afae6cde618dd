"""The doors of the API, knocked at with a session, and of the pages of tokens."""

import datetime as dt

from projects.states import State
from sr_portal.api import tokens
from sr_portal.web import clock
from tests.factories.activities import ActivityFactory
from tests.factories.funds import pledged
from tests.factories.plans import PlanFactory, StudyFactory

from .doors import NOBODY, Actors, Door, in_state
from .people import EVERYBODY, SIGNED_IN, Actor
from .readers import SEES_PROJECT
from .world import World

ADMINISTRATORS: Actors = frozenset({Actor.ADMINISTRATOR})
PEOPLE_READERS: Actors = ADMINISTRATORS | {Actor.AUDITOR}
WITH_ROLE: Actors = SIGNED_IN - {Actor.NO_ROLE}
READS_MONEY: Actors = WITH_ROLE - {Actor.AUTHOR, Actor.COAUTHOR, Actor.PROPOSER}  # a partner what is published of it


READS_ACTIVE: Actors = in_state(SEES_PROJECT, State.ACTIVE) | {Actor.PARTNER}  # a published project


def of_finance(world: World, _state: str) -> dict[str, int]:
    person = world.people[Actor.FINANCE]
    expires = clock.today() + dt.timedelta(days=30)
    token, _secret = tokens.make(by=person, user=person, name="R", scope="published", expires_on=expires)
    return {"pk": token.pk}


def contribution(_world: World) -> int:
    return pledged("1000").pk


def a_plan(world: World) -> int:
    return PlanFactory(created_by=world.people[Actor.SECTION_HEAD]).pk


def a_study(world: World) -> int:
    return StudyFactory(created_by=world.people[Actor.SECTION_HEAD]).pk


def activity(world: World) -> int:
    return ActivityFactory(organisation=world.partner, created_by=world.people[Actor.SECTION_HEAD]).pk


def data_door(name: str, key=None, who: Actors = WITH_ROLE) -> tuple[Door, ...]:
    """A list of the API and, where the world has one, a record of it."""
    doors = [Door(f"api:{name}", get=who, enters=frozenset())]
    if key:
        one = Door(
            f"api:{name}_one", get=who, enters=frozenset(), arguments=lambda world, _state: {"key": str(key(world))}
        )
        doors.append(one)
    return tuple(doors)


API = (
    Door("api_docs", get=EVERYBODY),
    Door("api:openapi", get=EVERYBODY),
    Door("api:entrance", get=WITH_ROLE, enters=frozenset()),
    # Without its `kind` the feed is a 400: who enters is asked of the lists.
    Door("api:changes", get=WITH_ROLE, enters=frozenset()),
    *data_door("projects"),
    Door("api:projects_one", get=READS_ACTIVE, enters=WITH_ROLE, sees=NOBODY,
         arguments=lambda world, _state: {"key": str(world.projects[State.ACTIVE].pk)}),
    Door("api:project_document", get=NOBODY, enters=WITH_ROLE, sees=NOBODY,
         arguments=lambda world, _state: {"project": str(world.projects[State.ACTIVE].pk), "public_id": "x"}),
    Door("api:study_document", get=NOBODY, enters=WITH_ROLE, sees=NOBODY,
         arguments=lambda world, _state: {"study": str(a_study(world)), "public_id": "x"}),
    Door("api:code-lists", get=WITH_ROLE, enters=frozenset()),
    Door("api:code-list", get=WITH_ROLE, enters=frozenset(), arguments=lambda _world, _state: {"name": "sector"}),
    Door("api:coverage", get=WITH_ROLE, enters=frozenset()),
    Door("api:summary", get=WITH_ROLE, enters=frozenset()),
    *data_door("plans"),
    *data_door("studies"),
    *(
        # A draft, and a study that is not out yet: there for those who work for the mission only.
        Door(f"api:{name}_one", get=WITH_ROLE - {Actor.PARTNER}, enters=frozenset({Actor.PARTNER}), sees=NOBODY,
             arguments=lambda world, _state, make=make: {"key": str(make(world))})
        for name, make in (("plans", a_plan), ("studies", a_study))
    ),
    *data_door("regions", lambda _world: "ML-7"),
    *data_door("funds", lambda _world: "QIP"),
    *data_door("envelopes", lambda world: world.envelope.pk, READS_MONEY),
    *data_door("contributions", contribution, READS_MONEY),
    *data_door("organisations", lambda world: world.partner.pk),
    *data_door("ptf-activities", activity),
    Door("api_tokens:list", get=SIGNED_IN, post=SIGNED_IN),
    Door("api_tokens:person", get=PEOPLE_READERS, post=ADMINISTRATORS, enters=PEOPLE_READERS,
         arguments=lambda world, _state: {"pk": world.people[Actor.MEMBER].pk}),
    Door("api_tokens:revoke", post=ADMINISTRATORS | {Actor.FINANCE}, enters=SIGNED_IN, sees=PEOPLE_READERS,
         arguments=of_finance),
    Door("api_tokens:history", get=PEOPLE_READERS | {Actor.FINANCE}, enters=SIGNED_IN, sees=PEOPLE_READERS,
         arguments=of_finance),
)  # fmt: skip
