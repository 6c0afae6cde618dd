"""Vettings kept one by one with their documents, and assessments of capacity."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import CapacityAssessment, CapacityCriterion, CapacityScore, Organisation, Vetting
from funds.services import interests, vetting
from funds.services.partners import version_of
from projects.views.track_record import partner_lines
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.documents.files import jpeg
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.projects import region

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return user_with(Role.PROGRAMME_OFFICER)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fresh(partner: Organisation) -> Organisation:
    return Organisation.objects.get(pk=partner.pk)


def vetted(by: User, partner: Organisation, status: str = "cleared", *uploads, note: str = "Statuts lus") -> Vetting:
    return vetting.vet(
        by=by, organisation=partner, status=status, vetted_on=clock.today(), note=note, late_reports=0,
        seen=version_of(fresh(partner)), uploads=uploads,
    )  # fmt: skip


def assessed(by: User, partner: Organisation, value: int = 2, **values) -> CapacityAssessment:
    scores = dict.fromkeys(CapacityCriterion.objects.filter(is_active=True), (value, "Une remarque"))
    values = {"assessed_on": clock.today(), "valid_months": 24, "conclusion": "", **values}
    return vetting.assess(by=by, organisation=partner, values=values, scores=scores)


# --- Vettings -------------------------------------------------------------------------------------------------------
def test_each_vetting_is_kept_with_its_documents_and_the_partner_says_what_the_last_one_found(officer):
    partner = PartnerFactory(region=region())
    vetted(officer, partner, "rejected", note="Compte au nom d’un tiers")
    vetted(officer, partner, "cleared", SimpleUploadedFile("Statuts.jpg", jpeg()))

    assert list(partner.vettings.values_list("status", flat=True)) == ["cleared", "rejected"]
    assert fresh(partner).vetting_status == "cleared"
    page = signed_in(user_with(Role.AUDITOR)).get(f"/partenaires/{partner.pk}/verifications/").content.decode()
    assert "Compte au nom d’un tiers" in page and "Statuts.jpg" in page


def test_documents_are_sent_with_the_form_and_read_by_those_who_answer_for_the_file(officer):
    partner = PartnerFactory(region=region())
    client, address = signed_in(officer), f"/partenaires/{partner.pk}/verification/"
    data = {
        "one_time_key": str(uuid.uuid4()), "vetting_status": "cleared", "vetted_on": clock.today().isoformat(),
        "vetting_note": "Vu", "late_reports": "0", "seen": version_of(fresh(partner)),
        "document_1": SimpleUploadedFile("Récépissé.jpg", jpeg()), "document_2": SimpleUploadedFile("Comptes.jpg", jpeg()),
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    kept = partner.vettings.get().documents.all()
    assert [one.document.original_name for one in kept] == ["Récépissé.jpg", "Comptes.jpg"]
    door = f"/partenaires/{partner.pk}/verifications/documents/{kept[0].document.public_id}/"
    assert [signed_in(user_with(role)).get(door).status_code for role in (Role.AUDITOR, Role.PROPOSER)] == [200, 403]
    other = PartnerFactory()
    assert client.get(door.replace(f"/{partner.pk}/", f"/{other.pk}/")).status_code == 404


def test_a_file_that_is_refused_is_named_in_the_form_and_nothing_is_recorded(officer):
    partner = PartnerFactory(region=region())
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        vetted(officer, partner, "rejected", SimpleUploadedFile("Statuts.pdf", b"MZ\x90"))
    assert set(refusal.value.message_dict) == {"document_1"}
    assert not Vetting.objects.exists() and fresh(partner).vetting_status == "cleared"


def test_what_was_recorded_never_changes(officer):
    partner = PartnerFactory(region=region())
    made, assessment = vetted(officer, partner), assessed(officer, partner)
    for rows, change in (
        (Vetting.objects.filter(pk=made.pk), {"status": "rejected"}),
        (CapacityAssessment.objects.filter(pk=assessment.pk), {"valid_months": 60}),
        (CapacityScore.objects.filter(assessment=assessment), {"value": 3}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


# --- Capacity -------------------------------------------------------------------------------------------------------
def test_an_assessment_scores_every_criterion_in_force_and_a_low_score_says_why(officer):
    partner, (first, *others) = PartnerFactory(region=region()), CapacityCriterion.objects.all()
    values = {"assessed_on": clock.today(), "valid_months": 24, "conclusion": ""}

    def refused(scores, **changes) -> set[str]:
        with pytest.raises(ValidationError) as refusal:
            vetting.assess(by=officer, organisation=partner, values=values | changes, scores=scores)
        return set(refusal.value.message_dict)

    whole = dict.fromkeys((first, *others), (2, ""))
    assert refused({one: whole[one] for one in others}) == {f"score_{first.pk}"}
    assert refused(whole | {first: (1, "")}) == {f"note_{first.pk}"}
    assert refused(whole, assessed_on=clock.today() + dt.timedelta(days=1)) == {"assessed_on"}
    CapacityCriterion.objects.filter(pk=first.pk).update(is_active=False)
    assert vetting.assess(
        by=officer, organisation=partner, values=values, scores={one: whole[one] for one in others}
    ).pk


def test_it_is_good_for_its_months_and_told_to_who_decides(officer):
    partner = PartnerFactory(region=region())
    assert ("Capacité", "non évaluée") in partner_lines(partner)
    old = assessed(officer, partner, 3, assessed_on=dt.date(2020, 2, 29), valid_months=12)
    assert old.expires_on == dt.date(2021, 2, 28) and not old.is_valid
    assert "(échue)" in dict(partner_lines(partner))["Capacité"]
    recent = assessed(officer, partner, 2)
    assert recent.is_valid and recent.mean == 2
    assert dict(partner_lines(partner))["Capacité"].startswith("2 sur 3")


def test_who_registered_the_partner_or_has_an_interest_does_not_assess_it(officer):
    registered = PartnerFactory(region=region(), created_by=officer)
    interesting = PartnerFactory(region=region())
    interests.declare(by=officer, organisation=interesting, nature="Parent")
    for who, partner in (
        (officer, registered),
        (officer, interesting),
        (user_with(Role.SECTION_HEAD), PartnerFactory()),
    ):
        with pytest.raises(PermissionDenied):
            assessed(who, partner)


def test_through_the_page_with_what_was_typed_kept_on_an_error(officer):
    partner, client = PartnerFactory(region=region()), signed_in(officer)
    address = f"/partenaires/{partner.pk}/capacite/nouvelle/"
    criteria = list(CapacityCriterion.objects.all())
    data = {
        "one_time_key": str(uuid.uuid4()),
        "assessed_on": clock.today().isoformat(),
        "valid_months": "24",
        "conclusion": "Bonne",
    }
    data |= {f"score_{one.pk}": "2" for one in criteria} | {f"score_{criteria[0].pk}": "0"}
    answer = client.post(address, data)
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {f"note_{criteria[0].pk}"}
    assert "Bonne" in answer.content.decode()
    data |= {f"note_{criteria[0].pk}": "Aucun projet mené", "one_time_key": str(uuid.uuid4())}
    assert client.post(address, data)["Location"] == f"/partenaires/{partner.pk}/capacite/"
    assert "Aucun projet mené" in client.get(f"/partenaires/{partner.pk}/capacite/").content.decode()


def test_the_pages_cost_the_same_however_many_there_are(officer):
    partner, client = PartnerFactory(region=region()), signed_in(officer)
    addresses = [f"/partenaires/{partner.pk}/{part}" for part in ("", "verifications/", "capacite/")]

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    def more(count: int) -> None:
        for _rank in range(count):
            vetted(officer, partner)
            assessed(officer, partner)

    more(1)
    few = costs()
    more(5)
    assert costs() == few
    assert max(few[1:]) <= 7 and few[0] <= 12, few
