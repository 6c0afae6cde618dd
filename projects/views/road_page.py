"""Where a project stands, as its page says it: the stops of the road, who must act next, what this user may do."""

import datetime as dt
from dataclasses import dataclass, field
from functools import partial

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access, rules
from projects.lifecycle import TRANSITIONS, Transition
from projects.models import AgendaItem, Committee, ItemState, Project, ReturnReason, Screening
from projects.services.committee import right_committee
from projects.states import ENDED, State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock

# The road as a reader follows it, and where the states beside it stand.
MAIN = (
    State.DRAFT, State.SUBMITTED, State.SCREENING, State.ELIGIBLE, State.IN_REVIEW, State.RECOMMENDED, State.APPROVED,
)  # fmt: skip
STANDS_AT = {
    State.RETURNED: State.DRAFT,
    State.INADMISSIBLE: State.ELIGIBLE,
    State.NOT_RECOMMENDED: State.RECOMMENDED,
    State.REFUSED: State.APPROVED,
}
# The sections of the form, in its order, by the codes of `completeness.REQUIREMENTS`.
SECTIONS = {
    "essentials": gettext_lazy("L’essentiel"),
    "need": gettext_lazy("Le besoin et l’objectif"),
    "plan": gettext_lazy("Les résultats et le calendrier"),
    "people": gettext_lazy("Les bénéficiaires"),
    "partner": gettext_lazy("Le partenaire et la coordination"),
    "budget": gettext_lazy("Le budget"),
    "care": gettext_lazy("Les précautions et la suite"),
    "annexes": gettext_lazy("Les annexes"),
}


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
    since: dt.date
    due: dt.date | None = None

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
        if change.target != State.WITHDRAWN:
            arrivals[place_of(State(change.target))] = (State(change.target), change.at)
    if state == State.WITHDRAWN:
        left = State(changes[-1].source) if changes and changes[-1].source else State.DRAFT
        here, last = place_of(left) + 1, Stop(state.label, "stopped", project.state_since, state.icon)
    else:
        here = place_of(state)
        last = Stop(state.label, "stopped" if state in ENDED else "current", project.state_since, state.icon)
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


def clock_started(project: Project) -> dt.date:
    """The day from which the present limit runs: screening counts from submission, review from eligibility.

    Taking a proposal up or putting it on an agenda does not give more time (domain guide §4, « Time limits »).
    """
    starts = {State.SCREENING: State.SUBMITTED, State.IN_REVIEW: State.ELIGIBLE}
    wanted = starts.get(State(project.state))
    instants = [change.at for change in project.changes.all() if change.target == wanted]
    return timezone.localdate(instants[-1] if instants else project.state_since, timezone.get_default_timezone())


def open_round(project: Project) -> Screening | None:
    return next((screening for screening in project.screenings.all() if screening.closed_at is None), None)


def open_item(project: Project) -> AgendaItem | None:
    return next((item for item in project.agenda_items.all() if item.state == ItemState.WAITING), None)


def committee_awaited(project: Project) -> Committee | None:
    """The committee whose secretary must now take the proposal up; asked of the database in that state only."""
    return right_committee(project) if project.state == State.ELIGIBLE else None


def next_move(project: Project, committee: Committee | None) -> NextMove | None:
    """None once nothing more is expected on this road."""
    state = State(project.state)
    writers = ", ".join(str(person) for person in (project.author, *project.coauthors.all()))
    screening, item = open_round(project), open_item(project)
    who, what = {
        State.DRAFT: (writers, _("Compléter la proposition et la soumettre")),
        State.RETURNED: (writers, _("Corriger la proposition et la soumettre à nouveau")),
        State.SUBMITTED: (_("Un gestionnaire du programme"), _("Prendre la proposition en examen")),
        State.SCREENING: (
            str(screening.screener) if screening else _("Un gestionnaire du programme"),
            _("Remplir la grille de présélection et conclure"),
        ),
        State.ELIGIBLE: (
            _("Le secrétariat : %(committee)s") % {"committee": committee or _("comité de revue à constituer")},
            _("Inscrire la proposition à l’ordre du jour d’une séance"),
        ),
        State.IN_REVIEW: (
            str(item.session.committee) if item else _("Le comité de revue"),
            _("Noter, voter et formuler une recommandation"),
        ),
        State.RECOMMENDED: (_approver_of(project), _("Approuver ou refuser")),
        State.NOT_RECOMMENDED: (_approver_of(project), _("Prononcer le refus, motifs à l’appui")),
    }.get(state, ("", ""))
    if not who:
        return None
    since = timezone.localdate(project.state_since, timezone.get_default_timezone())
    return NextMove(who, what, since, rules.due_on(project, clock_started(project)))


def _approver_of(project: Project) -> str:
    if project.budget_usd <= project.mechanism.delegated_usd:
        return _("L’autorité d’approbation (%(region)s ou mission)") % {"region": project.region}
    return _("L’autorité d’approbation de la mission")


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
    return [_("Ce projet relève d’un autre comité : %(committee)s.") % {"committee": committee}]


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
