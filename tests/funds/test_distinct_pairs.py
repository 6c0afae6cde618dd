"""Two records that look alike and are two organisations: said once with a reason, kept, and taken back."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client

from funds.likeness import likely_duplicates
from funds.models import DistinctPair, Organisation
from funds.services import merging
from funds.services.distinct_pairs import lift_mark, mark_distinct
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


@pytest.fixture
def pair() -> tuple[Organisation, Organisation]:
    return PartnerFactory(name="Association Djiguiya de Gao"), PartnerFactory(name="Asso Djiguiya de Gao")


def test_a_pair_said_to_be_two_is_proposed_no_more_until_the_word_is_taken_back(head, pair):
    assert len(likely_duplicates()) == 1
    marked = mark_distinct(by=head, one=pair[1], other=pair[0], reason="Deux antennes, deux récépissés.")
    assert likely_duplicates() == []
    lift_mark(by=head, pair=marked)
    assert len(likely_duplicates()) == 1
    mark_distinct(by=head, one=pair[0], other=pair[1], reason="Vérifié de nouveau.")
    assert DistinctPair.objects.count() == 2 and likely_duplicates() == []


def test_it_asks_for_a_reason_and_for_two_records_that_live(head, pair):
    for reason in ("", "  "):
        with pytest.raises(ValidationError):
            mark_distinct(by=head, one=pair[0], other=pair[1], reason=reason)
    with pytest.raises(ValidationError):
        mark_distinct(by=head, one=pair[0], other=pair[0], reason="La même")
    with pytest.raises(PermissionDenied):
        mark_distinct(by=user_with(Role.PROGRAMME_OFFICER), one=pair[0], other=pair[1], reason="Deux")


def test_a_mark_survives_a_merge_and_the_database_keeps_it(head, pair):
    marked = mark_distinct(by=head, one=pair[0], other=pair[1], reason="Deux antennes.")
    third = PartnerFactory(name="Djiguiya Gao")
    duplicate, survivor = Organisation.objects.get(pk=pair[1].pk), Organisation.objects.get(pk=third.pk)
    seen = merging.seen_of(duplicate, survivor, merging.preview(by=head, duplicate=duplicate, survivor=survivor))
    merging.merge(by=head, duplicate=duplicate, survivor=survivor, seen=seen)
    marked.refresh_from_db()
    assert marked.later_id == pair[1].pk
    for statement in (
        "DELETE FROM funds_distinctpair",
        "UPDATE funds_distinctpair SET reason = 'x'",
        "UPDATE funds_distinctpair SET lifted_at = now()",
        "UPDATE funds_distinctpair SET later_id = earlier_id",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_was_said_of_a_record_holds_for_the_one_it_was_merged_into(head):
    one, other, third = (PartnerFactory(name=f"{kind} Djiguiya de Gao") for kind in ("Association", "Asso", "ONG"))
    marked = mark_distinct(by=head, one=one, other=other, reason="Deux antennes.")
    assert {(pair.earlier, pair.later) for pair in likely_duplicates()} == {(one, third), (other, third)}
    duplicate, survivor = (Organisation.objects.get(pk=row.pk) for row in (other, third))
    seen = merging.seen_of(duplicate, survivor, merging.preview(by=head, duplicate=duplicate, survivor=survivor))
    merging.merge(by=head, duplicate=duplicate, survivor=survivor, seen=seen)

    assert likely_duplicates() == []
    with pytest.raises(ValidationError, match="marquées différentes"):
        merging.preview(by=head, duplicate=third, survivor=one)
    lift_mark(by=head, pair=marked)
    assert [(pair.earlier, pair.later) for pair in likely_duplicates()] == [(one, third)]


def test_two_said_to_be_two_are_merged_only_once_that_word_is_taken_back(head, pair):
    marked = mark_distinct(by=head, one=pair[0], other=pair[1], reason="Deux antennes.")
    for duplicate, survivor in (pair, pair[::-1]):
        with pytest.raises(ValidationError, match="Deux antennes"):
            merging.preview(by=head, duplicate=duplicate, survivor=survivor)
    lift_mark(by=head, pair=marked)
    assert merging.preview(by=head, duplicate=pair[1], survivor=pair[0])


def test_the_head_marks_and_lifts_on_the_page_of_duplicates(head, pair):
    client = Client()
    client.force_login(head)
    address = f"/partenaires/doublons/{pair[1].pk}/{pair[0].pk}/"
    assert client.post(address, {"one_time_key": str(uuid.uuid4()), "reason": ""}).status_code == 422
    answer = client.post(address, {"one_time_key": str(uuid.uuid4()), "reason": "Deux antennes."})
    assert answer.status_code == 302
    page = client.get("/partenaires/doublons/").content.decode()
    assert "Deux antennes." in page and "Lever la marque" in page
    marked = DistinctPair.objects.get()
    assert (
        client.post(f"/partenaires/doublons/marques/{marked.pk}/", {"one_time_key": str(uuid.uuid4())}).status_code
        == 302
    )
    assert len(likely_duplicates()) == 1
