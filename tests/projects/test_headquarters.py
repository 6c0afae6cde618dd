"""Which body examines a project, and the word of headquarters above a mechanism's amount: rows, not code."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from funds.models import Interest, Mechanism
from projects import clearance
from projects.committee_questions import eligible_for, right_committee
from projects.models import Committee, HeadquartersClearance, Project
from projects.services import decisions
from projects.services.clearances import record_clearance
from projects.services.steps import StepRefused
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.fourth import body_of
from tests.factories.funds import envelope_of
from tests.factories.mechanisms import prf
from tests.factories.money import upload
from tests.factories.projects import admitted, cast, complete_draft, recommended, region
from tests.ground.laid_once import laid_once
from tests.projects.proposal_browser import browser

pytestmark = pytest.mark.django_db
LARGE = "1500000.01"  # a cent above what the Peacebuilding Fund leaves to the mission


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@laid_once
def people():
    return cast()


@laid_once
def project(people) -> Project:
    """A recommended PRF project above the amount, with money in the envelope."""
    body_of("PBF", people)
    envelope_of("9000000", "PBF")
    return recommended(people, amount=LARGE, mechanism_id="PBF", facility=prf(), duration_months=30)


def clear(project, user, amount=LARGE, **more) -> HeadquartersClearance:
    values = {
        "reference": "PBSO/2026/7",
        "cleared_on": clock.today(),
        "amount_usd": Decimal(amount),
        "upload": upload(),
    }
    return record_clearance(project=project, user=user, **(values | more))


# --- The body --------------------------------------------------------------------------------------------------------
def test_a_mechanisms_own_body_comes_before_the_others_and_the_region_before_the_centre(people):
    small, large = complete_draft("20000"), complete_draft("30000")
    assert right_committee(small) == people.regional
    assert right_committee(large) == people.central

    own = Committee.objects.create(name="Comité QIP", mechanism_id="QIP")
    assert {right_committee(small), right_committee(large)} == {own}
    own_here = Committee.objects.create(name="Comité QIP de Gao", mechanism_id="QIP", region=region())
    assert (right_committee(small), right_committee(large)) == (own_here, own)
    elsewhere = complete_draft("20000", region=region("ML-5"), locality="Konna")
    assert right_committee(elsewhere) == own
    assert right_committee(complete_draft("20000", mechanism_id="TF")) == people.central


def test_a_list_of_the_eligible_says_the_same_as_the_rule(people):
    Committee.objects.create(name="Comité QIP de Mopti", mechanism_id="QIP", region=region("ML-5"))
    tf = Committee.objects.create(name="Comité d’examen du Fonds fiduciaire", mechanism_id="TF")
    for fields in ({"amount": "20000"}, {"amount": "30000"}, {"amount": "90000", "mechanism_id": "TF"}):
        admitted(people, **fields)
    found = {committee: set(eligible_for(committee)) for committee in Committee.objects.all()}
    for project in Project.objects.all():
        right = right_committee(project)
        assert [committee for committee, rows in found.items() if project in rows] == [right]
    assert len(found[tf]) == 1


def test_one_body_for_one_place_and_mechanism(people):
    Committee.objects.create(name="Comité du PBF", mechanism_id="PBF")
    with pytest.raises(DatabaseError, match="committee_one_per_place"), transaction.atomic():
        Committee.objects.create(name="Un autre", mechanism_id="PBF")
    with pytest.raises(ValidationError, match="siège déjà"):
        Committee(name="Un central de plus").full_clean()


def test_the_administrator_creates_a_body_on_its_page():
    client = browser(user_with(Role.ADMINISTRATOR))
    data = {"name": "Comité de pilotage conjoint (PBF)", "mechanism": "PBF", "region": "", "one_time_key": uuid.uuid4()}
    assert client.post(reverse("projects:session_committee_create"), data).status_code == 302
    assert Committee.objects.get().mechanism_id == "PBF"
    assert "Fonds de consolidation de la paix" in client.get(reverse("projects:session_committees")).content.decode()


# --- Headquarters ----------------------------------------------------------------------------------------------------
def test_an_amount_above_the_missions_waits_for_headquarters(people, project):
    with pytest.raises(StepRefused, match="accord du siège"):
        decisions.approve(project=project, user=people.approver)
    statement = (
        "UPDATE projects_project SET state = 'approved', approved_usd = recommended_usd, reserved_usd = recommended_usd,"
        " envelope_id = (SELECT id FROM funds_envelope) WHERE id = %s"
    )
    with (
        pytest.raises(DatabaseError, match="headquarters_cleared_first"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [project.pk])

    clear(project, people.officer, "1500000")  # a cent short
    with pytest.raises(StepRefused, match="accord du siège"):
        decisions.approve(project=project, user=people.approver)
    clear(project, people.officer, reference="PBSO/2026/8")
    assert decisions.approve(project=project, user=people.approver).approved_usd == Decimal(LARGE)


def test_an_amount_within_the_missions_asks_nobody(people):
    body_of("PBF", people)
    envelope_of("9000000", "PBF")
    project = recommended(people, amount="1500000", mechanism_id="PBF", facility=prf(), duration_months=30)
    assert not clearance.is_asked_for(project)
    assert decisions.approve(project=project, user=people.approver).state == "approved"


def test_what_was_cleared_never_changes(people, project):
    made = clear(project, people.officer)
    for write in (
        lambda: HeadquartersClearance.objects.filter(pk=made.pk).update(amount_usd=9),
        lambda: HeadquartersClearance.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_only_an_officer_outside_the_file_records_it(people, project):
    for role in set(Role) - {Role.PROGRAMME_OFFICER}:
        with pytest.raises(PermissionDenied):
            clear(project, user_with(role))
    with pytest.raises(PermissionDenied):
        clear(project, user_with(Role.PROGRAMME_OFFICER, region=region("ML-5")))
    interested = user_with(Role.PROGRAMME_OFFICER)
    Interest.objects.create(user=interested, organisation=project.partner, nature="Siège à son conseil")
    with pytest.raises(PermissionDenied):
        clear(project, interested)
    project.coauthors.add(people.officer)
    with pytest.raises(PermissionDenied):
        clear(project, people.officer)
    assert not HeadquartersClearance.objects.exists()


def test_a_refusal_names_the_field_and_writes_nothing(people, project):
    client = browser(people.officer)
    address = reverse("projects:clearance", args=[project.pk])
    assert "dépasse le montant laissé à la mission" in client.get(address).content.decode()
    tomorrow = clock.today() + dt.timedelta(days=1)
    data = {
        "reference": "PBSO/9",
        "cleared_on": tomorrow.isoformat(),
        "amount_usd": LARGE,
        "one_time_key": uuid.uuid4(),
    }
    answer = client.post(address, data | {"file": upload()})
    assert answer.status_code == 422 and "dans l’avenir" in answer.content.decode()
    assert "PBSO/9" in answer.content.decode()
    assert not HeadquartersClearance.objects.exists()


def test_the_officer_is_led_there_and_readers_see_what_was_cleared(people, project):
    address = reverse("projects:clearance", args=[project.pk])
    page = reverse("projects:detail", args=[project.pk])
    assert address in browser(people.officer).get(page).content.decode()
    assert address not in browser(people.approver).get(page).content.decode()
    clear(project, people.officer)
    assert "PBSO/2026/7" in browser(people.approver).get(page).content.decode()
    dossier = browser(people.officer).get(reverse("projects:dossier", args=[project.pk])).content.decode()
    assert "Accord du siège" in dossier


def test_a_fund_that_never_asks_headquarters_has_no_such_page(people):
    project = recommended(people)
    assert Mechanism.objects.get(pk="QIP").headquarters_above_usd is None
    assert browser(people.officer).get(reverse("projects:clearance", args=[project.pk])).status_code == 403


def test_the_approval_page_leads_to_the_clearance_which_its_officer_alone_records(people, project):
    page = browser(people.approver).get(reverse("projects:transition", args=[project.pk, "approve"]))
    address = reverse("projects:clearance", args=[project.pk])
    assert "L’accord du siège est exigé" in page.content.decode() and f'href="{address}"' in page.content.decode()
    read = browser(people.approver).get(address)
    assert read.status_code == 200 and "Rien n’est encore enregistré pour ce montant" in read.content.decode()
    assert 'name="cleared_on"' not in read.content.decode()
    assert browser(people.approver).post(address, {"one_time_key": str(uuid.uuid4())}).status_code == 403
    assert 'name="cleared_on"' in browser(people.officer).get(address).content.decode()
