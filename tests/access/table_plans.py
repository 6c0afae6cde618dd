"""The doors of regional plans and of studies. What stands behind a door is made when it is knocked at."""

from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import FindingProject
from projects.services import studies
from projects.states import State
from regions.models import Study
from regions.services import plans
from tests.documents.files import jpeg
from tests.factories.plans import (
    AxisFactory,
    IndicatorFactory,
    KeyFindingFactory,
    PriorityFactory,
    StudyFactory,
    validated,
)
from tests.factories.regions import region

from .doors import Actors, Door, Who
from .people import OFFICERS, SIGNED_IN, Actor
from .readers import STATES as ROAD
from .readers import project_door
from .world import World

READS: Actors = SIGNED_IN - {Actor.NO_ROLE, Actor.PARTNER}
HERE: Actors = frozenset({Actor.SCREENER, Actor.OFFICER, Actor.MANAGER, Actor.SECTION_HEAD})
HEAD: Actors = frozenset({Actor.SECTION_HEAD})
WRITERS: Actors = HERE | OFFICERS | {Actor.MANAGER_ELSEWHERE}
STATES = ("draft", "validated")


def _plan(state: str):
    plan = PriorityFactory(axis__plan__region=region()).plan
    return validated(plan) if state == "validated" else plan


def _indicator(state: str) -> dict[str, int]:
    indicator = IndicatorFactory(priority__axis__plan__region=region())
    if state == "validated":
        validated(indicator.priority.plan)
    return {"pk": indicator.priority.plan_id, "part_pk": indicator.pk}


def _part(kind: str) -> dict[str, int]:
    if kind == "indicator":
        return _indicator("draft")
    part = AxisFactory(plan__region=region()) if kind == "axis" else PriorityFactory(axis__plan__region=region())
    return {"pk": part.plan_id, "part_pk": part.pk}


def _with_file(world: World) -> dict[str, int]:
    upload = SimpleUploadedFile("Plan.jpg", jpeg())
    return {"pk": plans.file_document(by=world.people[Actor.SECTION_HEAD], plan=_plan("draft"), upload=upload).pk}


def plan_door(route: str, *, get: Who, post: Who | None = None, **more) -> Door:
    enters = READS if get == READS else WRITERS
    extra = {"step": more.pop("step")} if "step" in more else {}
    return Door(
        route, get=get, post=post, enters=enters, sees=READS, states=more.pop("states", STATES),
        arguments=lambda _world, state: {"pk": _plan(state).pk} | extra, **more,
    )  # fmt: skip


def part_doors(kind: str) -> tuple[Door, ...]:
    arguments = {"arguments": lambda _world, _state: _part(kind), "enters": WRITERS, "sees": READS}
    return (
        plan_door(f"projects:plan_{kind}_add", get=HERE, post=HERE, states=("draft",)),
        Door(f"projects:plan_{kind}_edit", get=HERE, post=HERE, **arguments),
        Door(f"projects:plan_{kind}_remove", post=HERE, **arguments),
    )


PLANS = (
    Door("projects:plans", get=READS, enters=READS),
    Door("projects:plan_create", get=WRITERS, post=WRITERS, enters=WRITERS),
    plan_door("projects:plan", get=READS),
    plan_door("projects:plan_history", get=READS),
    plan_door("projects:plan_coverage", get=READS),
    plan_door("projects:plan_coverage_csv", get=READS, states=("validated",)),
    plan_door("projects:plan_coverage_xlsx", get=READS, states=("validated",)),
    plan_door("projects:plan_coverage_slide", get=READS, states=("validated",)),
    Door("projects:plan_document", get=READS, enters=READS, arguments=lambda world, _state: _with_file(world)),
    plan_door("projects:plan_edit", get=HERE, post=HERE),
    plan_door("projects:plan_document_file", get=HERE, post=HERE),
    plan_door("projects:plan_step", get=HEAD, post=HEAD, step="valider", says="valider"),
    plan_door("projects:plan_step", get=HEAD, post=HEAD, step="archiver", says="archiver"),
    plan_door("projects:plan_step", get=HERE, post=HERE, step="version", says="version"),
    plan_door("projects:plan_step", get=HERE, post=HERE, step="supprimer", says="supprimer"),
    *(door for kind in ("axis", "priority", "indicator") for door in part_doors(kind)),
    Door(
        "projects:plan_indicator_measure", get=HERE, post=HERE, enters=WRITERS, sees=READS, states=STATES,
        arguments=lambda _world, state: _indicator(state),
    ),
)  # fmt: skip


# --- Studies --------------------------------------------------------------------------------------------------------
def _study() -> Study:
    study = StudyFactory()
    study.regions.add(region())
    return study


def _paper(world: World) -> dict[str, int]:
    upload = SimpleUploadedFile("Rapport.jpg", jpeg())
    paper = studies.add_document(by=world.people[Actor.SECTION_HEAD], study=_study(), upload=upload, label="Rapport")
    return {"pk": paper.study_id, "paper_pk": paper.pk}


def _finding(world: World) -> dict[str, int]:
    finding = KeyFindingFactory(study=_study())
    FindingProject.objects.create(finding=finding, project=world.projects[State.ACTIVE])
    return {"pk": finding.study_id, "finding_pk": finding.pk}


def study_door(route: str, *, get: Who, post: Who | None = None) -> Door:
    enters = READS if get == READS else WRITERS
    return Door(
        route, get=get, post=post, enters=enters, sees=READS, arguments=lambda _world, _state: {"pk": _study().pk}
    )


def deep(route: str, find, *, get: Who | None = None, post: Who | None = None) -> Door:
    enters = READS if get == READS else WRITERS
    return Door(route, get=get, post=post, enters=enters, sees=READS, arguments=lambda world, _state: find(world))


STUDIES = (
    Door("projects:studies", get=READS, enters=READS),
    Door("projects:study_create", get=WRITERS, post=WRITERS, enters=WRITERS),
    study_door("projects:study", get=READS),
    study_door("projects:study_history", get=READS),
    study_door("projects:study_edit", get=HERE, post=HERE),
    study_door("projects:study_document_add", get=HERE, post=HERE),
    study_door("projects:study_finding_add", get=HERE, post=HERE),
    deep("projects:study_document", _paper, get=READS),
    deep("projects:study_document_withdraw", _paper, get=HERE, post=HERE),
    deep("projects:study_finding_edit", _finding, get=HERE, post=HERE),
    deep("projects:study_finding_remove", _finding, post=HERE),
)

UNATTACHED = {State.DRAFT, State.RETURNED, State.INADMISSIBLE, State.REFUSED, State.WITHDRAWN}
ATTACHING: Who = {state: HERE for state in ROAD if State(state) not in UNATTACHED}
SERVING = (project_door("projects:priority", get=ATTACHING, post=ATTACHING),)
PLANS_AND_STUDIES = (*PLANS, *STUDIES, *SERVING)
