"""Two records of one organisation become one: everything moves, nothing is deleted, the old one says where it went."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.likeness import alike, likely_duplicates
from funds.merging import STAY, references
from funds.models import BankAccount, DistinctPair, Interest, Organisation
from funds.services import interests, merging
from funds.services import partners as registry
from projects.filters import ProjectFilter
from projects.models import Amendment, Project, Recipient
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.bank import verified
from tests.factories.coordination import meeting
from tests.factories.funds import PartnerFactory
from tests.factories.implementation import in_state
from tests.factories.projects import DraftFactory, complete_draft, region

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def merged(by: User, duplicate: Organisation, survivor: Organisation) -> Organisation:
    duplicate, survivor = fresh(duplicate), fresh(survivor)
    seen = merging.seen_of(duplicate, survivor, merging.preview(by=by, duplicate=duplicate, survivor=survivor))
    return merging.merge(by=by, duplicate=duplicate, survivor=survivor, seen=seen)


def foreign_keys() -> set[tuple[str, str]]:
    """Table and column of every foreign key to an organisation, as PostgreSQL knows them, those of the history apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c"
            "  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
            " WHERE c.contype = 'f' AND c.confrelid = 'funds_organisation'::regclass"
            "   AND c.conrelid::regclass::text NOT LIKE '%event'"
        )
        return set(cursor.fetchall())


# --- Nothing forgotten ----------------------------------------------------------------------------------------------
def test_every_foreign_key_that_the_database_knows_is_found():
    found = {(reference.model._meta.db_table, reference.field.column) for reference in references()}

    assert foreign_keys() <= found
    assert {("projects_project", "partner_id"), ("funds_interest", "organisation_id")} <= found


def test_nothing_refers_to_the_duplicate_any_more_but_its_bank_accounts(head):
    duplicate, survivor = PartnerFactory(name="Asso Kanuya"), PartnerFactory(name="Association Kanuya")
    projects = [DraftFactory(partner=duplicate) for _ in range(3)]
    account = verified(duplicate)
    interests.declare(by=user_with(Role.PROPOSER), organisation=duplicate, nature="Parent")
    held = meeting(by=head)
    held.participants.create(organisation=duplicate, name="Awa")
    merged(head, duplicate, survivor)

    assert set(Project.objects.filter(partner=survivor)) == set(projects)
    left = {}
    with connection.cursor() as cursor:
        for table, column in foreign_keys():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [duplicate.pk])
            (left[table, column],) = cursor.fetchone()
    assert {place for place, count in left.items() if count} == {("funds_bankaccount", "organisation_id")}
    assert fresh(account).status == "retired" and "Association Kanuya" in fresh(account).closing_reason


def test_the_preview_says_what_will_move_and_changes_nothing(head):
    duplicate, survivor = PartnerFactory(), PartnerFactory()
    DraftFactory(partner=duplicate)
    verified(duplicate)
    before = (fresh(duplicate).merged_into, Project.objects.filter(partner=duplicate).count())
    outcome = merging.preview(by=head, duplicate=duplicate, survivor=survivor)

    told = {row.label: (row.moves, row.stays) for row in outcome.shown}
    assert told == {"projets": (1, 0), "comptes bancaires": (0, 1)}
    assert any("aucun compte vérifié" in note for note in outcome.notes)
    assert before == (fresh(duplicate).merged_into, Project.objects.filter(partner=duplicate).count()) == (None, 1)
    assert BankAccount.objects.get().status == "verified"


@pytest.mark.parametrize("state", ["agreed", "active", "closed"])
def test_a_project_under_way_moves_and_its_money_stays_what_it_was(head, state):
    project = in_state(state)
    duplicate, survivor = project.partner, PartnerFactory()
    before = Project.objects.values("approved_usd", "paid_usd", "state", "reserved_usd").get(pk=project.pk)
    merged(head, duplicate, survivor)

    assert fresh(project).partner == survivor
    assert Project.objects.values("approved_usd", "paid_usd", "state", "reserved_usd").get(pk=project.pk) == before
    if state == "closed":
        assert {entry.account.organisation for entry in _payments(project)} == {duplicate}


def _payments(project: Project):
    from projects.models import Payment

    return Payment.objects.filter(instalment__project=project, account__isnull=False).select_related(
        "account__organisation"
    )


def test_what_the_survivor_knows_already_stays_with_the_retired_record(head):
    duplicate, survivor, held = PartnerFactory(), PartnerFactory(), meeting()
    for one in (duplicate, survivor):
        held.participants.create(organisation=one, name="Awa")
    other = held.participants.create(organisation=duplicate, name="Ada")
    merged(head, duplicate, survivor)

    assert fresh(other).organisation == survivor
    assert held.participants.filter(organisation=duplicate, name="Awa").count() == 1


# --- What a merge carries over, and what it does not wash away --------------------------------------------------------
def test_roles_join_and_gaps_are_filled(head):
    duplicate = PartnerFactory(kind="donor", contact_phone="+223 70 00 00 00", contact_name="Awa", late_reports=2)
    survivor = merged(head, duplicate, PartnerFactory(contact_name="Oumar", late_reports=1))

    assert survivor.is_donor and survivor.is_implementing
    assert (survivor.contact_name, survivor.contact_phone, survivor.late_reports) == ("Oumar", "+223 70 00 00 00", 3)


def test_an_exclusion_and_a_failed_vetting_follow(head):
    excluded = merged(head, PartnerFactory(excluded=True, exclusion_reason="Fausses factures"), PartnerFactory())
    doubtful = merged(head, PartnerFactory(vetting_status="rejected"), PartnerFactory())

    assert excluded.excluded and "Fausses factures" in excluded.exclusion_reason
    assert doubtful.vetting_status == "pending"


def test_who_declared_an_interest_in_both_keeps_one_that_lasts_and_both_are_told(head):
    duplicate, survivor, somebody = PartnerFactory(), PartnerFactory(), user_with(Role.PROPOSER)
    for one in (duplicate, survivor):
        interests.declare(by=somebody, organisation=one, nature="Trésorier")
    merged(head, duplicate, survivor)

    found = Interest.objects.filter(user=somebody, organisation=survivor)
    assert (found.count(), found.filter(ended_at=None).count()) == (2, 1)


# --- Who, and when not ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECTION_HEAD])
def test_only_the_section_head_merges(role):
    one, other = PartnerFactory(), PartnerFactory()
    with pytest.raises(PermissionDenied):
        merging.merge(by=user_with(role), duplicate=one, survivor=other, seen="")


@pytest.mark.parametrize("side", [0, 1])
def test_an_interest_in_either_bars(head, side):
    pair = PartnerFactory(), PartnerFactory()
    interests.declare(by=head, organisation=pair[side], nature="Fondateur")
    with pytest.raises(PermissionDenied):
        merging.preview(by=head, duplicate=pair[0], survivor=pair[1])


def test_neither_itself_nor_a_merged_one(head):
    one, two, three = PartnerFactory(), PartnerFactory(), PartnerFactory()
    with pytest.raises(ValidationError):
        merging.preview(by=head, duplicate=one, survivor=one)
    merged(head, one, two)
    for duplicate, survivor in ((one, three), (three, one)):
        with pytest.raises(ValidationError, match="déjà réunie"):
            merging.preview(by=head, duplicate=duplicate, survivor=survivor)


def test_a_merged_survivor_takes_those_merged_into_it_along(head):
    one, two, three = (
        PartnerFactory(name="Kanuya Un"),
        PartnerFactory(name="Kanuya Deux"),
        PartnerFactory(name="Kanuya"),
    )
    merged(head, one, two)
    merged(head, two, three)

    assert fresh(one).merged_into == fresh(two).merged_into == three


def test_an_amendment_under_way_that_changes_the_partner_is_decided_first(head):
    project = in_state("active")
    duplicate, survivor = PartnerFactory(), PartnerFactory()
    changes = [{"field": "partner", "before": project.partner_id, "after": duplicate.pk}]
    Amendment.objects.create(
        project=project, number=1, reason="Autre partenaire", changes=changes, written_by=project.author
    )

    for one in (duplicate, project.partner):
        with pytest.raises(ValidationError, match="avenant n° 1"):
            merging.preview(by=head, duplicate=one, survivor=survivor)


def test_a_lead_and_a_recipient_of_one_project_do_not_become_one(head, monkeypatch):
    lead, other = PartnerFactory(), PartnerFactory()
    project = DraftFactory(partner=lead, mechanism_id="PBF")
    Recipient.objects.create(project=project, organisation=other, share=Decimal("30"))
    for pair in ((lead, other), (other, lead)):
        with pytest.raises(ValidationError, match="chef de file"):
            merging.preview(by=head, duplicate=pair[0], survivor=pair[1])

    monkeypatch.setattr("funds.services.merging.obstacles", lambda *_pair: [])  # the database holds it all the same
    with pytest.raises(ValidationError, match="base de données"):
        merging.preview(by=head, duplicate=other, survivor=lead)
    assert fresh(other).merged_into is None


def test_what_changed_since_the_preview_is_read_again(head):
    duplicate, survivor = PartnerFactory(), PartnerFactory()
    seen = merging.seen_of(duplicate, survivor, merging.preview(by=head, duplicate=duplicate, survivor=survivor))
    DraftFactory(partner=duplicate)
    with pytest.raises(ValidationError, match="a changé"), transaction.atomic():
        merging.merge(by=head, duplicate=duplicate, survivor=survivor, seen=seen)

    assert fresh(duplicate).merged_into is None and Project.objects.get().partner == duplicate


# --- The retired record ---------------------------------------------------------------------------------------------
def test_the_retired_record_is_readable_says_where_it_went_and_no_longer_changes(head):
    duplicate, survivor = PartnerFactory(name="Asso Kanuya", region=region()), PartnerFactory(name="Association Kanuya")
    merged(head, duplicate, survivor)
    client = signed_in(head)
    page = client.get(f"/partenaires/{duplicate.pk}/").content.decode()

    assert f'<a href="/partenaires/{survivor.pk}/">Association Kanuya</a>' in page
    assert "Asso Kanuya" in client.get(f"/partenaires/{survivor.pk}/").content.decode()
    assert client.get(f"/partenaires/{duplicate.pk}/historique/").status_code == 200
    for door in ("fiche", "exclusion", "reunir"):
        assert client.get(f"/partenaires/{duplicate.pk}/{door}/").status_code == 403
    values = {name: getattr(duplicate, name) for name in registry.DESCRIBED}
    with pytest.raises(PermissionDenied):
        registry.describe(by=head, organisation=duplicate, values=values, seen=registry.version_of(fresh(duplicate)))
    with pytest.raises(PermissionDenied):
        interests.declare(by=head, organisation=duplicate, nature="Tardif")
    for change in ({"name": "Autre"}, {"merged_into": None, "merged_at": None, "merged_by": None}):
        with pytest.raises(DatabaseError, match="retired_for_good"), transaction.atomic():
            Organisation.objects.filter(pk=duplicate.pk).update(**change)


def test_the_old_name_finds_the_survivor_in_the_registry_and_among_projects(head):
    duplicate, survivor = PartnerFactory(name="Asso Kanuya", acronym="AKA"), PartnerFactory(name="Femmes du fleuve")
    project = DraftFactory(partner=survivor)
    merged(head, duplicate, survivor)

    for text in ("asso kan", "aka"):
        answer = signed_in(head).get("/partenaires/", {"q": text})
        assert [row.name for row, _standing in answer.context["rows"]] == ["Femmes du fleuve"]
    found = ProjectFilter({"partenaire": "Asso Kanuya"}, Project.objects.all(), user=head).qs
    assert list(found) == [project]


def test_no_project_is_given_to_a_retired_record_nor_to_one_that_carries_none_out(head):
    duplicate, donor = PartnerFactory(), PartnerFactory(kind="donor")
    merged(head, duplicate, PartnerFactory())
    project = complete_draft()

    for wrong, name in ((duplicate, "partner_is_retired"), (donor, "partner_does_not_implement")):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(partner=wrong)


# --- Through the pages ----------------------------------------------------------------------------------------------
def test_chosen_read_confirmed_and_sent_twice_through_the_pages(head):
    duplicate, survivor = PartnerFactory(name="ONG Kanuya"), PartnerFactory(name="Association Kanuya")
    DraftFactory(partner=duplicate)
    client, address = signed_in(head), f"/partenaires/{duplicate.pk}/reunir/"
    assert (
        f"/partenaires/{survivor.pk}/reunir/?avec={duplicate.pk}"
        in client.get("/partenaires/doublons/").content.decode()
    )
    assert "Choisir" in client.get(address).content.decode()
    page = client.get(address, {"avec": survivor.pk})
    assert "Projets" in page.content.decode()

    data = {"one_time_key": str(uuid.uuid4()), "seen": page.context["seen"]}
    first, second = (client.post(f"{address}?avec={survivor.pk}", data) for _ in range(2))
    assert first["Location"] == second["Location"] == f"/partenaires/{survivor.pk}/"
    assert fresh(duplicate).merged_by == head


def test_a_confirmation_of_what_has_changed_shows_it_again(head):
    duplicate, survivor = PartnerFactory(), PartnerFactory()
    client, address = signed_in(head), f"/partenaires/{duplicate.pk}/reunir/?avec={survivor.pk}"
    seen = client.get(address).context["seen"]
    DraftFactory(partner=duplicate)
    answer = client.post(address, {"one_time_key": str(uuid.uuid4()), "seen": seen})

    assert answer.status_code == 422 and "a changé entre-temps" in answer.content.decode()
    assert answer.context["seen"] != seen
    assert client.post(address, {"one_time_key": str(uuid.uuid4()), "seen": answer.context["seen"]}).status_code == 302


# --- Likely duplicates ----------------------------------------------------------------------------------------------
def test_names_that_differ_by_dull_words_accents_or_a_letter_are_alike():
    for name in ("Association Kanuya", "ONG Tassaght", "Coopérative Annayou de Mopti"):
        PartnerFactory(name=name)
    PartnerFactory(name="Bureau des projets", acronym="BDP")

    def names(*given) -> list[str]:
        return [one.name for one in alike(*given)]

    assert names("ONG KANUYA") == ["Association Kanuya"]
    assert names("Asso. Tassagt") == ["ONG Tassaght"]
    assert names("Coopérative Annayou de Gao") == []
    assert names("Tout autre chose", "bdp") == ["Bureau des projets"]
    assert names("Association des femmes de Kidal") == []


def test_pairs_are_found_and_a_merged_one_is_no_longer_suggested(head):
    one, two, _other = (
        PartnerFactory(name="ONG Kanuya"),
        PartnerFactory(name="Association Kanuya"),
        PartnerFactory(name="Greffa"),
    )
    assert [(pair.earlier, pair.later) for pair in likely_duplicates()] == [(one, two)]
    merged(head, two, one)
    assert likely_duplicates() == []


def test_registering_a_name_that_is_nearly_known_asks_whether_it_is_another():
    PartnerFactory(name="Association Kanuya")
    client = signed_in(user_with(Role.PROGRAMME_OFFICER))

    def sent(**more):
        data = {"one_time_key": str(uuid.uuid4()), "name": "ONG Kanuya", "kind": "ngo_national", **more}
        return client.post("/partenaires/nouveau/", data)

    answer = sent()
    assert answer.status_code == 422 and "Association Kanuya" in answer.content.decode()
    assert sent(is_another="on").status_code == 302


def test_the_page_of_duplicates_costs_two_questions_of_the_registry(head):
    client = signed_in(head)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/partenaires/doublons/").status_code == 200
        return len(queries)

    for name in ("ONG Kanuya", "Association Kanuya"):
        PartnerFactory(name=name)
    few = cost()
    for rank in range(40):
        PartnerFactory(name=f"{'ONG' if rank % 2 else 'Association'} Kanuya {rank // 2}")
    assert cost() == few <= 6


def test_only_bank_accounts_and_what_was_said_of_two_records_keep_the_retired_record_by_rule():
    """The database freezes both; what a mark says of the record that goes on is in test_distinct_pairs."""
    assert set(STAY) == {(BankAccount, "organisation"), (DistinctPair, "earlier"), (DistinctPair, "later")}
    assert all(str(why) for why in STAY.values())
