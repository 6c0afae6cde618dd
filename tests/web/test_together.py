"""Relations read by one question are those that Django would have prefetched, and cost nothing until one is read."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Prefetch
from django.http import Http404

from projects.models import AgreedLine, BudgetLine, Project
from projects.states import State
from sr_portal.web.together import Relation, get_together, relations_of
from tests.factories.implementation import in_state
from tests.factories.projects import complete_draft, fresh

pytestmark = pytest.mark.django_db
EVERYTHING = Project.objects.for_page().with_life()


def values(row: models.Model) -> dict:
    loaded = [field for field in row._meta.concrete_fields if field.attname not in row.get_deferred_fields()]
    return {field.attname: (type(value := getattr(row, field.attname)), value) for field in loaded}


def told(row: models.Model, relations: dict[str, Relation], path: str = "") -> Iterator[tuple[str, object]]:
    """Every value that can be reached by these relations, with the path to it."""
    for name, relation in sorted(relations.items()):
        if relation.is_many:
            members = list(getattr(row, name).all())
        else:
            members = [member] if (member := getattr(row, name, None)) else []
        yield f"{path}{name}", len(members)
        for number, member in enumerate(members):
            yield f"{path}{name}[{number}]", {k: v for k, v in values(member).items() if k != "search"}
            yield from told(member, relation.beyond, f"{path}{name}[{number}].")


@pytest.fixture
def closed():
    project = in_state(State.CLOSED)
    project.coauthors.add(fresh(project.screenings.get().screener), fresh(project.decision.decided_by))
    return project


def test_one_question_reads_what_many_prefetches_would(closed, django_assert_num_queries):
    relations = relations_of(EVERYTHING)
    expected = dict(told(EVERYTHING.get(pk=closed.pk), relations))
    with django_assert_num_queries(2):
        found = dict(told(get_together(EVERYTHING, at_once=True, pk=closed.pk), relations))
    assert found == expected
    reached = {path.split("[")[0] for path, count in expected.items() if count}
    assert {
        "coauthors",
        "lines",
        "screenings",
        "agenda_items",
        "changes",
        "agreement",
        "instalments",
        "visits",
    } <= reached
    assert any(path.startswith("instalments[0].payments[0].proof") for path in expected)


def test_nothing_is_asked_before_a_relation_is_read(closed, django_assert_num_queries):
    with django_assert_num_queries(1):
        project = get_together(Project.objects.for_page(), pk=closed.pk)
    with django_assert_num_queries(1):
        assert [line.project for line in project.lines.all()] == [project]
        assert [str(change.actor) for change in project.changes.all()]
        assert (project.region.code, str(project.decision.decided_by)) == ("ML-7", str(closed.decision.decided_by))
        assert len(project.lines.all()) == len(project.lines.all())
    with django_assert_num_queries(1):
        assert project.lines.filter(pk=0).count() == 0, "a filter asks anew, of this project's rows only"


def test_what_is_deferred_is_read_when_it_is_wanted(closed, django_assert_num_queries):
    with django_assert_num_queries(2):
        region = get_together(Project.objects.for_page(), pk=closed.pk).region
    assert region.get_deferred_fields() == {"outline"}
    assert region.outline == closed.region.outline


def test_a_row_read_anew_reads_its_relations_anew(closed):
    project = get_together(Project.objects.for_page(), pk=closed.pk)
    assert project.region.code == "ML-7"
    Project.objects.filter(pk=closed.pk).update(locality="Gossi")
    project.refresh_from_db()
    assert (project.locality, project.region.code, len(project.lines.all())) == ("Gossi", "ML-7", 1)


def test_beyond_a_relation_that_came_with_the_row_the_rest_is_read(closed, django_assert_num_queries):
    selected = Project.objects.select_related("agreement__signed_by").prefetch_related(
        "agreement__copies__document", "lines"
    )
    with django_assert_num_queries(2):
        project = get_together(selected, at_once=True, pk=closed.pk)
        assert [copy.document.original_name for copy in project.agreement.copies.all()]


def test_what_is_added_through_the_relation_is_read_again():
    draft = complete_draft()
    project = get_together(Project.objects.for_page(), pk=draft.pk)
    assert list(project.coauthors.all()) == []
    project.coauthors.add(draft.author)
    assert list(project.coauthors.all()) == [draft.author]


def test_a_row_without_its_single_relation_says_so():
    project = get_together(EVERYTHING, at_once=True, pk=complete_draft().pk)
    with pytest.raises(ObjectDoesNotExist):
        project.agreement  # noqa: B018


def test_a_row_out_of_reach_is_not_found():
    with pytest.raises(Http404):
        get_together(Project.objects.none(), pk=1)


@pytest.mark.parametrize(
    "prefetch",
    [Prefetch("lines", BudgetLine.objects.filter(category="works")), Prefetch("lines", to_attr="chosen")],
    ids=["filtered", "to_attr"],
)
def test_a_part_of_a_relation_is_refused(prefetch):
    with pytest.raises(NotImplementedError):
        relations_of(Project.objects.prefetch_related(prefetch))


def test_a_relation_that_is_not_there_is_refused():
    with pytest.raises(LookupError):
        relations_of(AgreedLine.objects.prefetch_related("payments"))
