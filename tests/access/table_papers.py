"""The doors of printed documents: each is there for those who read its project, from the state that makes it on."""

from projects.states import State

from .doors import NOBODY, Door
from .readers import SEES_PROJECT

# Printing takes its time: one state before, one in between and one after are enough to show who is handed it.
BEFORE, BETWEEN, AFTER = State.SUBMITTED, State.APPROVED, State.CLOSED
STATES = (State.DRAFT, BEFORE, BETWEEN, AFTER)


def paper_door(route: str, *states: State, **more: object) -> Door:
    """A document that exists in `states` only, elsewhere for nobody. `more` are arguments, or functions of the project."""
    shown = {state.value: SEES_PROJECT[state.value] if state in states else NOBODY for state in STATES}

    def arguments(world, state):
        project = world.projects[State(state)]
        extra = {name: value(project) if callable(value) else value for name, value in more.items()}
        return {"pk": project.pk} | extra

    return Door(
        route, get=shown, sees=SEES_PROJECT if len(states) == len(STATES) else NOBODY,
        states=tuple(state.value for state in STATES), arguments=arguments,
    )  # fmt: skip


def first_of(rows: str, **told: str):
    def key(project) -> int:
        found = getattr(project, rows).filter(**told).order_by("pk").first()
        return found.pk if found else 1

    return key


PAPERS = (
    paper_door("projects:sheet_pdf", *STATES),
    paper_door("projects:memo_pdf", BETWEEN, AFTER),
    paper_door("projects:agreement_pdf", AFTER),
    paper_door("projects:instalment_request_pdf", AFTER, position=1),
    paper_door("projects:visit_pdf", AFTER, key=first_of("visits", state="done")),
    paper_door("projects:report_pdf", AFTER, key=first_of("reports")),
    paper_door("projects:amendment_pdf", number=1),
    paper_door("projects:handover_pdf", AFTER, kind="provisional"),
    paper_door("projects:dossier_pdf", *STATES),
    paper_door("projects:dossier_zip", *STATES),
)
