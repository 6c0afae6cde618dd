"""« Mes notifications », the journal, and the pages of acts that say to whom a mail will go."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.services.submission import submit
from sr_portal.accounts.roles import Role
from sr_portal.notices.choosing import choose, ways_chosen
from sr_portal.notices.kinds import CHOICES, Kind, Way
from sr_portal.notices.models import Mail, MailPreference
from sr_portal.notices.telling import Message, tell
from tests.factories import amendments, money
from tests.factories import implementation as life
from tests.factories.accounts import UserFactory, user_with
from tests.factories.projects import complete_draft, region

pytestmark = pytest.mark.django_db
PREFERENCES, JOURNAL = "/compte/notifications/", "/courriels/"
ALL_NEVER = {kind.value: "weekly" if kind is Kind.ESCALATION else "never" for kind in CHOICES}


# --- Choices ---------------------------------------------------------------------------------------------------------
def test_each_person_chooses_what_and_how_often(client, django_assert_max_num_queries):
    person = UserFactory()
    client.force_login(person)
    with django_assert_max_num_queries(8):
        page = client.get(PREFERENCES)
    assert page.status_code == 200
    assert [(f.name, f.value()) for f in page.context["form"]] == [
        (k.value, c.default.value) for k, c in CHOICES.items()
    ]

    answer = client.post(PREFERENCES, ALL_NEVER)
    assert answer.status_code == 302
    assert ways_chosen(person)[Kind.TURN] is Way.NEVER and ways_chosen(person)[Kind.ESCALATION] is Way.WEEKLY
    events = MailPreference.pgh_event_model.objects.count()
    client.post(PREFERENCES, ALL_NEVER)
    assert MailPreference.pgh_event_model.objects.count() == events, "what stays is not written"


def test_an_escalation_cannot_be_refused_by_whatever_road(client):
    person = UserFactory()
    client.force_login(person)
    assert client.post(PREFERENCES, ALL_NEVER | {"escalation": "never"}).status_code == 422
    with pytest.raises(ValidationError, match="ne se désactive pas"):
        choose(person, {Kind.ESCALATION: Way.NEVER})
    with pytest.raises(IntegrityError), transaction.atomic():
        MailPreference.objects.create(user=person, kind="escalation", way="never")
    assert not MailPreference.objects.exists()


def test_a_choice_holds_for_what_is_told_next():
    person = UserFactory()
    for way, status in (("now", "queued"), ("daily", "held"), ("never", None)):
        choose(person, {Kind.TURN: Way(way)})
        made = tell(Message(f"step:{way}", lambda kind: ("Sujet", "Texte")), {person: Kind.TURN})
        assert [mail.status for mail in made] == ([status] if status else [])
    urgent = Message("step:urgent", lambda kind: ("Sujet", "Texte"), urgent=True)
    assert tell(urgent, {person: Kind.TURN}) == [], "« jamais » is never"
    choose(person, {Kind.TURN: Way.WEEKLY})
    assert [mail.status for mail in tell(urgent, {person: Kind.TURN})] == ["queued"]


# --- The journal -----------------------------------------------------------------------------------------------------
def some_mail(count: int) -> None:
    for rank in range(count):
        message = Message(
            f"step:{rank}", lambda kind: ("Sujet", "Texte"), about=f"QIP-GAO-2026-{rank:04d}", about_id=rank
        )
        tell(message, {UserFactory(name=f"Zeïnab-{chr(65 + rank)}"): Kind.TURN if rank % 2 else Kind.PROGRESS})


def rows(page) -> list[str]:
    return [mail.about for mail in page.context["page"]]


def test_the_journal_is_filtered_by_status_person_and_project(client):
    some_mail(6)
    client.force_login(user_with(Role.AUDITOR))
    assert len(rows(client.get(JOURNAL))) == 6
    assert set(rows(client.get(JOURNAL, {"etat": "held"}))) == {f"QIP-GAO-2026-000{n}" for n in (0, 2, 4)}
    assert rows(client.get(JOURNAL, {"personne": "zeïnab-d"})) == ["QIP-GAO-2026-0003"]
    assert rows(client.get(JOURNAL, {"projet": "qip-gao-2026-0005"})) == ["QIP-GAO-2026-0005"]
    assert "Aucun courriel ne correspond" in client.get(JOURNAL, {"personne": "Introuvable"}).content.decode()
    assert client.get(JOURNAL, {"etat": "perdu"}).status_code == 422


def test_the_journal_has_pages_and_asks_the_same_number_of_queries(client, django_assert_max_num_queries):
    client.force_login(user_with(Role.ADMINISTRATOR))
    some_mail(3)
    with django_assert_max_num_queries(6):
        client.get(JOURNAL)
    for rank in range(60):
        tell(Message(f"more:{rank}", lambda kind: ("Sujet", "Texte")), {UserFactory(): Kind.TURN})
    with django_assert_max_num_queries(6):
        first = client.get(JOURNAL)
    assert len(first.context["page"]) == 50
    second = client.get(JOURNAL, {"suite": first.context["page"].next_cursor})
    assert len(second.context["page"]) == 13
    both = {mail.pk for page in (first, second) for mail in page.context["page"]}
    assert both == set(Mail.objects.values_list("pk", flat=True))


# --- Before the act --------------------------------------------------------------------------------------------------
def test_the_page_of_a_step_says_to_whom_it_writes(client):
    officer = user_with(Role.PROGRAMME_OFFICER, region=region(), name="Fatoumata Sangaré")
    user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"), name="Oumar Maïga")
    project = complete_draft()
    client.force_login(project.author)
    address = reverse("projects:transition", args=[project.pk, "submit"])
    page = client.get(address).content.decode()
    assert "Un courriel sera envoyé à :" in page and "Fatoumata Sangaré" in page and "Oumar Maïga" not in page

    choose(officer, {Kind.TURN: Way.DAILY})
    page = client.get(address).content.decode()
    assert "Dans le prochain récapitulatif de :" in page and "Un courriel sera envoyé" not in page
    choose(officer, {Kind.TURN: Way.NEVER})
    assert "Aucun courriel ne sera envoyé." in client.get(address).content.decode()
    submit(project=project, user=project.author)
    assert not Mail.objects.exists()


def test_the_page_of_a_first_payment_speaks_of_the_start_as_well(client):
    crew = life.Crew()
    project = life.agreed(crew)
    life.authorise(life.instalment_of(project), crew)
    client.force_login(crew.payer)
    page = client.get(reverse("projects:instalment_pay", args=[project.pk, 1]))
    told = page.context["announced"]
    assert project.author in told.now and crew.officer in told.later, "a first visit to make; a payment to know of"


def test_every_page_of_an_act_that_writes_says_to_whom(client):
    crew = life.Crew()
    project = life.in_state("active", crew)
    report = life.report(project, crew, state="submitted")
    found = life.finding(project, crew.officer, owner=project.author)
    amendment = amendments.submitted(project, crew.officer, amendments.content(project) | {"duration_months": 5})
    money.pay(life.instalment_of(project), crew)
    pages = [
        (crew.officer, "report_accept", report.pk),
        (crew.officer, "report_return", report.pk),
        (crew.approver, "amendment_step", amendment.number, "approve"),
        (crew.approver, "amendment_step", amendment.number, "refuse"),
        (crew.officer, "finding_add"),
        (crew.officer, "finding_close", found.pk),
        (project.author, "receipt_enter"),
        (crew.approver, "transition", "suspend"),
    ]
    for user, name, *keys in pages:
        client.force_login(user)
        page = client.get(reverse(f"projects:{name}", args=[project.pk, *keys]))
        told = page.context["announced"]
        assert told and user not in (*told.now, *told.later), name
        assert all(str(person) in page.content.decode() for person in (*told.now, *told.later)), name
