"""The history as people read it."""

import pghistory
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from projects.models import Payment, Report
from regions.models import Region
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role
from sr_portal.documents.models import Document
from sr_portal.history.reading import changes_of, records_of
from tests.factories.accounts import UserFactory, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return UserFactory(name="Awa Diarra")


@pytest.fixture
def person(administrator) -> User:
    with pghistory.context(user=administrator.pk, user_name="Awa Diarra", address="192.0.2.7", url="/personnes/"):
        return UserFactory(name="Moussa Coulibaly", language="fr")


def as_the_system() -> None:
    """Forget the context, which else lasts until the end of the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', '', true)")


def test_a_change_says_who_when_from_where_before_and_after(person, administrator):
    with pghistory.context(user=administrator.pk, user_name="Awa Diarra", address="192.0.2.7", url="/personnes/1/"):
        User.objects.filter(pk=person.pk).update(language="en", is_active=False)
    changed, created = changes_of(person).entries
    assert (changed.kind, created.kind) == ("changed", "created")
    assert (changed.actor, changed.address, changed.url) == ("Awa Diarra", "192.0.2.7", "/personnes/1/")
    assert [(line.field, line.before, line.after) for line in changed.changes] == [
        ("Langue de l’interface", "Français", "Anglais"),
        ("Actif", "oui", "non"),
    ]


def test_the_name_of_the_time_stays_when_somebody_changes_name(person, administrator):
    administrator.name = "Awa Traoré"
    administrator.save()
    assert changes_of(person).entries[0].actor == "Awa Diarra"


def test_a_change_by_a_command_is_the_systems(administrator):
    assert changes_of(administrator).entries[-1].actor == "Système"


def test_records_deleted_since_keep_their_place_and_keys_are_names(person):
    gao = Region.objects.get(code="ML-7")
    group, _made = Group.objects.get_or_create(name=Role.AUDITOR.value)
    RoleAssignment.objects.create(user=person, group=group, region=gao).delete()
    entries = changes_of(person, records_of(RoleAssignment, user=person)).entries
    deleted = next(entry for entry in entries if entry.kind == "deleted")
    assert ("Région", gao.name, "") in [(line.field, line.before, line.after) for line in deleted.changes]
    assert any(entry.kind == "created" and entry.model == "Rôle attribué" for entry in entries)


def test_filter_by_person_and_by_field(person, administrator):
    as_the_system()
    User.objects.filter(pk=person.pk).update(job_title="Géomètre")
    everything = changes_of(person)
    assert dict(everything.people) == {str(administrator.pk): "Awa Diarra", "-": "Système"}
    assert ("accounts.user.job_title", "Utilisateur – fonction") in everything.fields
    assert [entry.kind for entry in changes_of(person, person=str(administrator.pk)).entries] == ["created"]
    assert [entry.kind for entry in changes_of(person, field="accounts.user.job_title").entries] == ["changed"]
    assert changes_of(person, field="nothing.at.all").entries == []


def test_pages_follow_each_other_without_gap_or_overlap_forward_and_back(person):
    for turn in range(7):
        User.objects.filter(pk=person.pk).update(job_title=f"Titre {turn}")
    pages = [changes_of(person, page_size=3)]
    while pages[-1].next_cursor:
        pages.append(changes_of(person, cursor=pages[-1].next_cursor, page_size=3))
    assert [len(page.entries) for page in pages] == [3, 3, 2]
    titles = [
        line.after for page in pages for entry in page.entries for line in entry.changes if line.field == "Fonction"
    ]
    assert titles == [f"Titre {turn}" for turn in reversed(range(7))]
    back = [pages[-1]]
    while back[0].previous_cursor:
        back.insert(0, changes_of(person, cursor=back[0].previous_cursor, page_size=3))
    assert [page.entries for page in back] == [page.entries for page in pages]
    assert not pages[0].previous_cursor


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "\x00", "é" * 40])
def test_a_forged_cursor_gives_the_first_page_and_says_so(person, cursor):
    page = changes_of(person, cursor=cursor)
    assert page.entries == changes_of(person).entries
    assert "début de l’historique" in page.notice


def test_filter_by_kind_of_record(person):
    group, _made = Group.objects.get_or_create(name=Role.AUDITOR.value)
    RoleAssignment.objects.create(user=person, group=group)
    roles = records_of(RoleAssignment, user=person)
    assert [choice.key for choice in changes_of(person, roles).objects] == ["accounts.user", "accounts.roleassignment"]
    entries = changes_of(person, roles, field="accounts.roleassignment").entries
    assert [entry.model for entry in entries] == ["Rôle attribué"]


def test_as_many_queries_for_one_record_as_for_many(person):
    def queries(*sources) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            changes_of(*sources, page_size=200)
        return len(captured)

    gao = Region.objects.get(code="ML-7")
    many = [user_with(Role.AUDITOR, Role.PROPOSER, region=gao) for _ in range(10)]
    few = queries(many[0], records_of(RoleAssignment, user=many[0]))
    assert queries(*many, records_of(RoleAssignment, user=many)) == few <= 5


def test_the_page_shows_it_and_escapes_what_people_wrote(person):
    User.objects.filter(pk=person.pk).update(job_title="<script>alert(1)</script>")
    request = RequestFactory().get("/historique/")
    page = render_to_string("history/parts/changes.html", {"history": changes_of(person)}, request=request)
    assert "Awa Diarra" in page and "192.0.2.7" in page
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_nothing_to_tell(person):
    page = render_to_string("history/parts/changes.html", {"history": changes_of()}, request=RequestFactory().get("/"))
    assert "Rien n’a encore été modifié" in page


def test_the_events_of_records_are_found_by_an_index_whatever_they_are_asked_by():
    """A table of events holds those of every project: none is read whole for one of them."""
    with connection.cursor() as cursor:
        for source in (
            records_of(Document, id=[1, 2]),
            records_of(Report, id=[3]),
            records_of(Payment, instalment=[4]),
        ):
            table = source.model.pgh_event_model._meta.db_table
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
            assert any(f"({source.column})" in definition for (definition,) in cursor.fetchall()), source
