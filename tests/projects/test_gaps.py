"""Gaps between needs and money: coverage's own reckoning, with the open prospects weighted; and drafts made of notes."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.services import concept_notes
from funds.services import prospects as pipeline
from projects import gaps
from projects.models import Project, ProjectOrigin
from projects.services.from_concept_note import draft_from_note
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.notes import essentials, note, read
from tests.factories.plans import in_force
from tests.factories.projects import region
from tests.factories.prospects import prospect

pytestmark = pytest.mark.django_db
GAPS = "/mobilisation/besoins/"


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_left_is_the_gap_less_the_weighted_open_prospects(head):
    [water, roads] = in_force("50000.10", "1000")
    place = water.plan.region
    ActivityFactory(region=place, priority=water, amount=Decimal(20_000), currency="USD", amount_usd=Decimal("20000"))
    prospect(by=head, region=place, priority=water, amount=Decimal("10000"), likelihood=50)
    by_note = concept_notes.create(by=head, values=essentials(priority=water, regions=[]))
    prospect(by=head, concept_note=by_note, amount=Decimal("100"), likelihood=10)
    gone = prospect(by=head, region=place, priority=water, amount=Decimal("9999"), likelihood=90)
    pipeline.lose(by=head, prospect=gone, reason="Non")
    prospect(by=head, region=place, priority=roads, amount=Decimal("5000"), likelihood=80)
    first, second = gaps.of_plans_in_force()
    assert (first.money.gap, first.prospects, first.weighted, first.left) == (
        Decimal("30000.10"), 2, Decimal("5010.00"), Decimal("24990.10"),
    )  # fmt: skip
    assert (second.weighted, second.left) == (4000, 0)
    assert gaps.total([first, second]).left == first.left
    assert gaps.chosen([second, first], order="ecart") == [first, second]
    assert gaps.chosen([first, second], open_only=True) == [first]
    assert gaps.chosen([first, second], region="ML-8") == []


def test_the_page_leads_to_a_note_and_its_file_says_the_same(head):
    [water] = in_force("50000")
    client = signed_in(head)
    page = client.get(GAPS)
    assert f"?priorite={water.pk}" in page.content.decode()
    assert "Rédiger une note" not in signed_in(user_with(Role.AUDITOR)).get(GAPS).content.decode()
    text = b"".join(client.get("/mobilisation/besoins.csv").streaming_content).decode()
    assert "50000.00" in text and water.title in text
    assert client.get(GAPS, {"region": "ML-99"}).status_code == 422
    assert "Aucune priorité" in client.get(GAPS, {"theme": "Énergie"}).content.decode()


def test_the_page_costs_the_same_however_many_priorities(head):
    in_force("1")
    client = signed_in(head)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(GAPS)
        return len(queries)

    few = cost()
    for code in ("ML-5", "ML-6", "ML-8"):
        in_force(*["10"] * 8, code=code)
    assert cost() == few <= 12


# --- From a note to a project -----------------------------------------------------------------------------------------
def test_an_accepted_note_becomes_a_draft_that_says_the_same():
    author, accepted = user_with(Role.PROPOSER), note("accepted")
    client, address = signed_in(author), f"/mobilisation/notes/{accepted.pk}/proposition/"
    assert client.get(address).context["form"]["title"].value() == accepted.title
    data = {"one_time_key": str(uuid.uuid4()), "title": "Eau", "region": region("ML-7").pk}
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Project.objects.get(author=author)
    assert (made.mechanism_id, made.objective, made.duration_months, made.budget_usd) == (
        "TF",
        "Rendre l’eau.",
        12,
        accepted.budget_usd,
    )
    assert [result.statement for result in made.results.all()] == ["Trois forages réparés", "Un comité formé"]
    assert "Les ménages de Téméra" in made.need and read(accepted).status == "project" and made.origin.note == accepted
    assert client.get(f"/mobilisation/notes/{accepted.pk}/projet/")["Location"] == f"/projets/{made.pk}/"
    again = client.post(address, {**data, "one_time_key": str(uuid.uuid4())})
    assert again.status_code == 422 and Project.objects.filter(author=author).count() == 1


def test_only_an_accepted_note_in_its_own_region_by_a_proposer_there():
    author = user_with(Role.PROPOSER)
    for state, place, who, error in (
        ("shared", "ML-7", author, ValidationError),
        ("accepted", "ML-8", author, ValidationError),
        ("accepted", "ML-7", user_with(Role.PROPOSER, region=region("ML-8")), PermissionDenied),
        ("accepted", "ML-7", user_with(Role.SECTION_HEAD), PermissionDenied),
    ):
        with pytest.raises(error), transaction.atomic():
            draft_from_note(by=who, note=note(state), region=region(place), title="x")
    with pytest.raises(ValidationError) as refusal:
        draft_from_note(by=author, note=note("accepted"), region=region("ML-8"), title="x")
    assert set(refusal.value.message_dict) == {"region"}
    assert not Project.objects.exists()


def test_the_database_holds_where_a_project_came_from():
    accepted = note("accepted")
    made = draft_from_note(by=user_with(Role.PROPOSER), note=accepted, region=region("ML-7"), title="x")
    with pytest.raises(DatabaseError, match="origin_was_accepted"), transaction.atomic():
        ProjectOrigin.objects.create(project=made, note=note("accepted"))
    with pytest.raises(DatabaseError), transaction.atomic():
        ProjectOrigin.objects.filter(project=made).update(note=note("shared"))
