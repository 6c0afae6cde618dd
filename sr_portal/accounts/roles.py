"""The roles of the section and the scope in which somebody holds one (domain guide §2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Self

import rules
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role's code is also the name of its Django group."""

    PROPOSER = "proposer", _("Point focal (chargé de projet)")
    PROGRAMME_OFFICER = "programme_officer", _("Gestionnaire du programme QIP")
    COMMITTEE_MEMBER = "committee_member", _("Membre du comité de revue")
    COMMITTEE_CHAIR = "committee_chair", _("Président du comité de revue")
    COMMITTEE_SECRETARY = "committee_secretary", _("Secrétaire du comité de revue")
    APPROVER = "approver", _("Autorité d’approbation")
    FINANCE_OFFICER = "finance_officer", _("Chargé des finances")
    REGIONAL_MANAGER = "regional_manager", _("Chef de bureau régional")
    SECTION_HEAD = "section_head", _("Chef de section")
    AUDITOR = "auditor", _("Auditeur")
    PARTNER = "partner", _("Partenaire technique et financier")
    ADMINISTRATOR = "administrator", _("Administrateur")


COMMITTEE_ROLES = frozenset({Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.COMMITTEE_SECRETARY})
DECISION_ROLES = COMMITTEE_ROLES | {Role.PROGRAMME_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER}


def incompatible_with(role: Role) -> frozenset[Role]:
    """The roles that nobody may hold beside `role`, wherever (domain guide §2).

    An administrator takes no project decision, and could otherwise give themselves the right to. An auditor changes
    nothing: they hold no other role than that of a reader.
    """
    if role is Role.AUDITOR:
        return frozenset(Role) - {Role.AUDITOR, Role.PARTNER}
    excluded = set() if role is Role.PARTNER else {Role.AUDITOR}
    if role is Role.ADMINISTRATOR:
        excluded |= DECISION_ROLES
    elif role in DECISION_ROLES:
        excluded.add(Role.ADMINISTRATOR)
    return frozenset(excluded)


class Scope:
    """Where a role is held: the whole mission, or a set of region primary keys."""

    def __init__(self, region_ids: frozenset[int] = frozenset(), everywhere: bool = False) -> None:
        self.region_ids = region_ids
        self.everywhere = everywhere

    @classmethod
    def union(cls, scopes: Iterable[Self]) -> Self:
        scopes = tuple(scopes)
        return cls(frozenset().union(*(one.region_ids for one in scopes)), any(one.everywhere for one in scopes))

    def covers(self, region_id: int | None) -> bool:
        """A record that has no region yet is covered by any scope."""
        return self.everywhere or region_id is None or region_id in self.region_ids

    def as_q(self, field: str) -> models.Q:
        """The rows whose `field` (a region's key) lies in this scope."""
        return models.Q() if self.everywhere else models.Q(**{f"{field}__in": self.region_ids})


Scopes = Mapping[Role, Scope]


def scopes_of(held: Iterable[tuple[str, int | None]]) -> Scopes:
    """Each role with where it is held, from pairs of its code and a region's key, None for the whole mission."""
    regions: dict[Role, set[int]] = defaultdict(set)
    everywhere: set[Role] = set()
    for code, region_id in held:
        role = Role(code)
        regions[role]
        if region_id is None:
            everywhere.add(role)
        else:
            regions[role].add(region_id)
    return {role: Scope(frozenset(ids), role in everywhere) for role, ids in regions.items()}


def holds(*wanted: Role) -> rules.Predicate:
    """True for a user who holds one of the roles, wherever; one predicate per set of roles."""

    @rules.predicate(name="holds:" + "|".join(wanted))
    def holds_role(user) -> bool:
        return any(role in getattr(user, "scopes", ()) for role in wanted)  # an anonymous visitor has no scopes

    return holds_role
