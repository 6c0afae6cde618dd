"""Who reads, keeps and sits on review committees: predicates over (user, committee) (domain guide §2, §6)."""

import rules

from sr_portal.accounts.roles import COMMITTEE_ROLES, Role, holds

# Those who sit on a committee read its sessions too, whatever their roles elsewhere.
SESSION_READERS = frozenset(
    {*COMMITTEE_ROLES, Role.PROGRAMME_OFFICER, Role.APPROVER, Role.REGIONAL_MANAGER, Role.SECTION_HEAD, Role.AUDITOR}
)

# The roles of which one must be held, where the committee is, to take a seat and to act from it.
SEAT_ROLES: dict[str, frozenset[Role]] = {
    "chair": frozenset({Role.COMMITTEE_CHAIR}),
    "member": frozenset({Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR}),
    "secretary": frozenset({Role.COMMITTEE_SECRETARY}),
    "observer": SESSION_READERS,
}

reads_sessions = holds(*SESSION_READERS)
keeps_sessions = holds(Role.COMMITTEE_SECRETARY)
reads_committees = holds(*SESSION_READERS, Role.ADMINISTRATOR)
manages_committees = holds(Role.COMMITTEE_SECRETARY, Role.ADMINISTRATOR)


def covers(user, role: Role, region_id: int | None) -> bool:
    """The user holds `role` where a committee is; the central one (no region) asks for the whole mission."""
    scope = user.scopes.get(role)
    return scope is not None and (scope.everywhere or (region_id is not None and scope.covers(region_id)))


@rules.predicate
def keeps(user, committee) -> bool:
    """Is a secretary of this committee: plans its sessions, keeps agenda and minutes."""
    return covers(user, Role.COMMITTEE_SECRETARY, committee.region_id)


@rules.predicate
def manages(user, committee) -> bool:
    """May change who sits on it."""
    return Role.ADMINISTRATOR in user.scopes or keeps(user, committee)


def may_sit(user, seat: str, region_id: int | None) -> bool:
    """Active, and holds one of the roles that the seat asks for."""
    return user.is_active and any(covers(user, role, region_id) for role in SEAT_ROLES[seat])
