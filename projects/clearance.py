"""When headquarters is asked, and who records its answer (domain guide §1: « approval at headquarters above an amount »)."""

from decimal import Decimal

import rules

from projects import access
from projects.rules.amendment import AMENDABLE
from projects.states import State
from sr_portal.accounts.roles import Role

BEFORE_APPROVAL = frozenset({State.ELIGIBLE, State.IN_REVIEW, State.RECOMMENDED})


def to_be_approved(project) -> Decimal:
    """The most that an approval may now grant, USD."""
    amount = project.approved_usd if project.approved_usd is not None else project.recommended_usd
    return project.budget_usd if amount is None else amount


def is_asked_for(project, amount: Decimal | None = None) -> bool:
    """The amount (that to be approved by default) is above what the mechanism leaves to the mission."""
    above = project.mechanism.headquarters_above_usd
    return above is not None and (to_be_approved(project) if amount is None else amount) > above


def is_given(project, amount: Decimal) -> bool:
    """One query."""
    return project.clearances.filter(amount_usd__gte=amount).exists()


def may_be_recorded(project) -> bool:
    """Its mechanism asks headquarters above an amount, and the amount may still be decided or amended."""
    return project.mechanism.headquarters_above_usd is not None and State(project.state) in BEFORE_APPROVAL | AMENDABLE


officer = access.in_scope(Role.PROGRAMME_OFFICER)


@rules.predicate
def may_record(user, project) -> bool:
    """The programme officer of the place, who neither wrote the proposal nor has an interest in who receives the money."""
    if not may_be_recorded(project):
        return False
    return officer(user, project) and not access.is_writer(user, project) and not access.has_interest(user, project)
