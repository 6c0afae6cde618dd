"""Who reads and keeps the coordination of partners (domain guide §2): the section head, and in their region the
programme officers and the heads of office. A group without a region is the whole country's."""

import rules
from django.db.models import Q

from funds.access import reads_partners
from sr_portal.accounts.roles import Role, holds

WRITERS = (Role.SECTION_HEAD, Role.PROGRAMME_OFFICER, Role.REGIONAL_MANAGER)

reads_meetings = reads_partners
writes_somewhere = holds(*WRITERS)


@rules.predicate
def writes(user, group) -> bool:
    """Plans its meetings and keeps their minutes and decisions."""
    return any(
        role in user.scopes
        and (
            user.scopes[role].everywhere or (group.region_id is not None and user.scopes[role].covers(group.region_id))
        )
        for role in WRITERS
    )


def writable(user) -> Q:
    """The groups for which `writes` holds."""
    found = Q(pk__in=[])
    for role in WRITERS:
        if role in user.scopes:
            found |= Q() if user.scopes[role].everywhere else Q(region__in=user.scopes[role].region_ids)
            if user.scopes[role].everywhere:
                return Q()
    return found
