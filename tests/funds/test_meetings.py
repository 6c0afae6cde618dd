"""Coordination meetings: planned, held with minutes, their decisions followed until they are done."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Meeting, MeetingDecision, MeetingParticipant
from funds.notices.decisions import remind
from funds.services import coordination as services
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.notices.kinds import Kind
from sr_portal.notices.models import Mail
from sr_portal.web import clock
from tests.documents.files import jpeg
from tests.factories.accounts import user_with
from tests.factories.coordination import decision, group, meeting
from tests.factories.funds import PartnerFactory
from tests.factories.projects import region

pytestmark = pytest.mark.django_db

MEETINGS = "/coordination/reunions/"
DECISIONS = "/coordination/decisions/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(user: User, address: str, **data):
    return signed_in(user).post(address, {"one_time_key": str(uuid.uuid4()), **data})


def text_of(user: User, address: str, **query) -> str:
    answer = signed_in(user).get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


# --- Who ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "where", "of", "may"),
    [
        (Role.SECTION_HEAD, None, "ML-7", True),
        (Role.SECTION_HEAD, None, None, True),
        (Role.PROGRAMME_OFFICER, "ML-7", "ML-7", True),
        (Role.PROGRAMME_OFFICER, "ML-8", "ML-7", False),
        (Role.PROGRAMME_OFFICER, "ML-7", None, False),  # the whole country is beyond one region
        (Role.REGIONAL_MANAGER, "ML-7", "ML-7", True),
        (Role.REGIONAL_MANAGER, "ML-8", "ML-7", False),
        (Role.AUDITOR, None, "ML-7", False),
        (Role.APPROVER, None, "ML-7", False),
        (Role.ADMINISTRATOR, None, "ML-7", False),
    ],
)
def test_who_keeps_the_meetings_of_a_group(role, where, of, may):
    user = user_with(role, region=region(where) if where else None)
    values = {
        "group": group(of),
        "title": "Réunion",
        "held_on": clock.today(),
        "starts_at": None,
        "place": "",
        "agenda": "",
    }
    if may:
        assert services.plan_meeting(by=user, values=values).pk
    else:
        with pytest.raises(PermissionDenied):
            services.plan_meeting(by=user, values=values)
        assert not Meeting.objects.exists()


def test_a_group_is_not_taken_out_of_ones_own_region():
    manager, mine = user_with(Role.REGIONAL_MANAGER, region=region("ML-7")), group("ML-7")
    values = {name: getattr(mine, name) for name in services.GROUP_FIELDS} | {"region": region("ML-8")}
    with pytest.raises(PermissionDenied):
        services.change_group(by=manager, group=mine, values=values, seen=1)


# --- From plan to minutes -------------------------------------------------------------------------------------------
def test_a_meeting_is_planned_held_and_written_up_through_its_pages(head):
    partner, known = PartnerFactory(name="Agence de l’eau"), group(name="Eau et assainissement")
    today = clock.today().isoformat()
    answer = sent(
        head,
        f"{MEETINGS}nouvelle/",
        group=known.pk,
        title="Revue des forages",
        held_on=today,
        agenda="Tour de table\n- Pannes",
    )
    made = Meeting.objects.get()
    assert answer["Location"] == f"{MEETINGS}{made.pk}/" and made.points == ["Tour de table", "Pannes"]

    people = {
        "organisation_1": partner.pk,
        "name_1": "Ada Keïta",
        "function_1": "Hydrologue",
        "presence_1": "present",
        "name_2": "Lars",
    }
    assert sent(head, f"{MEETINGS}{made.pk}/participants/", **people).status_code == 302
    upload = SimpleUploadedFile("Feuille.jpg", jpeg())
    minutes = {"minutes": "Trois pompes à changer.", "seen": made.version, "document": upload}
    assert sent(head, f"{MEETINGS}{made.pk}/compte-rendu/", **minutes).status_code == 302
    decided = {"text": "Commander les pompes", "organisation": partner.pk, "due_on": today}
    assert sent(head, f"{MEETINGS}{made.pk}/decisions/nouvelle/", **decided).status_code == 302

    page = text_of(user_with(Role.AUDITOR), f"{MEETINGS}{made.pk}/")
    for told in (
        "Revue des forages",
        "Ada Keïta",
        "Agence de l’eau",
        "Trois pompes à changer.",
        "Commander les pompes",
        "Feuille.jpg",
    ):
        assert told in page
    pdf = signed_in(head).get(f"{MEETINGS}{made.pk}/compte-rendu.pdf")
    assert pdf.getvalue().startswith(b"%PDF-")
    assert b"".join(signed_in(head).get(f"{MEETINGS}{made.pk}/document/").streaming_content)


def test_a_meeting_to_come_has_no_minutes(head):
    coming = meeting(state="planned", by=head, held_on=clock.today() + dt.timedelta(days=3))
    with pytest.raises(ValidationError) as refusal:
        services.write_minutes(by=head, meeting=coming, text="Déjà", upload=None, seen=1)
    assert set(refusal.value.message_dict) == {"minutes"}
    with pytest.raises(services.Refused):
        services.add_decision(
            by=head, meeting=coming, values={"text": "x", "owner": head, "organisation": None, "due_on": clock.today()}
        )


def test_a_cancelled_meeting_stays_so(head):
    gone = meeting(state="cancelled", by=head)
    with pytest.raises(services.Refused):
        services.write_minutes(by=head, meeting=gone, text="Si, si", upload=None, seen=gone.version)
    with pytest.raises(DatabaseError), transaction.atomic():
        Meeting.objects.filter(pk=gone.pk).update(state="planned", cancel_reason="")


def test_the_later_of_two_minutes_is_refused_with_the_other_shown(head):
    held, other = meeting(by=head), user_with(Role.SECTION_HEAD)
    address, seen = f"{MEETINGS}{held.pk}/compte-rendu/", held.version
    assert sent(other, address, minutes="Le texte de l’autre", seen=seen).status_code == 302
    answer = sent(head, address, minutes="Mon texte", seen=seen)

    page = answer.content.decode()
    assert answer.status_code == 422 and "Le texte de l’autre" in page and "Mon texte" in page
    seen = answer.context["form"].data["seen"]
    assert sent(head, address, minutes="Les deux", seen=seen).status_code == 302
    assert Meeting.objects.get(pk=held.pk).minutes == "Les deux"


def test_nobody_is_twice_on_the_list(head):
    held, partner = meeting(by=head), PartnerFactory()
    row = {"organisation": partner, "name": "", "function": "", "presence": "present"}
    services.add_participants(by=head, meeting=held, rows=[row])
    with pytest.raises(ValidationError):
        services.add_participants(by=head, meeting=held, rows=[row])
    with pytest.raises(IntegrityError, match="meeting_participant_once"), transaction.atomic():
        MeetingParticipant.objects.create(meeting=held, organisation=partner)


def test_empty_rows_and_functions_of_nobody_are_said_in_the_form(head):
    held = meeting(by=head)
    address = f"{MEETINGS}{held.pk}/participants/"

    assert "Indiquez au moins un participant." in sent(head, address).content.decode()
    answer = sent(head, address, function_2="Maire", name_1="Awa")
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"name_2"}
    assert 'value="Awa"' in answer.content.decode() and not held.participants.exists()


# --- Decisions ------------------------------------------------------------------------------------------------------
def test_a_decision_has_an_owner_and_does_not_fall_due_before_its_meeting(head):
    held = meeting(by=head)
    values = {"text": "Agir", "owner": None, "organisation": None, "due_on": clock.today()}
    with pytest.raises(ValidationError, match="Dites qui s’en charge"):
        services.add_decision(by=head, meeting=held, values=values)
    with pytest.raises(ValidationError) as refusal:
        services.add_decision(
            by=head, meeting=held, values=values | {"owner": head, "due_on": held.held_on - dt.timedelta(days=1)}
        )
    assert set(refusal.value.message_dict) == {"due_on"}


def test_the_owner_says_that_it_is_done_and_does_not_drop_it(head):
    owner, stranger = user_with(Role.PROPOSER), user_with(Role.PROPOSER)
    given = decision(by=head, owner=owner)
    for who, state in ((stranger, "done"), (owner, "dropped")):
        with pytest.raises(PermissionDenied):
            services.close_decision(by=who, decision=given, state=state, outcome="Fait")
    closed = services.close_decision(by=owner, decision=given, state="done", outcome="Carte partagée")

    assert (closed.state, closed.closed_by) == ("done", owner)
    with pytest.raises(services.Refused):
        services.close_decision(by=head, decision=given, state="dropped", outcome="Trop tard")
    with pytest.raises(DatabaseError), transaction.atomic():
        MeetingDecision.objects.filter(pk=given.pk).update(state="open", outcome="", closed_by=None, closed_at=None)


def test_open_decisions_are_listed_the_late_ones_first(head):
    held, today = meeting(by=head), clock.today()
    for text, days in (("Loin", 30), ("Tardive", -3), ("Bientôt", 2)):
        decision(held, by=head, text=text, due_on=today + dt.timedelta(days=days))
    done = decision(held, by=head, text="Finie")
    services.close_decision(by=head, decision=done, state="done", outcome="Oui")

    def texts(**query) -> list[str]:
        return [row.text for row in signed_in(head).get(DECISIONS, query).context["page"].rows]

    assert texts() == ["Tardive", "Bientôt", "Loin"]
    assert texts(etat="retard") == ["Tardive"]
    assert texts(etat="closes") == ["Finie"]
    assert texts(region="ML-8") == []


def test_the_owner_is_told_at_once_and_reminded_once_a_stage(head):
    owner = user_with(Role.PROPOSER)
    given = decision(by=head, owner=owner, due_on=clock.today() + dt.timedelta(days=5))

    assert [mail.kind for mail in Mail.objects.filter(recipient=owner)] == [Kind.TURN]
    assert (remind(clock.today()), remind(clock.today())) == (1, 0)
    late = given.due_on + dt.timedelta(days=1)
    assert (remind(late), remind(late)) == (1, 0)
    assert {mail.kind for mail in Mail.objects.filter(recipient=owner)} == {Kind.TURN, Kind.REMINDER, Kind.LATE}


def test_each_refusal_names_its_field(head):
    coming, given = meeting(state="planned", by=head), decision(by=head)
    for act, field in (
        (lambda: services.cancel_meeting(by=head, meeting=coming, reason=" "), "reason"),
        (lambda: services.write_minutes(by=head, meeting=coming, text=" ", upload=None, seen=1), "minutes"),
        (lambda: services.close_decision(by=head, decision=given, state="done", outcome=" "), "outcome"),
        (lambda: services.close_decision(by=head, decision=given, state="open", outcome="Vu"), "state"),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert set(refusal.value.message_dict) == {field}


# --- The database, and the cost -------------------------------------------------------------------------------------
def test_the_database_keeps_a_held_meeting_with_its_minutes(head):
    held = meeting(by=head)
    for wrong in ({"minutes": ""}, {"minutes_by": None}, {"state": "planned"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Meeting.objects.filter(pk=held.pk).update(**wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        held.delete()


def test_the_database_holds_the_days_of_meetings_and_of_their_decisions(head):
    coming = meeting(state="planned", by=head, held_on=clock.today() + dt.timedelta(days=3))
    with pytest.raises(DatabaseError, match="meeting_held_once_happened"), transaction.atomic():
        Meeting.objects.filter(pk=coming.pk).update(state="held", minutes="Déjà", minutes_by=head)
    with pytest.raises(DatabaseError, match="decision_of_a_held_meeting"), transaction.atomic():
        MeetingDecision.objects.create(
            meeting=coming, number=1, text="x", owner=head, due_on=coming.held_on, created_by=head
        )
    given = decision(by=head)
    early = given.meeting.held_on - dt.timedelta(days=1)
    with pytest.raises(DatabaseError, match="decision_after_its_meeting"), transaction.atomic():
        MeetingDecision.objects.filter(pk=given.pk).update(due_on=early)
    with pytest.raises(DatabaseError, match="decision_after_its_meeting|once_happened"), transaction.atomic():
        Meeting.objects.filter(pk=given.meeting_id).update(held_on=given.due_on + dt.timedelta(days=1))


def test_the_pages_cost_the_same_however_much_there_is(head):
    held, client = meeting(by=head), signed_in(head)
    addresses = (MEETINGS, DECISIONS, "/coordination/groupes/", f"{MEETINGS}{held.pk}/")

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    def more(count: int) -> None:
        for rank in range(count):
            decision(held, by=head, owner=user_with(Role.PROPOSER), organisation=PartnerFactory())
            MeetingParticipant.objects.create(meeting=held, organisation=PartnerFactory(), name=f"P{rank}")
            meeting(group(), by=head)

    more(2)
    few = costs()
    more(15)
    assert costs() == few
    assert max(few[:3]) <= 6 and few[3] <= 12
