"""One object of each kind in each of its states, all in Gao, written by the same author."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from funds.models import BankAccount, Envelope, Interest, Organisation
from funds.services import bank
from projects.checklist import CHECKLIST
from projects.models import (
    Amendment,
    Attachment,
    AttachmentKind,
    Committee,
    CommitteeMember,
    Lesson,
    Project,
    Report,
    ReportFile,
    ReportKind,
    ReviewSession,
)
from projects.services import committee as committees
from projects.services import decisions, screening
from projects.services.annexes import add_annex
from projects.services.steps import withdraw
from projects.services.submission import submit
from projects.states import GRANTED, State
from sr_portal.accounts.models import User
from sr_portal.web import clock
from tests.documents.files import jpeg
from tests.factories.amendments import content, submitted, written
from tests.factories.bank import REASON, entered, rib
from tests.factories.funds import PartnerFactory, envelope_of
from tests.factories.implementation import Crew, carry_to, photo_of, report
from tests.factories.projects import complete_draft, fresh, judged, region

from .people import Actor, make_people

ROAD = tuple(State)
HELD_ON = dt.date(2026, 11, 24)


@dataclass
class Cast:
    """The people of `Actor` under the names that the factories of projects ask for."""

    officer: User
    secretary: User
    chair: User
    members: list[User]
    approver: User


@dataclass
class World:
    people: dict[Actor, User]
    clients: dict[Actor, Client]
    projects: dict[State, Project]
    sessions: dict[str, ReviewSession]
    committee: Committee
    envelope: Envelope
    partner: Organisation
    interest: Interest
    annexes: dict[State, Attachment]
    bank_accounts: dict[str, BankAccount]
    reports: dict[str, Report]
    amendments: dict[str, Amendment]
    lesson: Lesson


def make_world() -> World:
    people = make_people()
    clients = _clients()
    for actor, user in people.items():
        clients[actor].force_login(user)
    committee = Committee.objects.create(name="Comité local d’approbation de Gao", region=region())
    other_members = [people[Actor.MEMBER], *_members_besides()]
    CommitteeMember.objects.create(committee=committee, user=people[Actor.CHAIR], seat="chair")
    CommitteeMember.objects.create(committee=committee, user=people[Actor.SECRETARY], seat="secretary")
    for member in other_members:
        CommitteeMember.objects.create(committee=committee, user=member)
    cast = Cast(
        officer=people[Actor.SCREENER], secretary=people[Actor.SECRETARY], chair=people[Actor.CHAIR],
        members=other_members, approver=people[Actor.APPROVER],
    )  # fmt: skip
    envelope = envelope_of("500000")
    partner = PartnerFactory(region=region())
    projects = {state: _project(people, partner) for state in ROAD}
    annexes = {state: _annex(project) for state, project in projects.items()}
    sessions = _tell(projects, cast, committee)
    interest = Interest.objects.create(
        user=people[Actor.FINANCE], organisation=PartnerFactory(region=region()), nature="Parent du président"
    )
    accounts = _bank_accounts(people)
    return World(
        people,
        clients,
        projects,
        sessions,
        committee,
        envelope,
        partner,
        interest,
        annexes,
        accounts,
        _reports(projects),
        _amendments(projects, people),
        _lesson(projects[State.ACTIVE]),
    )


def _lesson(project: Project) -> Lesson:
    return Lesson.objects.create(
        project=project, theme="works", title="Commander la pompe avant les pluies", text="La piste est coupée d’août à octobre.",
        recorded_by=project.author,
    )  # fmt: skip


def _reports(projects: dict[State, Project]) -> dict[str, Report]:
    """A draft and a submitted report of the active project, each with a file."""
    project = projects[State.ACTIVE]
    made = {
        "draft": report(project, Crew(), state="draft"),
        "submitted": report(project, Crew(), ReportKind.FINAL_NARRATIVE, state="draft"),
    }
    for name, one in made.items():
        ReportFile.objects.create(report=one, document=photo_of(project.author, f"{name}.jpg"))
    submitted = made["submitted"]
    submitted.state, submitted.submitted_by, submitted.submitted_at = "submitted", project.author, clock.now()
    submitted.save()
    return made


def _clients() -> dict[Actor, Client]:
    """One browser for each, and one chain of middleware for all."""
    clients = {actor: Client(raise_request_exception=False) for actor in Actor}
    for client in clients.values():
        client.handler = clients[Actor.ANONYMOUS].handler
    return clients


def _bank_accounts(people: dict[Actor, User]) -> dict[str, BankAccount]:
    """One that waits and one that finance verified, of partners in whom nobody has an interest."""
    waiting, checked = (
        entered(PartnerFactory(region=region()), by=people[Actor.AUTHOR], account_number=rib(rank)) for rank in (1, 2)
    )
    bank.read_number(by=people[Actor.FINANCE], account=checked, reason=REASON)
    return {"to_verify": waiting, "verified": bank.verify(by=people[Actor.FINANCE], account=checked)}


def _amendments(projects: dict[State, Project], people: dict[Actor, User]) -> dict[str, Amendment]:
    """One in draft and one submitted, each of five months instead of four, by a programme officer."""
    longer = {"duration_months": 5}
    return {
        name: make(projects[state], people[Actor.SCREENER], content(projects[state]) | longer)
        for name, state, make in (("draft", State.AGREED, written), ("submitted", State.ACTIVE, submitted))
    }


def _members_besides() -> list[User]:
    from sr_portal.accounts.roles import Role
    from tests.factories.accounts import user_with

    return [user_with(Role.COMMITTEE_MEMBER) for _ in range(2)]


def _project(people: dict[Actor, User], partner) -> Project:
    project = complete_draft("10000", author=people[Actor.AUTHOR], partner=partner)
    project.coauthors.add(people[Actor.COAUTHOR])
    return project


def _annex(project: Project) -> Attachment:
    photo = SimpleUploadedFile("Forage.jpg", jpeg())
    return add_annex(project=project, user=fresh(project.author), upload=photo, kind=AttachmentKind.PHOTO)


def _tell(projects: dict[State, Project], cast: Cast, committee: Committee) -> dict[str, ReviewSession]:
    """Take each project to its state by the real services."""
    author = projects[State.DRAFT].author
    for state, project in projects.items():
        if state != State.DRAFT:
            projects[state] = submit(project=project, user=author)
    for state, project in projects.items():
        if state not in (State.DRAFT, State.SUBMITTED, State.WITHDRAWN):
            projects[state] = screening.start_screening(project=project, user=cast.officer)
    screening.send_back(project=projects[State.RETURNED], user=cast.officer, reasons={"budget": "Joignez un devis."})
    screening.declare_inadmissible(project=projects[State.INADMISSIBLE], user=cast.officer, note="Dépense récurrente.")
    withdraw(project=projects[State.WITHDRAWN], user=author, note="Un autre bailleur finance cet ouvrage.")
    granted = sorted(GRANTED)
    judged_states = (
        State.ELIGIBLE, State.IN_REVIEW, State.RECOMMENDED, State.NOT_RECOMMENDED, State.REFUSED, *granted,
    )  # fmt: skip
    for state in judged_states:
        answers = {item.code: ("yes", "") for item in CHECKLIST}
        screening.answer_checklist(project=projects[state], user=cast.officer, answers=answers)
        projects[state] = screening.admit(project=projects[state], user=cast.officer)
    present = frozenset(member.pk for member in cast.members)

    def session(*states: State) -> ReviewSession:
        planned = committees.plan_session(committee=committee, user=cast.secretary, held_on=HELD_ON)
        for state in states:
            committees.put_on_agenda(project=projects[state], session=planned, user=cast.secretary)
        return planned

    closed = session(State.RECOMMENDED, State.REFUSED, *granted)
    committees.open_session(session=closed, user=cast.chair, present=present)
    judged(cast, closed)
    committees.close_session(session=closed, user=cast.chair)
    refused = session(State.NOT_RECOMMENDED)
    committees.open_session(session=refused, user=cast.chair, present=present)
    judged(cast, refused, score=1, vote="against")
    committees.close_session(session=refused, user=cast.chair)
    opened = session(State.IN_REVIEW)
    committees.open_session(session=opened, user=cast.chair, present=present)
    approver = User.objects.get(pk=cast.approver.pk)
    projects[State.REFUSED].refresh_from_db()
    decisions.refuse(project=projects[State.REFUSED], user=approver, note="Priorité à d’autres localités.")
    crew = Crew(officer=cast.officer, approver=cast.approver)
    for state in granted:
        projects[state].refresh_from_db()
        carry_to(state, decisions.approve(project=projects[state], user=approver), crew)
    for state, project in projects.items():
        project.refresh_from_db()
        assert project.state == state
    planned = committees.plan_session(committee=committee, user=cast.secretary, held_on=HELD_ON)
    return {"planned": planned, "open": opened, "closed": closed}


NOT_COUNTED = ("web_cache", "api_usage")  # how often somebody knocks is counted there


def rows_written() -> dict[str, int]:
    """Rows that this transaction inserted, changed or deleted until now, by table, from PostgreSQL's own counters.

    A rollback to a savepoint does not take them back: two equal answers mean that nothing was even tried in between.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relid::regclass::text, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE relname <> ALL (%s) AND n_tup_ins + n_tup_upd + n_tup_del > 0",
            [list(NOT_COUNTED)],
        )
        return dict(cursor.fetchall())


def contents(tables: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Number of rows of each table, and the sum of their hashes."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t")
            found[table] = cursor.fetchone()
    return found
