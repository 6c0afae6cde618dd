"""Who reads, writes and validates regional plans and studies (domain guide §2).

The section head writes and validates; in their region, programme officers and heads of office propose: they write what
is still a draft, and measure the indicators of the plan in force.
"""

import rules
from django.db.models import Q

from sr_portal.accounts.roles import Role, holds

WRITERS = (Role.SECTION_HEAD, Role.PROGRAMME_OFFICER, Role.REGIONAL_MANAGER)

# Everybody who works for the mission; a PTF reads what is published only.
reads_plans = holds(*(frozenset(Role) - {Role.PARTNER}))
writes_somewhere = holds(*WRITERS)
validates_somewhere = holds(Role.SECTION_HEAD)


def _in_region(user, roles: tuple[Role, ...], region_id: int) -> bool:
    return any(user.scopes[role].covers(region_id) for role in roles if role in user.scopes)


@rules.predicate
def writes_plan(user, plan) -> bool:
    """Writes its draft, and measures its indicators once it is in force."""
    return _in_region(user, WRITERS, plan.region_id)


@rules.predicate
def validates_plan(user, plan) -> bool:
    return _in_region(user, (Role.SECTION_HEAD,), plan.region_id)


@rules.predicate
def writes_study(user, study) -> bool:
    """A role in all the regions of the study; of the whole country, a role everywhere."""
    return writes_study_of(user, {place.region_id for place in study.places.all()})


def writes_study_of(user, region_ids: set[int]) -> bool:
    scopes = [user.scopes[role] for role in WRITERS if role in user.scopes]
    return any(scope.everywhere or (bool(region_ids) and region_ids <= scope.region_ids) for scope in scopes)


def writable_regions(user) -> Q:
    """The regions for which this user writes plans."""
    found = Q(pk__in=[])
    for role in WRITERS:
        if role in user.scopes:
            found |= user.scopes[role].as_q("pk")
            if user.scopes[role].everywhere:
                return Q()
    return found
