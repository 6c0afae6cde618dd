"""Projects for tests: drafts by factory, further states by the real services and the people they need."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import factory

from funds.models import Sector
from projects.checklist import CHECKLIST
from projects.models import (
    Activity,
    BudgetLine,
    Committee,
    CommitteeMember,
    ExpectedResult,
    Project,
    ReviewSession,
    Sponsor,
)
from projects.services import committee as committees
from projects.services import screening as screenings
from projects.services.submission import submit
from regions.models import Region
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.mechanisms import answer_the_fund, fund_columns


def region(code: str = "ML-7") -> Region:
    """Gao, or another region by its ISO code."""
    return Region.objects.get(code=code)


class DraftFactory(factory.django.DjangoModelFactory):
    """A bare draft in Gao; `complete` adds what a submission demands."""

    class Meta:
        model = Project

    title = factory.Sequence(lambda n: f"Réhabilitation du forage pastoral n° {n}")
    mechanism_id = "QIP"
    region = factory.LazyFunction(region)
    author = factory.LazyFunction(lambda: user_with(Role.PROPOSER))


def add_line(project: Project, amount: str, **fields) -> BudgetLine:
    values = {"category": "works", "label": "Travaux", "unit": "forfait", "currency": "USD", **fields}
    return BudgetLine.objects.create(project=project, unit_cost=Decimal(amount), **values)


def complete_draft(amount: str = "20000", **fields) -> Project:
    """A draft that can be submitted, with one budget line of `amount` USD."""
    texts = ("need", "need_expressed_by", "objective", "confidence", "coordination", "gender", "environment")
    texts += ("do_no_harm", "sustainability", "maintained_by", "visibility")
    values = dict.fromkeys(texts, "Texte écrit avec la population.")
    values |= {
        "sponsor": Sponsor.CIVIL_AFFAIRS,
        "sector": Sector.objects.get(code="14031"),
        "locality": "Ansongo",
        "direct_women": 120,
        "direct_men": 100,
        "partner": fields.pop("partner", None) or PartnerFactory(),
        "starts_on": dt.date(2027, 1, 4),
        "duration_months": 4,
        **fields,
    }
    project = DraftFactory(**(fund_columns(values) | values))
    answer_the_fund(project)
    ExpectedResult.objects.create(project=project, statement="L’eau coule toute l’année", target=Decimal("1"))
    Activity.objects.create(project=project, title="Réhabiliter le forage", first_week=1, weeks=6)
    add_line(project, amount)
    project.refresh_from_db()
    return project


@dataclass
class Cast:
    """The people of the road, all in Gao, and the regional and central committees on which they sit."""

    officer: User
    secretary: User
    chair: User
    members: list[User]
    approver: User
    regional: Committee
    central: Committee


def cast() -> Cast:
    people = Cast(
        officer=user_with(Role.PROGRAMME_OFFICER),
        secretary=user_with(Role.COMMITTEE_SECRETARY),
        chair=user_with(Role.COMMITTEE_CHAIR),
        members=[user_with(Role.COMMITTEE_MEMBER) for _ in range(3)],
        approver=user_with(Role.APPROVER),
        regional=Committee.objects.create(name="Comité local d’approbation de Gao", region=region()),
        central=Committee.objects.create(name="Comité central de revue"),
    )
    for committee in (people.regional, people.central):
        CommitteeMember.objects.create(committee=committee, user=people.chair, seat="chair")
        CommitteeMember.objects.create(committee=committee, user=people.secretary, seat="secretary")
        for member in people.members:
            CommitteeMember.objects.create(committee=committee, user=member)
    return people


def fresh(user: User) -> User:
    """The same person as a new request would load them."""
    return User.objects.get(pk=user.pk)


def admitted(people: Cast, **fields) -> Project:
    """A project declared eligible after a clean checklist."""
    project = complete_draft(**fields)
    project = submit(project=project, user=project.author)
    project = screenings.start_screening(project=project, user=people.officer)
    answers = {item.code: ("yes", "") for item in CHECKLIST}
    screenings.answer_checklist(project=project, user=people.officer, answers=answers)
    return screenings.admit(project=project, user=people.officer)


def in_session(people: Cast, *projects: Project) -> ReviewSession:
    """An open session of the right committee, everyone present, with the projects on its agenda."""
    committee = committees.right_committee(projects[0])
    session = committees.plan_session(committee=committee, user=people.secretary, held_on=dt.date(2026, 11, 24))
    for project in projects:
        committees.put_on_agenda(project=project, session=session, user=people.secretary)
    present = frozenset(member.pk for member in people.members)
    return committees.open_session(session=session, user=people.chair, present=present)


def judged(people: Cast, session: ReviewSession, score: int = 4, vote: str = "for", **closing) -> None:
    """Everyone scores and votes alike on each item, and the chair closes it."""
    for item in session.items.all():
        criteria = item.project.mechanism.criteria.values_list("pk", flat=True)
        for member in [people.chair, *people.members]:
            committees.judge(item=item, user=member, scores=dict.fromkeys(criteria, score), vote=vote)
        committees.close_item(item=item, user=people.chair, **closing)


def recommended(people: Cast, **fields) -> Project:
    project = admitted(people, **fields)
    judged(people, in_session(people, project))
    project.refresh_from_db()
    return project
