"""Concept notes: written by section, shared whole, answered, and then for good."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from funds.concept_note_rules import MOST_LINES, SECTIONS, TRANSITIONS, lacks
from funds.exports.concept_note import concept_note as paper_of
from funds.models import ConceptNote, NoteLine, NoteStatus, OutlineCategory
from funds.services import concept_notes as services
from funds.services.versions import Changed
from funds.views.concept_notes import note_of
from projects.models import BudgetCategory
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.documents.typesetting import typeset
from tests.factories.accounts import user_with
from tests.factories.funds import DonorFactory
from tests.factories.notes import TOLD, essentials, note, read
from tests.factories.plans import in_force
from tests.factories.projects import region
from tests.factories.prospects import prospect

pytestmark = pytest.mark.django_db
NOTES = "/mobilisation/notes/"


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, address: str, **data):
    return client.post(address, {"one_time_key": str(uuid.uuid4()), **data})


def refused(statement: str, *told, names: str) -> None:
    with pytest.raises(DatabaseError, match=names), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, told)


def test_the_outline_has_the_categories_of_a_budget():
    assert set(OutlineCategory.values) <= set(BudgetCategory.values)


def test_the_budget_is_the_sum_of_its_outline_whoever_writes_it(head):
    made = note(by=head)
    assert made.budget_usd == Decimal("31500.50")
    NoteLine.objects.filter(note=made, number=1).update(amount_usd=Decimal("1"))
    assert read(made).budget_usd == Decimal("1501.50")
    made.lines.get(number=2).delete()
    assert read(made).budget_usd == 1


def test_a_note_is_shared_whole_and_to_somebody(head):
    bare = services.create(by=head, values=essentials(months=None, donors=[]))
    assert len(lacks(bare, has_donor=False)) == 7
    with pytest.raises(ValidationError, match="le contexte et le besoin"):
        services.share(by=head, note=bare)
    refused(
        "UPDATE funds_conceptnote SET status = 'shared', shared_on = now() WHERE id = %s", bare.pk,
        names="concept_note_for_a_donor",
    )  # fmt: skip
    named = services.create(by=head, values=essentials())
    refused(
        "UPDATE funds_conceptnote SET status = 'shared', shared_on = now() WHERE id = %s", named.pk,
        names="concept_note_shared_whole",
    )  # fmt: skip


def test_statuses_follow(head):
    for old in NoteStatus.values:
        for new in NoteStatus.values:
            if old == "project" or new == old or (old, new) in TRANSITIONS:
                continue
            made = note(old, by=head)
            refused(
                "UPDATE funds_conceptnote SET status = %s WHERE id = %s", new, made.pk, names="transition|concept_note"
            )


def test_what_was_answered_stays(head):
    made = note("accepted", by=head)
    with pytest.raises(ValidationError):
        services.save_section(
            by=head, note=made, section="need", values={"need": "x"}, seen=services.section_version(made, "need")
        )
    refused("UPDATE funds_conceptnote SET need = 'x' WHERE id = %s", made.pk, names="concept_note_stays")
    refused("UPDATE funds_noteline SET amount_usd = 1 WHERE note_id = %s", made.pk, names="concept_note_stays")
    refused("DELETE FROM funds_noteregion WHERE note_id = %s", made.pk, names="concept_note_stays")
    refused("DELETE FROM funds_conceptnote WHERE id = %s", made.pk, names="Cannot delete")


def test_declining_asks_why_and_a_declined_note_is_written_again(head):
    made = note("shared", by=head)
    with pytest.raises(ValidationError):
        services.answer(by=head, note=made, status="declined", words=" ")
    services.answer(by=head, note=made, status="declined", words="Hors mandat")
    again = services.rework(by=head, note=made)
    assert (again.status, again.answer, again.shared_on) == ("draft", "", None)


def test_each_refusal_says_what_it_is_about(head):
    shared = note("shared", by=head)
    rows = [("works", f"Ligne {n}", Decimal(10)) for n in range(MOST_LINES + 1)]
    for told, said in ((rows, f"{MOST_LINES} lignes au plus"), ([], "ne peut")):
        seen = services.section_version(shared, "budget")
        with pytest.raises(ValidationError, match=said):
            services.save_budget(by=head, note=shared, rows=told, seen=seen)
    for status, words, field in (("project", "Vu", "status"), ("declined", " ", "words")):
        with pytest.raises(ValidationError) as refusal:
            services.answer(by=head, note=shared, status=status, words=words)
        assert set(refusal.value.message_dict) == {field}
    with pytest.raises(ValidationError, match="n’est plus possible"):
        services.share(by=head, note=shared)
    officer = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))
    with pytest.raises(PermissionDenied):
        services.link(by=officer, note=shared, prospect=prospect(by=head, region=region("ML-7")))


def test_two_write_two_sections_and_not_the_same_one(head):
    made, other = note(by=head), user_with(Role.SECTION_HEAD)
    seen = {section: services.section_version(made, section) for section in (*SECTIONS, "budget")}
    services.save_section(by=other, note=made, section="need", values={"need": "Autre"}, seen=seen["need"])
    told = TOLD["objective"] | {"objective": "Mieux"}
    services.save_section(by=head, note=made, section="objective", values=told, seen=seen["objective"])
    with pytest.raises(Changed):
        services.save_section(by=head, note=made, section="need", values={"need": "Mien"}, seen=seen["need"])
    services.save_budget(by=other, note=made, rows=[("works", "Tout", Decimal(5))], seen=seen["budget"])
    with pytest.raises(Changed):
        services.save_budget(by=head, note=made, rows=[], seen=seen["budget"])
    assert (read(made).need, read(made).objective, read(made).budget_usd) == ("Autre", "Mieux", 5)


def test_an_officer_writes_for_their_region_alone():
    officer = user_with(Role.PROGRAMME_OFFICER, region=region("ML-7"))
    made = services.create(by=officer, values=essentials())
    for regions in ([], [region("ML-8")], [region("ML-7"), region("ML-8")]):
        with pytest.raises(PermissionDenied), transaction.atomic():
            services.create(by=officer, values=essentials(regions=regions))
        with pytest.raises(PermissionDenied), transaction.atomic():
            services.save_section(
                by=officer, note=made, section="essentials", values=essentials(regions=regions),
                seen=services.section_version(made, "essentials"),
            )  # fmt: skip


def test_a_priority_brings_its_region_and_the_prospect_takes_the_priority(head):
    [water] = in_force("1000")
    hoped = prospect(by=head, region=water.plan.region)
    made = services.create(by=head, values=essentials(priority=water, regions=[]), prospect=hoped)
    hoped.refresh_from_db()
    assert [place.region for place in made.places.all()] == [water.plan.region]
    assert (hoped.concept_note, hoped.priority) == (made, water)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_a_note_is_written_shared_and_answered_through_its_pages(head):
    client, donor = signed_in(head), DonorFactory(name="Royaume du Sud")
    first = {
        "title": "Eau",
        "mechanism": "TF",
        "regions": [region("ML-7").pk],
        "donors": [donor.pk],
        "months": "12",
        "theme": "",
    }
    answer = sent(client, f"{NOTES}nouvelle/", **first)
    assert answer.status_code == 302, answer.context["form"].errors
    made = ConceptNote.objects.get()
    here = f"{NOTES}{made.pk}/"
    for section, values in TOLD.items():
        seen = client.get(f"{here}sections/{section}/").context["form"]["seen"].value()
        assert sent(client, f"{here}sections/{section}/", seen=seen, **values).status_code == 302
    seen = client.get(f"{here}sections/budget/").context["form"]["seen"].value()
    answer = sent(client, f"{here}sections/budget/", seen=seen, label_1="Forage", amount_1="abc")
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"category_1", "amount_1"})
    rows = {"category_2": "works", "label_2": "Forage", "amount_2": "12 500,50"}
    assert sent(client, f"{here}sections/budget/", seen=seen, **rows).status_code == 302
    assert read(made).budget_usd == Decimal("12500.50")
    assert sent(client, f"{here}partage/").status_code == 302
    answer = sent(client, f"{here}reponse/", status="declined", words="")
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"words"})
    assert sent(client, f"{here}reponse/", status="accepted", words="D’accord").status_code == 302
    page = signed_in(user_with(Role.PROPOSER)).get(here).content.decode()
    for told in ("Royaume du Sud", "Trois forages réparés", "Créer une proposition", "D’accord"):
        assert told in page
    assert client.get(f"{here}historique/").status_code == 200
    assert client.get(f"{here}note.pdf").getvalue().startswith(b"%PDF-")
    assert client.get(f"{here}sections/inconnue/").status_code == 404


def test_a_later_save_of_a_section_shows_what_stands(head):
    client, made = signed_in(head), note(by=head)
    for section, typed, told in (
        ("need", {"need": "Le mien"}, "Le sien"),
        ("budget", {"category_1": "works", "label_1": "Le mien", "amount_1": "2"}, "Le sien"),
    ):
        address = f"{NOTES}{made.pk}/sections/{section}/"
        seen = client.get(address).context["form"]["seen"].value()
        theirs = {name: told if value == "Le mien" else value for name, value in typed.items()}
        assert sent(client, address, seen=seen, **theirs).status_code == 302
        answer = sent(client, address, seen=seen, **typed)
        page = answer.content.decode()
        assert answer.status_code == 422 and "Le sien" in page and "Le mien" in page
        assert sent(client, address, **typed, seen=answer.context["form"]["seen"].value()).status_code == 302


def test_a_new_note_is_filled_in_from_a_prospect_or_a_priority(head):
    [water] = in_force("1000")
    hoped = prospect(by=head, title="Espoir")
    client = signed_in(head)
    form = client.get(f"{NOTES}nouvelle/?prospect={hoped.pk}").context["form"]
    assert (form["title"].value(), form["donors"].value()) == ("Espoir", [hoped.donor_id])
    form = client.get(f"{NOTES}nouvelle/?priorite={water.pk}").context["form"]
    assert (form["title"].value(), form["regions"].value()) == (water.title, [water.plan.region_id])
    assert client.get(f"{NOTES}nouvelle/?prospect=x&priorite=99999999999").status_code == 200


def test_the_document_says_the_note_in_both_languages(head):
    made = note_of(note("shared", by=head).pk)
    for language in ("fr", "en"):
        with translation.override(language):
            paper = paper_of(made)
            assert paper.language == language
            assert typeset(paper).startswith(b"%PDF-")


def test_the_list_filters_and_costs_the_same_however_much_there_is(head):
    client, made = signed_in(head), note(by=head)
    note("shared", by=head, title="Autre", regions=[])

    def titles(**query) -> list[str]:
        return [row.title for row in client.get(NOTES, query).context["page"].rows]

    assert (
        titles(etat="draft")
        == ["Eau de Téméra"]
        == titles(region="ML-7")
        == titles(donateur=made.addressees.get().donor_id)
    )
    assert titles(q="autre") == ["Autre"] and titles(mecanisme="PBF") == []

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = cost(NOTES)
    for _n in range(8):
        services.create(by=head, values=essentials())
    assert cost(NOTES) == few <= 6
    copied = list(ConceptNote.objects.filter(pk=made.pk))
    for one in copied:
        one.pk = None
    ConceptNote.objects.bulk_create(copied * 90)
    assert cost(NOTES) == few
    assert cost(f"{NOTES}{made.pk}/") <= 12
