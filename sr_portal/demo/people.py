"""The people of the sample data: one account for each role, and those whom a committee needs besides."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role

PASSWORD = "Portail-Demo-2026"  # noqa: S105  # nosec B105: a demonstration only, refused in production


@dataclass(frozen=True)
class Person:
    login: str
    name: str
    job: str
    roles: tuple[Role, ...]
    region: str | None = None  # ISO code of the region in which the roles are held

    @property
    def email(self) -> str:
        return f"{self.login}@demo.portail.example"


PEOPLE: tuple[Person, ...] = (
    Person("point.focal", "Mariam Cissé", "Point focal, Affaires civiles, Gao", (Role.PROPOSER,)),
    Person("point.focal.nord", "Ousmane Ag Hamati", "Point focal, bureau de Kidal", (Role.PROPOSER,), "ML-8"),
    Person("point.focal.centre", "Fatoumata Guindo", "Point focal, bureau de Mopti", (Role.PROPOSER,), "ML-5"),
    Person("gestionnaire", "Étienne Mbarga", "Gestionnaire du programme QIP", (Role.PROGRAMME_OFFICER,)),
    Person("secretaire", "Awa Diop", "Secrétaire du comité de revue", (Role.COMMITTEE_SECRETARY,)),
    Person("president", "Jean-Baptiste Kouamé", "Chef de bureau, président du comité", (Role.COMMITTEE_CHAIR,)),
    Person("membre", "Samira El Fassi", "Affaires civiles, membre du comité", (Role.COMMITTEE_MEMBER,)),
    Person("membre.police", "Lars Henriksen", "UNPOL, membre du comité", (Role.COMMITTEE_MEMBER,)),
    Person("membre.genre", "Béatrice Nkurunziza", "Unité genre, membre du comité", (Role.COMMITTEE_MEMBER,)),
    Person("membre.admin", "Rajesh Thapa", "Administration régionale, membre du comité", (Role.COMMITTEE_MEMBER,)),
    Person("autorite", "Hélène Vasseur", "Représentante spéciale adjointe", (Role.APPROVER,)),
    Person("finances", "Kofi Asante", "Chargé des finances", (Role.FINANCE_OFFICER,)),
    Person("chef.bureau.gao", "Aïssata Maïga", "Cheffe du bureau de Gao", (Role.REGIONAL_MANAGER,), "ML-7"),
    Person("chef.section", "Thomas Lindqvist", "Chef de section", (Role.SECTION_HEAD,)),
    Person("auditeur", "Priya Raman", "Auditrice", (Role.AUDITOR,)),
    Person("partenaire", "Ingrid Sørensen", "Ambassade partenaire", (Role.PARTNER,)),
    Person("administrateur", "Moussa Traoré", "Administrateur du portail", (Role.ADMINISTRATOR,)),
)


def make_people(region_ids: dict[str, int]) -> dict[str, User]:
    """Every account by its login; `region_ids` is ISO code → key."""
    groups = {group.name: group for group in Group.objects.all()}
    made, hashed = {}, make_password(PASSWORD)  # slow on purpose, and the same for all
    for person in PEOPLE:
        user = User.objects.create_user(person.email, name=person.name, job_title=person.job)
        User.objects.filter(pk=user.pk).update(password=hashed)
        user.password = hashed
        for role in person.roles:
            RoleAssignment.objects.create(
                user=user, group=groups[role.value], region_id=region_ids[person.region] if person.region else None
            )
        made[person.login] = user
    return made
