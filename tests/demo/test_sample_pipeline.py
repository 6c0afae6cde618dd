"""The sample pipeline and notes, told by the real services in a moment: the whole sample takes minutes."""

import pytest

from funds.models import ConceptNote, Organisation, Prospect
from funds.themes import themes
from projects.models import Project
from regions.models import Region
from sr_portal.demo.contributions import PROMISES
from sr_portal.demo.coordination import PTF
from sr_portal.demo.management.commands.seed_demo import TODAY
from sr_portal.demo.notes import IDEAS, tell_notes
from sr_portal.demo.people import make_people
from sr_portal.demo.plans import tell_plans
from sr_portal.demo.prospects import HOPES, tell_prospects
from sr_portal.demo.story import Story


@pytest.mark.django_db
def test_every_theme_is_a_family_of_sectors():
    assert {told.theme for told in (*PROMISES, *HOPES, *IDEAS)} - {""} <= set(themes())


@pytest.mark.django_db
def test_the_sample_pipeline_and_notes_are_told():
    people = make_people({region.code: region.pk for region in Region.objects.all()})
    for name, acronym in {(told.donor, told.acronym) for told in PROMISES} | {
        (name, acronym) for name, acronym, *_ in PTF
    }:
        Organisation.objects.create(name=name, acronym=acronym, kind="donor")
    story = Story(people, TODAY)
    tell_plans(story)
    tell_prospects(story)
    tell_notes(story)
    assert Prospect.objects.count() == len(HOPES)
    assert set(Prospect.objects.values_list("stage", flat=True)) == {
        "identified",
        "contacted",
        "negotiating",
        "promised",
        "won",
        "lost",
    }
    assert sorted(ConceptNote.objects.values_list("status", flat=True)) == sorted(idea.state for idea in IDEAS)
    assert set(ConceptNote.objects.values_list("status", flat=True)) == {
        "draft",
        "shared",
        "accepted",
        "declined",
        "project",
    }
    assert Prospect.objects.filter(priority__isnull=False).count() == sum(bool(hope.aim) for hope in HOPES) >= 4
    assert ConceptNote.objects.filter(priority__isnull=False).count() == sum(bool(idea.aim) for idea in IDEAS) >= 3
    drafted = Project.objects.get(origin__note__status="project")
    assert (drafted.state, drafted.mechanism_id, drafted.priority.code) == ("draft", "TF", "2.2")
