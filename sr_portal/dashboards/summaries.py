"""What a home page tells, each part by one or two queries over what its reader may see."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q

from funds import rules as fund_rules
from funds.access import ANSWERABLE, writes_prospects_somewhere
from funds.models import DonorReport, Envelope, Prospect
from projects.access import areas_of
from projects.models import Cell, Deadline, Decision, Project, ReviewSession
from projects.querysets import written_by
from projects.states import ENDED, GRANTED, State
from sr_portal.accounts.roles import COMMITTEE_ROLES, Role, Scope
from sr_portal.web import clock

WAITING_SHOWN = 8
RECENT_SHOWN = 6

ON_THE_ROAD = [state for state in State if state not in ENDED | GRANTED]
OVERVIEW_ROLES = (Role.REGIONAL_MANAGER, Role.SECTION_HEAD, Role.AUDITOR)
MONEY_ROLES = (Role.APPROVER, Role.FINANCE_OFFICER, Role.SECTION_HEAD, Role.PROGRAMME_OFFICER)


@dataclass(frozen=True)
class StateCount:
    state: State
    count: int


def counts_by_state(user) -> list[StateCount]:
    """Of what the user reads, in the order of the road; states without a project are left out.

    From the sums, where a role reads; what they read for no other reason than that they write it is counted one by one.
    """
    without, with_drafts = areas_of(user)
    drafts = Q(state=State.DRAFT)
    held = _cells_of(Scope.union((without, with_drafts))) & ~drafts | _cells_of(with_drafts) & drafts
    rows = Cell.objects.filter(held).summed("state", measures=("projects",))
    found = Counter(dict(rows.values_list("state", "projects_sum")))
    own = Project.objects.written_beyond_roles_by(user).order_by().values_list("state").annotate(Count("pk"))
    found.update(dict(own))
    return [StateCount(state, int(found[state.value])) for state in State if found.get(state.value)]


def _cells_of(scope: Scope) -> Q:
    return Q(grain="whole_state") if scope.everywhere else Q(grain="state") & scope.as_q("region_id")


def overview(user) -> list[Scope]:
    """Where the user reads all projects, drafts too."""
    return [user.scopes[role] for role in OVERVIEW_ROLES if role in user.scopes]


def waiting_for(user):
    """What it is the user's turn to do now: the latest first, then what is due next, then the oldest."""
    return Deadline.objects.for_user(user).now().of_visible(user).for_list().most_pressing_first()


def own_proposals(user):
    """What the user writes with others or alone and that now lies with somebody else."""
    elsewhere = [state for state in ON_THE_ROAD if state not in (State.DRAFT, State.RETURNED)]
    return (
        Project.objects.filter(written_by(user), state__in=elsewhere)
        .for_list()
        .with_first_due()
        .order_by("state_since", "pk")
    )


def donor_reports_near(user):
    """The reports to donors that this reader answers for, late or due within a month; nothing for the others."""
    if not user.has_role(*ANSWERABLE):
        return []
    near = DonorReport.objects.near(clock.today()).waiting_for(user)
    return list(near.for_list().order_by("due_on", "pk")[:RECENT_SHOWN])


def recent_decisions(visible):
    return (
        Decision.objects.filter(project__in=visible.order_by().values("pk"))
        .select_related("project__region")
        .only(
            "kind", "amount_usd", "decided_at", "project__title", "project__reference", "project__region__name"
        )
        .order_by("-decided_at", "-pk")[:RECENT_SHOWN]
    )  # fmt: skip


def by_region(user) -> list[dict[str, Any]]:
    """Region by region of those that the user oversees: drafts, on the road, approved, and the amount approved, USD."""
    here = reduce(or_, (scope.as_q("region_id") for scope in overview(user)))
    if any(scope.everywhere for scope in overview(user)):
        here = Q()
    names = ("region__rank", "region__code", "region__name")
    cells = Cell.objects.filter(here, grain="state").summed(
        *names, "state", measures=("projects", "granted", "approved_usd")
    )
    lines: dict[int, dict[str, Any]] = {}
    for row in cells.filter(projects_sum__gt=0).order_by("region__rank"):
        new = {"region__code": row["region__code"], "region__name": row["region__name"], "drafts": 0, "road": 0, "approved": 0, "approved_usd": Decimal(0)}  # fmt: skip
        line = lines.setdefault(row["region__rank"], new)
        state = State(row["state"])
        if state in ON_THE_ROAD:
            line["drafts" if state is State.DRAFT else "road"] += row["projects_sum"]
        line["approved"] += row["granted_sum"]
        line["approved_usd"] += row["approved_usd_sum"]
    return list(lines.values())


def current_envelopes() -> list[Envelope]:
    """The envelopes of the fiscal years that hold today."""
    today = clock.today()
    recent = Envelope.objects.filter(fiscal_year__gte=today.year - 1).select_related("mechanism")
    return [
        envelope
        for envelope in recent.order_by("mechanism_id")
        if envelope.fiscal_year == fund_rules.fiscal_year_of(today, envelope.mechanism.fiscal_year_first_month)
    ]


def coming_sessions(user):
    """Sessions planned or open that the user may read, the next one first."""
    return (
        ReviewSession.objects.visible_to(user)
        .filter(state__in=["planned", "open"])
        .for_list()
        .order_by("held_on", "pk")[:RECENT_SHOWN]
    )


def wants_sessions(user) -> bool:
    return user.has_role(*COMMITTEE_ROLES)


def next_steps_of(user):
    """The prospects whose next step is this user's, late or soon; none for who follows no prospect."""
    if not writes_prospects_somewhere(user):
        return Prospect.objects.none()
    mine = Prospect.objects.due(clock.today()).filter(responsible=user)
    return mine.for_list().order_by("next_step_on", "pk")[:RECENT_SHOWN]
