"""Where a project stands, as its page says it: the stops of the road, who must act next, what this user may do."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from projects import access
from projects.deadlines.people import who
from projects.forms.screening import SECTIONS
from projects.lifecycle import TRANSITIONS, Transition
from projects.models import AgendaItem, Committee, Deadline, ItemState, Project, ReturnReason, ReviewSession, Screening
from projects.services.committee import right_committee
from projects.states import ENDED, State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock

# The road as a reader follows it, and where the states beside it stand.
MAIN = (
    State.DRAFT, State.SUBMITTED, State.SCREENING, State.ELIGIBLE, State.IN_REVIEW, State.RECOMMENDED, State.APPROVED,
    State.AGREED, State.ACTIVE, State.COMPLETED, State.CLOSED,
)  # fmt: skip
LEFT_THE_ROAD = (State.WITHDRAWN, State.CANCELLED)  # from wherever the project stood
STANDS_AT = {
    State.SUSPENDED: State.ACTIVE,
    State.RETURNED: State.DRAFT,
    State.INADMISSIBLE: State.ELIGIBLE,
    State.NOT_RECOMMENDED: State.RECOMMENDED,
    State.REFUSED: State.APPROVED,
}


BESIDE_THE_ROAD = "vetting"  # shown among the deadlines; it is no step of the project's own
# What is asked because of the state alone waits since the project came to it, whenever its clock began.
OF_THE_STATE = frozenset({"screening", "review", "decision", "agreement", "start", "closure"})


@dataclass(frozen=True)
class Stop:
    """A stop on the road, as `parts/road.html` draws it: done, current, stopped or todo."""

    label: str
    status: str
    when: dt.datetime | None = None
    icon: str = ""


@dataclass(frozen=True)
class NextMove:
    """Who must do what, since when and, where a clock runs, by when."""

    who: str
    what: str
    since: dt.date | None
    due: dt.date | None = None
    url: str = ""

    @property
    def days_late(self) -> int:
        return max(0, (clock.today() - self.due).days) if self.due else 0


@dataclass(frozen=True)
class Action:
    """A transition that concerns this user now; `reasons` say why it cannot be taken, none when it can."""

    transition: Transition
    url: str
    reasons: list[str] = field(default_factory=list)


def place_of(state: State) -> int:
    return MAIN.index(STANDS_AT.get(state, state))


def stops(project: Project) -> list[Stop]:
    """The whole road: what is behind with its dates, where the project is, and what is ahead unless it ended."""
    state, changes = State(project.state), list(project.changes.all())
    arrivals: dict[int, tuple[State, dt.datetime]] = {}
    for change in changes:
        if change.target not in LEFT_THE_ROAD:
            arrivals[place_of(State(change.target))] = (State(change.target), change.at)
    if state in LEFT_THE_ROAD:
        left = State(changes[-1].source) if changes and changes[-1].source else State.DRAFT
        here, last = place_of(left) + 1, Stop(state.label, "stopped", project.state_since, state.icon)
    else:
        here = place_of(state)
        status = "done" if state == State.CLOSED else "stopped" if state in ENDED else "current"
        last = Stop(state.label, status, project.state_since, state.icon)
    behind = [
        Stop(_shown(place, arrivals).label, "done", _arrival(project, place, arrivals), _shown(place, arrivals).icon)
        for place in range(here)
    ]
    ahead = [] if last.status == "stopped" else [Stop(stop.label, "todo") for stop in MAIN[here + 1 :]]
    return [*behind, last, *ahead]


def _shown(place: int, arrivals: dict) -> State:
    """A committee's refusal to recommend stays on the road; a return that was mended does not."""
    state = arrivals.get(place, (MAIN[place], None))[0]
    return state if state == State.NOT_RECOMMENDED else MAIN[place]


def _arrival(project: Project, place: int, arrivals: dict) -> dt.datetime | None:
    return project.created_at if place == 0 else arrivals.get(place, (None, None))[1]


def open_round(project: Project) -> Screening | None:
    return next((screening for screening in project.screenings.all() if screening.closed_at is None), None)


def open_item(project: Project) -> AgendaItem | None:
    return next((item for item in project.agenda_items.all() if item.state == ItemState.WAITING), None)


def with_session_urls(user, items: Iterable[AgendaItem]) -> list[tuple[AgendaItem, str]]:
    """Each item with its page in the session, empty where this user may not read the session. One query, or none."""
    items = list(items)
    wanted = {item.session_id for item in items}
    seen = (
        set(ReviewSession.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True))
        if wanted
        else set()
    )
    return [
        (item, route_to("projects:session_item", item.session_id, item.pk) if item.session_id in seen else "")
        for item in items
    ]


def committee_awaited(project: Project) -> Committee | None:
    """The committee whose secretary must now take the proposal up; asked of the database in that state only."""
    return right_committee(project) if project.state == State.ELIGIBLE else None


def next_move(project: Project, committee: Committee | None, deadlines: Sequence[Deadline]) -> NextMove | None:
    """What presses most of the project's `deadlines`; None once nothing more is expected of anybody."""
    asked = [deadline for deadline in deadlines if deadline.whose and deadline.code != BESIDE_THE_ROAD]
    first = min(
        asked, key=lambda deadline: (deadline.due_on or dt.date.max, deadline.since or dt.date.max), default=None
    )
    if first is None:
        return None
    since = clock.day_of(project.state_since) if first.code in OF_THE_STATE else first.since
    if since is None and first.opens_on and first.opens_on <= clock.today():
        since = first.opens_on  # what waits for its planned day is on the list of who must act from then on
    return NextMove(who(first, project, committee), str(first.whose.what), since, first.due_on, first.url)


def actions(user, project: Project, committee: Committee | None) -> list[Action]:
    """The transitions that leave this state and that this user's role opens here, in the order of the table."""
    state = State(project.state)
    return [
        Action(
            transition,
            route_to("projects:transition", project.pk, transition.name),
            reasons_against(transition, user, project, committee),
        )
        for transition in TRANSITIONS.values()
        if not transition.by_system and state in transition.sources and transition.role(user, project)
    ]


def reasons_against(transition: Transition, user, project: Project, committee: Committee | None) -> list[str]:
    """The table's reasons, and for an agenda which committee is the right one."""
    reasons = transition.reasons_against(user, project)
    if transition.name != "put_on_agenda" or reasons:
        return reasons
    if committee is None:
        return [_("Aucun comité de revue n’est constitué pour ce projet.")]
    scope = user.scopes[Role.COMMITTEE_SECRETARY]
    if scope.everywhere or (committee.region_id and scope.covers(committee.region_id)):
        return []
    return [_("Ce projet relève d’un autre comité : %(committee)s.") % {"committee": committee}]


def route_to(name: str, *args) -> str:
    """The address of a page of another part of the portal, empty where that part has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def edit_url(project: Project, step: str) -> str:
    return route_to("projects:edit", project.pk, step)


@dataclass(frozen=True)
class Mending:
    """What the author must mend in one section, and where."""

    section: str
    text: str
    url: str


def to_mend(user, project: Project) -> tuple[Screening, list[Mending]] | None:
    """The round that returned the proposal, with its reasons in the form's order; None in any other state."""
    rounds = list(project.screenings.all())
    if project.state != State.RETURNED or not rounds:
        return None
    link = partial(edit_url, project) if access.can_edit(user, project) else lambda step: ""
    return rounds[-1], [
        Mending(section_label(reason), reason.text, link(reason.step)) for reason in in_form_order(rounds[-1])
    ]


def in_form_order(screening: Screening) -> list[ReturnReason]:
    order = list(SECTIONS)
    return sorted(screening.reasons.all(), key=lambda r: order.index(r.step) if r.step in order else len(order))


def section_label(reason: ReturnReason) -> str:
    return str(SECTIONS.get(reason.step, reason.step))
