"""What the API gives, to whom, and that it never gives what concerns nobody outside."""

import re
from decimal import Decimal
from hashlib import sha256

import pytest
from django.test.utils import CaptureQueriesContext

from funds.models import BankAccount, Organisation
from projects.api.projects import PROJECTS
from projects.models import ExpectedResult, Project
from projects.states import State
from regions.models import Plan, Region, Study, StudyDocument
from sr_portal.accounts.roles import Role
from sr_portal.api import reading
from sr_portal.api.reader import Reader
from sr_portal.documents.services import withdraw
from tests.api.asking import Program, partner
from tests.factories import bank
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.funds import PartnerFactory, came_in, envelope_of, signed
from tests.factories.implementation import in_state, pdf_of
from tests.factories.many import many_projects
from tests.factories.plans import PriorityFactory, StudyFactory
from tests.factories.projects import complete_draft

pytestmark = pytest.mark.django_db

LISTS = (
    "projects",
    "funds",
    "envelopes",
    "contributions",
    "organisations",
    "ptf-activities",
    "regions",
    "plans",
    "studies",
)
COMPUTED = ("code-lists", "coverage", "summary", "changes?kind=project", "changes?kind=organisation")


@pytest.fixture
def approved() -> Project:
    envelope_of("500000")
    return in_state(State.APPROVED, title="Forage de Tessit", locality="Tessit")


def disclose(project: Project, disclosure: str) -> None:
    from django.utils import timezone

    Project.objects.filter(pk=project.pk).update(
        disclosure=disclosure,
        disclosure_reason="Le village est menacé.",
        disclosed_at=timezone.now(),
        disclosed_by=project.author,
    )


def test_a_partner_reads_what_is_published_and_nothing_else(approved):
    draft, asked = complete_draft(), many_projects(1)[0]
    keys = {row["id"] for row in partner().rows("projects")}

    assert keys == {approved.pk}
    assert partner().get(f"projects/{draft.pk}").status_code == 404
    assert partner().get(f"projects/{asked}").status_code == 404
    head = {row["id"] for row in Program(Role.SECTION_HEAD).rows("projects")}
    assert head == {approved.pk, draft.pk, asked}
    narrow = Program(Role.SECTION_HEAD, scope="published")
    assert {row["id"] for row in narrow.rows("projects")} == {approved.pk}


def test_somebody_of_the_mission_reads_what_the_pages_show_them(approved):
    other = complete_draft()
    for role in (Role.PROPOSER, Role.FINANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
        program = Program(role)
        visible = set(Project.objects.visible_to(program.user).values_list("pk", flat=True))
        assert {row["id"] for row in program.rows("projects")} == visible, role
    assert Program(user=other.author).get(f"projects/{other.pk}").status_code == 200


def test_of_a_sensitive_project_the_place_is_in_no_answer(approved):
    ExpectedResult.objects.create(project=approved, statement="À Tessit, l’eau coule", target=1)
    disclose(approved, "cercle")
    program = partner()
    row = program.rows("projects")[0]

    assert row["locality"] == "" and row["objective"] == "" and row["results"] == [] and not row["point_is_exact"]
    for path in ("projects", f"projects/{approved.pk}", "projects?updated_since=start", "changes?kind=project"):
        assert "Tessit" not in program.get(path).content.decode()
    for query in ("q=Tessit", "q=forage Tessit"):
        assert program.rows(f"projects?{query}") == []
    assert "Tessit" in Program(Role.SECTION_HEAD).get("projects").content.decode()


def test_of_a_hidden_project_nothing_is_told(approved):
    disclose(approved, "hidden")
    assert partner().rows("projects") == []
    assert partner().get(f"projects/{approved.pk}").status_code == 404


def test_a_project_that_is_hidden_after_its_key_was_chosen_is_not_told(approved):
    """Keys and rows are read by two statements: somebody may hide a project between them."""
    reader = Reader(partner().user)
    assert [key for key, _json in reading.written(PROJECTS, reader, ("id",), [approved.pk])] == [approved.pk]
    disclose(approved, "hidden")
    assert reading.written(PROJECTS, reader, ("id",), [approved.pk]) == []


def test_a_partner_may_not_ask_what_the_mission_is_late_with(approved):
    assert partner().get("projects?retard=1").status_code == 400
    assert Program(Role.SECTION_HEAD).get("projects?retard=1").status_code == 200


def test_a_partner_has_what_is_published_in_the_order_of_the_titles_that_are_shown(approved):
    assert [row["id"] for row in partner().rows("projects?tri=intitule")] == [approved.pk]


@pytest.mark.parametrize("order", ["", "&tri=intitule", "&updated_since=start"])
def test_a_filter_that_can_find_nothing_gives_an_empty_list(approved, order):
    answer = partner().get(f"projects?perimetre=true{order}")
    assert answer.status_code == 200 and answer.json()["results"] == []


def test_no_answer_holds_bank_details_personal_data_or_internal_notes(approved):
    secret = "Zyzomatique"
    organisation = approved.partner
    Organisation.objects.filter(pk=organisation.pk).update(
        contact_name=f"{secret} Touré", contact_phone="+223 76 55 44 33", contact_email=f"{secret}@example.org",
        address=f"rue {secret}", vetting_note=secret, exclusion_reason=secret,
    )  # fmt: skip
    texts = ("need", "confidence", "coordination", "gender", "environment", "do_no_harm", "due_diligence", "land", "visibility",
             "maintained_by", "need_expressed_by", "sustainability", "disclosure_reason")  # fmt: skip
    Project.objects.filter(pk=approved.pk).update(**dict.fromkeys(texts, secret))
    account = bank.entered(organisation, account_number=bank.rib(1234))
    gift = signed("5000", note=secret)
    came_in(gift, "1000", reference=f"VIR-{secret}")
    ActivityFactory()
    names = {str(person) for person in (approved.author, account.entered_by, gift.registered_by)}
    emails = {person.email for person in (approved.author, account.entered_by)}
    for program in (partner(), Program(Role.SECTION_HEAD), Program(Role.AUDITOR), Program(Role.FINANCE_OFFICER)):
        for path in (
            *LISTS,
            *COMPUTED,
            f"projects/{approved.pk}",
            f"organisations/{organisation.pk}",
            f"contributions/{gift.pk}",
        ):
            answer = program.get(path)
            assert answer.status_code == 200, (path, answer.content)
            told = answer.content.decode()
            for forbidden in (secret, "55 44 33", bank.rib(1234), *names, *emails):
                assert forbidden not in told, (path, forbidden)
            assert not re.search(
                r'"(iban|account|phone|email|contact|note|author|created_by|password)[a-z_]*":', told
            ), path
    assert BankAccount.objects.exists()


def test_every_page_is_walked_once_in_order_and_values_are_those_of_the_rows(approved):
    many_projects(23)
    program = Program(Role.SECTION_HEAD)
    for order in ("recents", "montant", "intitule", "region", "soumission"):
        address, seen = f"projects?page_size=7&tri={order}&fields=id,title,budget_usd", []
        while address:
            body = program.get(address).json()
            assert all(set(row) == {"id", "title", "budget_usd"} for row in body["results"])
            seen += [row["id"] for row in body["results"]]
            address = body["next"] and body["next"].removeprefix("http://testserver")
        assert len(seen) == 24 == len(set(seen)), order
    row = program.get(f"projects/{approved.pk}").json()
    approved.refresh_from_db()
    assert Decimal(str(row["approved_usd"])) == approved.approved_usd and row["region"]["code"] == approved.region.code
    assert row["published_on"] == f"{approved.published_on}" and row["iati_identifier"] == approved.iati_identifier


@pytest.mark.parametrize("name", ["projects", "organisations", "ptf-activities", "contributions"])
def test_a_list_costs_the_same_number_of_queries_at_ten_rows_and_at_a_thousand(name):
    from django.db import connection

    program, costs = Program(Role.SECTION_HEAD), []
    for more in (10, 990):
        many_projects(more)
        Organisation.objects.bulk_create(
            [Organisation(name=f"ONG {more} {n}", kind="ngo_national", is_implementing=True) for n in range(more)]
        )
        if name == "ptf-activities" and more == 10:
            ActivityFactory.create_batch(10)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert program.get(f"{name}?page_size=500").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 6


def test_filters_are_those_of_the_pages(approved):
    many_projects(5)
    program = Program(Role.SECTION_HEAD)
    assert [row["id"] for row in program.rows("projects?etat=approved")] == [approved.pk]
    assert [row["id"] for row in program.rows("projects?q=forage Tessit&region=ML-7&montant_min=100")] == [approved.pk]
    assert program.rows("projects?partenaire=Nulle part") == []
    both = program.get("projects?montant_min=500&montant_max=100").json()
    assert both["status"] == 400 and both["errors"][0]["parameter"] == "montant_max"


def test_the_page_s_filters_still_know_their_choices_once_the_api_was_asked(approved):
    program = Program(Role.SECTION_HEAD)
    program.get("projects?region=ML-7")
    program.client.force_login(program.user)
    page = program.client.get("/projets/?region=ML-7")
    assert page.status_code == 200 and "Tessit" in page.content.decode()


def test_plans_in_force_and_published_studies_are_told_and_drafts_are_not():
    PriorityFactory(axis__plan__title="Ébauche")
    StudyFactory(title="Étude en cours")
    program = partner()

    assert program.rows("plans") == [] and program.rows("studies") == []
    head = Program(Role.SECTION_HEAD)
    assert [row["title"] for row in head.rows("plans")] == ["Ébauche"]
    Study.objects.update(published_on="2025-06-01")
    assert [row["title"] for row in program.rows("studies")] == ["Étude en cours"]
    assert Plan.objects.count() == 1


def test_the_documents_of_a_published_study_are_downloaded_and_no_other(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    head, study = Program(Role.SECTION_HEAD), StudyFactory(title="Effets de la mission")
    paper = StudyDocument.objects.create(study=study, document=pdf_of(head.user, "Rapport.pdf"), label="Rapport final")
    programs = (partner(), head)
    (told,) = head.rows("studies")[0]["documents"]
    assert [one.get(told["url"]).status_code for one in programs] == [404, 200]
    before = head.get(f"studies/{study.pk}").content

    Study.objects.update(published_on="2025-06-01")
    assert programs[0].rows("studies")[0]["documents"] == [told] and told["title"] == "Rapport final"
    content = b"".join(programs[0].get(told["url"]).streaming_content)
    assert (len(content), sha256(content).hexdigest()) == (told["size"], told["sha256"])
    other = StudyFactory(title="Autre", published_on="2025-06-01")
    for wrong in (
        told["url"].replace(f"/{study.pk}/", f"/{other.pk}/"),
        f"studies/{study.pk}/documents/x",
        "studies/x/documents/x",
    ):
        assert programs[0].get(wrong).status_code == 404
    withdraw(paper.document, by=head.user, reason="Version fausse.")
    assert (
        programs[0].rows("studies?region=ML-7")[0]["documents"] == []
        and programs[0].get(told["url"]).status_code == 404
    )
    assert head.get(f"studies/{study.pk}").content != before


def test_the_summary_sums_to_the_projects_that_are_published(approved):
    rows = partner().rows("summary")
    assert sum(Decimal(str(row["approved_usd"])) for row in rows) == approved.approved_usd
    assert sum(row["projects"] for row in rows) == 1
    assert partner().rows("summary?region=ML-8") == [] and partner().get("summary?regio=ML-8").status_code == 400


def test_a_hidden_project_is_summed_for_those_alone_whose_role_reads_its_region(approved):
    Project.objects.filter(pk=approved.pk).update(
        disclosure="hidden",
        disclosure_reason="Menaces.",
        disclosed_at=approved.updated_at,
        disclosed_by=approved.author,
    )
    there, elsewhere = Region.objects.get(pk=approved.region_id), Region.objects.exclude(pk=approved.region_id).first()

    def summed(user) -> int:
        return sum(row["projects"] for row in Program(user=user).rows("summary"))

    assert summed(user_with(Role.SECTION_HEAD)) == summed(user_with(Role.REGIONAL_MANAGER, region=there)) == 1
    assert summed(user_with(Role.PARTNER)) == summed(user_with(Role.REGIONAL_MANAGER, region=elsewhere)) == 0
    assert Program(Role.SECTION_HEAD, scope="published").rows("summary") == []


def test_code_lists_say_each_code_in_both_languages():
    lists = {one["name"]: one for one in partner().rows("code-lists")}
    assert {code["code"] for code in lists["project-state"]["codes"]} == set(State.values)
    assert all(code["fr"] and code["en"] for one in lists.values() for code in one["codes"])
    assert partner().get("code-lists/sector").json()["name"] == "sector"
    assert partner().get("code-lists/secteurs").status_code == 404


def test_a_partner_finds_the_organisations_of_published_projects_and_donors_alone(approved):
    other = PartnerFactory(name="Association sans projet")
    names = {row["name"] for row in partner().rows("organisations?page_size=500")}
    assert approved.partner.name in names and other.name not in names
    assert partner().get("organisations?verification=exclu").status_code == 400


def test_regions_have_outlines_that_are_geojson():
    for row in partner().rows("regions"):
        if row["outline"]:
            assert row["outline"]["type"] in ("Polygon", "MultiPolygon")
    assert any(row["outline"] for row in partner().rows("regions"))
