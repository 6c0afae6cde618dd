"""The doors of visits and findings (domain guide §2: proposers « file visits and reports », managers « visits »)."""

from projects.models import Finding, Visit
from projects.states import UNDER_AGREEMENT, State
from tests.factories import implementation as factories

from .doors import Actors, Door, Who, public
from .people import OFFICERS, SIGNED_IN, Actor
from .readers import IN_GAO, SEES_PROJECT, WRITERS, only_in, project_door
from .world import World

GOES: Actors = WRITERS | IN_GAO | {Actor.MANAGER}
DIRECTS: Actors = IN_GAO | {Actor.MANAGER}
LIVES = sorted(UNDER_AGREEMENT)
WITH_VISITS = (*LIVES, State.CLOSED, State.CANCELLED)


def planned(world: World, state: str) -> Visit:
    project, officer = world.projects[State(state)], world.people[Actor.OFFICER]
    there = project.visits.filter(state="planned").first()
    return there or factories.visit(project, officer, "other", done=False)


def done(world: World, state: str) -> Visit:
    """Made by the officer, with a photo."""
    project, officer = world.projects[State(state)], world.people[Actor.OFFICER]
    return factories.visit(project, officer, "other", photos=("during",))


def finding(world: World, state: str) -> Finding:
    return factories.finding(world.projects[State(state)], world.people[Actor.OFFICER])


def visit_door(route: str, *, get: Who, post: Who | None = None, made: bool = False) -> Door:
    def arguments(world: World, state: str) -> dict:
        visit = (done if made else planned)(world, state)
        return {"pk": visit.project_id, "visit_pk": visit.pk}

    return Door(route, get=get, post=post, sees=SEES_PROJECT, states=WITH_VISITS, arguments=arguments)


def photo_door(route: str) -> Door:
    def arguments(world: World, state: str) -> dict:
        photo = done(world, state).photos.get()
        return {"pk": photo.visit.project_id, "visit_pk": photo.visit_id, "public_id": photo.document.public_id}

    return Door(
        route, get=SEES_PROJECT, sees=SEES_PROJECT, states=(State.ACTIVE, State.CLOSED), arguments=arguments
    )  # fmt: skip


def finding_door(route: str, *, get: Who, post: Who | None = None) -> Door:
    def arguments(world: World, state: str) -> dict:
        found = finding(world, state)
        return {"pk": found.project_id, "finding_pk": found.pk}

    return Door(route, get=get, post=post, sees=SEES_PROJECT, states=WITH_VISITS, arguments=arguments)


def while_it_lives(who: Actors) -> Who:
    return only_in(*LIVES, who=who)


READS_VISITS: Actors = SIGNED_IN - {Actor.NO_ROLE, Actor.PARTNER, Actor.ADMINISTRATOR}

HOLDS_VISITS: Actors = frozenset(
    {Actor.AUTHOR, Actor.COAUTHOR, Actor.PROPOSER, Actor.MANAGER, Actor.MANAGER_ELSEWHERE} | OFFICERS
)

VISITS = (
    public("projects:service_worker"),
    public("projects:manifest"),
    Door("projects:visit_field", get=HOLDS_VISITS, enters=HOLDS_VISITS),
    Door("projects:visit_field_session", get=HOLDS_VISITS, enters=HOLDS_VISITS),
    Door("projects:visit_field_visits", get=HOLDS_VISITS, enters=HOLDS_VISITS),
    Door("projects:visit_calendar", get=READS_VISITS, enters=READS_VISITS),
    Door("projects:findings", get=READS_VISITS, enters=READS_VISITS),
    project_door("projects:visits", get=SEES_PROJECT),
    project_door("projects:visit_add", get=while_it_lives(GOES), post=while_it_lives(GOES)),
    project_door("projects:finding_add", get=while_it_lives(GOES), post=while_it_lives(GOES)),
    visit_door("projects:visit", get=SEES_PROJECT),
    visit_door("projects:visit_edit", get=while_it_lives(GOES), post=while_it_lives(GOES)),
    visit_door("projects:visit_cancel", get=while_it_lives(DIRECTS), post=while_it_lives(DIRECTS)),
    visit_door("projects:visit_report", get=while_it_lives(GOES), post=while_it_lives(GOES)),
    visit_door("projects:visit_photos", get=while_it_lives(GOES), post=while_it_lives(GOES), made=True),
    photo_door("projects:visit_photo"),
    photo_door("projects:visit_photo_thumbnail"),
    finding_door("projects:finding", get=SEES_PROJECT),
    finding_door("projects:finding_close", get=while_it_lives(IN_GAO), post=while_it_lives(IN_GAO)),
    finding_door("projects:finding_move", get=while_it_lives(DIRECTS), post=while_it_lives(DIRECTS)),
)
