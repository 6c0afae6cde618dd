"""Studies: who writes them, how they are found in French, and what of them priorities, regions and projects show."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import StudyInstitution
from projects.models import FindingProject, Project
from projects.services import studies
from projects.study_search import search
from regions.models import KeyFinding, Plan, Study, StudyDocument, StudyRegion
from sr_portal.accounts.roles import Role
from tests.documents.files import jpeg
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.implementation import approved
from tests.factories.plans import KeyFindingFactory, StudyFactory, in_force
from tests.factories.projects import DraftFactory
from tests.factories.regions import region

pytestmark = pytest.mark.django_db
LIST, NEW = "/etudes/", "/etudes/nouvelle/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client, address: str, **data):
    return client.post(address, {"one_time_key": str(uuid.uuid4()), **data})


@pytest.fixture
def head():
    return user_with(Role.SECTION_HEAD)


# --- Found ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [
    "économique", "economiques", "ETUDE mission", "impact de la mission", "éleveur", "banque mondiale", "BM", "impact puits",
])  # fmt: skip
def test_a_study_is_found_by_its_words_its_findings_and_its_institutions(words):
    wanted = StudyFactory(title="Étude de l’impact socio-économique de la mission")
    KeyFindingFactory(study=wanted, statement="Les éleveurs manquent de puits au printemps")
    bank = PartnerFactory(name="Banque mondiale", acronym="BM")
    StudyInstitution.objects.create(study=wanted, organisation=bank)
    StudyFactory(title="Écoles fermées du delta")
    assert list(search(Study.objects.all(), words)) == [wanted]


def test_what_nobody_wrote_is_not_found():
    StudyFactory(title="Écoles fermées du delta")
    assert not search(Study.objects.all(), "barrage")
    assert search(Study.objects.all(), '"écoles fermées"') and not search(Study.objects.all(), "écoles -fermées")


def test_the_list_is_searched_and_a_study_of_the_country_is_of_every_region(head):
    local, national = StudyFactory(title="Puits de Gao"), StudyFactory(title="Puits du Mali")
    local.regions.add(region("ML-7"))
    client = signed_in(head)
    assert set(client.get(f"{LIST}?q=puits&region=ML-7").context["page"].rows) == {local, national}
    assert client.get(f"{LIST}?q=puits&region=ML-5").context["page"].rows == [national]
    assert "Aucune étude ne correspond" in client.get(f"{LIST}?q=barrage").content.decode()


def test_the_list_costs_as_many_queries_at_10_as_at_1000(head):
    client, counts = signed_in(head), []
    for count in (10, 990):
        Study.objects.bulk_create(
            Study(title=f"Étude {n}", starts_on=dt.date(2020, 1, 1), created_by=head) for n in range(count)
        )
        client.get(f"{LIST}?q=etude")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{LIST}?q=etude").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


# --- Written --------------------------------------------------------------------------------------------------------
def test_a_study_is_written_with_its_institutions_documents_and_findings(head):
    [water], bank, project = in_force(1000), PartnerFactory(), approved()
    client = signed_in(head)
    said = {"title": "Étude des puits", "starts_on": "2025-01-01", "abstract": "Tous les puits."}
    made = sent(client, NEW, **said, regions=[region().pk], institutions=[bank.pk])
    study = Study.objects.get()
    at = study.get_absolute_url()
    assert made["Location"] == at
    assert (
        sent(
            client, f"{at}documents/nouveau/", label="Rapport", document=SimpleUploadedFile("R.jpg", jpeg())
        ).status_code
        == 302
    )
    finding = {"number": 1, "statement": "Un puits sur trois est tari.", "priorities": [water.pk]}
    unknown = sent(client, f"{at}constats/nouveau/", **finding, references="QIP-XXX-2020-0001")
    assert unknown.status_code == 422 and "Référence inconnue" in unknown.content.decode()
    assert sent(client, f"{at}constats/nouveau/", **finding, references=project.reference.lower()).status_code == 302
    for page in (at, water.plan.get_absolute_url(), f"/projets/{project.pk}/", "/regions/ML-7/"):
        assert "Un puits sur trois est tari." in client.get(page).content.decode()
    paper = StudyDocument.objects.get()
    assert client.get(f"{at}documents/{paper.pk}/").status_code == 200
    assert sent(client, f"{at}documents/{paper.pk}/retirer/", reason="").status_code == 422
    assert sent(client, f"{at}documents/{paper.pk}/retirer/", reason="Brouillon").status_code == 302
    assert client.get(f"{at}documents/{paper.pk}/").status_code == 404
    history = client.get(f"{at}historique/").content.decode()
    assert "Un puits sur trois est tari." in history


def test_the_end_before_the_start_is_an_error_of_the_form_and_keeps_what_was_typed(head):
    answer = sent(signed_in(head), NEW, title="Étude", starts_on="2025-01-01", ends_on="2024-01-01", abstract="Gardé.")
    assert answer.status_code == 422 and "Gardé." in answer.content.decode() and not Study.objects.exists()


def test_a_head_of_office_writes_the_studies_of_their_region_only():
    client = signed_in(user_with(Role.REGIONAL_MANAGER, region=region("ML-7")))
    said = {"title": "Étude", "starts_on": "2025-01-01"}
    for regions in ([], [region("ML-8").pk], [region("ML-7").pk, region("ML-8").pk]):
        refused = sent(client, NEW, **said, regions=regions)
        assert refused.status_code == 422 and "regions" in refused.context["form"].errors
    assert sent(client, NEW, **said, regions=[region("ML-7").pk]).status_code == 302


def test_the_later_of_two_who_change_a_study_sees_what_the_other_left(head):
    study = StudyFactory(title="Avant")
    seen = studies.study_version(Study.objects.get())
    StudyRegion.objects.create(study=study, region=region())
    answer = sent(
        signed_in(head), f"{study.get_absolute_url()}modifier/", title="Mienne", starts_on="2025-01-01", seen=seen
    )
    assert answer.status_code == 422 and "L’étude telle qu’elle est maintenant" in answer.content.decode()
    assert Study.objects.get().title == "Avant"


def test_a_project_that_its_reader_may_not_open_is_not_named_and_not_lost(head):
    draft = DraftFactory(title="Brouillon secret")
    finding = KeyFindingFactory()
    finding.study.regions.add(region())
    FindingProject.objects.create(finding=finding, project=draft)
    officer = signed_in(user_with(Role.PROGRAMME_OFFICER))
    at = finding.study.get_absolute_url()
    assert "Brouillon secret" not in officer.get(at).content.decode()
    version = studies.finding_version(KeyFinding.objects.get())
    said = {"number": 1, "statement": "Autrement dit", "references": "", "seen": version}
    assert sent(officer, f"{at}constats/{finding.pk}/", **said).status_code == 302
    assert FindingProject.objects.get().project == draft


# --- Which priority a project serves --------------------------------------------------------------------------------
def test_the_author_chooses_a_priority_of_the_plan_in_force_and_the_screener_sees_it():
    from projects.forms.proposal_fields import NeedForm
    from projects.views.road_evidence import evidence_for

    [water], [elsewhere] = in_force(1000), in_force(1000, code="ML-6")
    draft = DraftFactory()
    offered = NeedForm(instance=draft).fields["priority"].queryset
    assert list(offered) == [water]
    assert not NeedForm({"priority": elsewhere.pk}, instance=draft).is_valid()
    draft.priority = water
    draft.save()
    assert str(water) in evidence_for(Project.objects.get(), [])["regional_plan"][0]
    assert "aucune priorité" in evidence_for(DraftFactory(), [])["regional_plan"][0]


def test_who_writes_plans_attaches_a_project_later_and_two_at_once_are_told():
    [water, roads], project = in_force(1000, 1000), approved()
    officer = signed_in(user_with(Role.PROGRAMME_OFFICER))
    at = f"/projets/{project.pk}/priorite/"
    assert sent(officer, at, priority=water.pk, seen="").status_code == 302
    assert Project.objects.get().priority == water
    stale = sent(officer, at, priority=roads.pk, seen="")
    assert stale.status_code == 422 and str(water) in stale.content.decode()
    Plan.objects.filter(pk=water.plan_id).update(status="archived", archived_on=dt.date(2026, 7, 1))
    gone = sent(officer, at, priority=roads.pk, seen=water.pk)
    assert gone.status_code == 422 and Project.objects.get().priority == water
    assert signed_in(project.author).get(at).status_code == 403


def test_the_lists_of_projects_and_activities_show_what_serves_a_priority(head):
    from tests.factories.activities import ActivityFactory

    [water] = in_force(1000)
    project, _other = approved(priority=water), DraftFactory()
    activity, _another = ActivityFactory(region=region(), priority=water), ActivityFactory(region=region())
    client = signed_in(head)
    assert [row.project for row in client.get(f"/projets/?priorite={water.pk}").context["rows"]] == [project]
    assert client.get(f"/coordination/activites/?priorite={water.pk}").context["page"].rows == [activity]
