"""Who knocks at the doors: one person for each role in Gao, their likes from elsewhere, and those without any."""

from enum import StrEnum

from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.projects import region


class Actor(StrEnum):
    ANONYMOUS = "anonymous"
    NO_ROLE = "no role"
    AUTHOR = "author"  # a proposer who wrote every project of the world
    COAUTHOR = "coauthor"
    PROPOSER = "proposer"  # another focal point
    SCREENER = "screener"  # the programme officer who opened every screening
    OFFICER = "officer"  # another one
    OFFICER_ELSEWHERE = "officer elsewhere"
    MEMBER = "member"
    CHAIR = "chair"
    SECRETARY = "secretary"
    SECRETARY_ELSEWHERE = "secretary elsewhere"
    APPROVER = "approver"
    APPROVER_ELSEWHERE = "approver elsewhere"
    FINANCE = "finance"
    MANAGER = "manager"
    MANAGER_ELSEWHERE = "manager elsewhere"
    SECTION_HEAD = "section head"
    AUDITOR = "auditor"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


GAO, KIDAL = "ML-7", "ML-8"

# Who holds which role, and where; None is the whole mission.
HELD: dict[Actor, tuple[Role, str | None]] = {
    Actor.AUTHOR: (Role.PROPOSER, GAO),
    Actor.COAUTHOR: (Role.PROPOSER, None),
    Actor.PROPOSER: (Role.PROPOSER, None),
    Actor.SCREENER: (Role.PROGRAMME_OFFICER, None),
    Actor.OFFICER: (Role.PROGRAMME_OFFICER, GAO),
    Actor.OFFICER_ELSEWHERE: (Role.PROGRAMME_OFFICER, KIDAL),
    Actor.MEMBER: (Role.COMMITTEE_MEMBER, GAO),
    Actor.CHAIR: (Role.COMMITTEE_CHAIR, GAO),
    Actor.SECRETARY: (Role.COMMITTEE_SECRETARY, GAO),
    Actor.SECRETARY_ELSEWHERE: (Role.COMMITTEE_SECRETARY, KIDAL),
    Actor.APPROVER: (Role.APPROVER, GAO),
    Actor.APPROVER_ELSEWHERE: (Role.APPROVER, KIDAL),
    Actor.FINANCE: (Role.FINANCE_OFFICER, None),
    Actor.MANAGER: (Role.REGIONAL_MANAGER, GAO),
    Actor.MANAGER_ELSEWHERE: (Role.REGIONAL_MANAGER, KIDAL),
    Actor.SECTION_HEAD: (Role.SECTION_HEAD, None),
    Actor.AUDITOR: (Role.AUDITOR, None),
    Actor.PARTNER: (Role.PARTNER, None),
    Actor.ADMINISTRATOR: (Role.ADMINISTRATOR, None),
}

EVERYBODY = frozenset(Actor)
SIGNED_IN = EVERYBODY - {Actor.ANONYMOUS}
ELSEWHERE = frozenset(
    {Actor.OFFICER_ELSEWHERE, Actor.SECRETARY_ELSEWHERE, Actor.APPROVER_ELSEWHERE, Actor.MANAGER_ELSEWHERE}
)
OFFICERS = frozenset({Actor.SCREENER, Actor.OFFICER, Actor.OFFICER_ELSEWHERE})


def make_people() -> dict[Actor, User]:
    people = {Actor.NO_ROLE: user_with()}
    for actor, (role, code) in HELD.items():
        people[actor] = user_with(role, region=region(code) if code else None)
    return people
