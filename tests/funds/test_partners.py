"""The registry of partners and declared interests: who reads, who writes, and who is kept apart."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Interest, Organisation, OrganisationKind, VettingStatus
from funds.standing import standing_of, who_stand
from projects.services.submission import submit
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.many import many_projects
from tests.factories.projects import complete_draft, region

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(user: User, address: str, key: str | None = None, **data):
    return signed_in(user).post(address, {"one_time_key": key or str(uuid.uuid4()), **data})


def names(user: User, **query) -> list[str]:
    answer = signed_in(user).get("/partenaires/", query)
    assert answer.status_code == 200
    return [partner.name for partner, _standing in answer.context["rows"]]


@pytest.fixture
def officer() -> User:
    return user_with(Role.PROGRAMME_OFFICER)


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


CARD = {
    "name": "Association Faso", "kind": "association", "is_implementing": "on",
    "contact_name": "Awa", "contact_phone": "+223 70 00 00 00",
}  # fmt: skip


# --- The list -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_everybody_of_the_mission_reads_the_registry_and_a_ptf_does_not(role):
    partner = PartnerFactory()
    client = signed_in(user_with(role))
    expected = 403 if role is Role.PARTNER else 200

    for address in (
        "/partenaires/",
        f"/partenaires/{partner.pk}/",
        f"/partenaires/{partner.pk}/historique/",
        "/interets/",
    ):
        assert client.get(address).status_code == expected


def test_names_are_found_and_sorted_without_their_accents(officer):
    for name in ("Zone verte", "Énergie du Mali", "Eau vive", "Fédération des femmes"):
        PartnerFactory(name=name)

    assert names(officer) == ["Eau vive", "Énergie du Mali", "Fédération des femmes", "Zone verte"]
    assert names(officer, q="energie") == ["Énergie du Mali"]


def test_each_filter_keeps_what_it_says(officer):
    today = clock.today()
    PartnerFactory(name="A", kind=OrganisationKind.NGO_NATIONAL, region=region("ML-8"))
    PartnerFactory(name="B", vetting_status=VettingStatus.PENDING, vetted_on=None)
    PartnerFactory(name="C", vetted_on=today - dt.timedelta(days=400))
    PartnerFactory(name="D", vetting_status=VettingStatus.REJECTED)
    PartnerFactory(name="E", excluded=True, exclusion_reason="Fausses factures")

    assert names(officer, type="ngo_national") == ["A"]
    assert names(officer, region="ML-8") == ["A"]
    assert {
        word: names(officer, verification=word) for word in ("en-regle", "a-verifier", "echue", "non-conforme", "exclu")
    } == {"en-regle": ["A"], "a-verifier": ["B"], "echue": ["C"], "non-conforme": ["D"], "exclu": ["E"]}


@pytest.mark.parametrize(
    "today", [dt.date(2026, 2, 28), dt.date(2028, 2, 29), dt.date(2026, 3, 1), dt.date(2027, 2, 28)]
)
def test_the_list_and_the_badge_agree_on_the_day_a_vetting_expires(today):
    for days in range(355, 375):
        PartnerFactory(vetted_on=today - dt.timedelta(days=days))
    valid = set(Organisation.objects.filter(who_stand("en-regle", today)).values_list("pk", flat=True))

    assert valid == {
        partner.pk for partner in Organisation.objects.all() if standing_of(partner, today).word == "en-regle"
    }
    assert 0 < len(valid) < 20


def test_a_bad_filter_is_named_and_the_list_still_shown(officer):
    PartnerFactory(name="Toujours là")
    answer = signed_in(officer).get("/partenaires/", {"type": "secte", "region": "XX"})

    assert answer.status_code == 422
    assert set(answer.context["filter"].errors) == {"type", "region"}
    assert "Toujours là" in answer.content.decode()


def test_the_list_and_the_page_cost_the_same_however_much_there_is(officer):
    partner = PartnerFactory(region=region())
    client = signed_in(officer)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    many_projects(2, partner=partner)
    few = cost("/partenaires/"), cost(f"/partenaires/{partner.pk}/")
    Organisation.objects.bulk_create(
        Organisation(name=f"ONG {n}", kind="ngo_national", region=region()) for n in range(100)
    )
    many_projects(60, partner=partner)
    assert (cost("/partenaires/"), cost(f"/partenaires/{partner.pk}/")) == few
    assert few[0] <= 6 and few[1] <= 12


# --- A partner's page -----------------------------------------------------------------------------------------------
def test_the_page_shows_only_the_projects_that_its_reader_may_read():
    partner = PartnerFactory()
    here, there = (
        complete_draft(title=t, partner=partner, region=region(c)) for t, c in (("Ici", "ML-7"), ("Là", "ML-8"))
    )
    for project in (here, there):
        submit(project=project, user=project.author)
    page = signed_in(user_with(Role.APPROVER, region=region())).get(f"/partenaires/{partner.pk}/").content.decode()

    assert ">Ici</a>" in page
    assert ">Là</a>" not in page


def test_who_declared_an_interest_is_shown_to_those_who_keep_the_road_only(officer):
    partner = PartnerFactory()
    Interest.objects.create(user=user_with(name="Salif Keïta"), organisation=partner, nature="Trésorier")

    assert "Salif Keïta" in signed_in(officer).get(f"/partenaires/{partner.pk}/").content.decode()
    assert "Salif Keïta" not in signed_in(user_with(Role.PROPOSER)).get(f"/partenaires/{partner.pk}/").content.decode()


# --- Writing --------------------------------------------------------------------------------------------------------
def test_a_new_partner_is_still_to_be_vetted():
    proposer = user_with(Role.PROPOSER)
    answer = sent(proposer, "/partenaires/nouveau/", **CARD)

    made = Organisation.objects.get(name="Association Faso")
    assert answer["Location"] == f"/partenaires/{made.pk}/"
    assert (made.created_by, made.vetting_status) == (proposer, VettingStatus.PENDING)


def test_a_name_is_taken_once_whatever_its_case(officer):
    PartnerFactory(name="ASSOCIATION FASO")
    answer = sent(officer, "/partenaires/nouveau/", **CARD)

    assert answer.status_code == 422
    assert "name" in answer.context["form"].errors
    assert "+223 70 00 00 00" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE_OFFICER, Role.APPROVER, Role.ADMINISTRATOR])
def test_others_register_none(role):
    assert sent(user_with(role), "/partenaires/nouveau/", **CARD).status_code == 403
    assert not Organisation.objects.exists()


def seen(user: User, address: str) -> str:
    return signed_in(user).get(address).context["form"]["seen"].value()


def test_an_officer_corrects_the_partners_of_their_region_only():
    partner = PartnerFactory(region=region())
    address = f"/partenaires/{partner.pk}/fiche/"
    here, elsewhere = (user_with(Role.PROGRAMME_OFFICER, region=region(code)) for code in ("ML-7", "ML-8"))

    assert sent(elsewhere, address, **CARD, seen="x").status_code == 403
    assert sent(here, address, **CARD, seen=seen(here, address)).status_code == 302
    partner.refresh_from_db()
    assert partner.name == "Association Faso"


def test_a_later_correction_over_an_earlier_one_is_refused_with_both_shown(officer, head):
    partner = PartnerFactory(name="Premier nom")
    address = f"/partenaires/{partner.pk}/fiche/"
    version = seen(officer, address)
    sent(head, address, **CARD | {"name": "Nom de la cheffe"}, seen=version)
    answer = sent(officer, address, **CARD | {"name": "Nom du gestionnaire"}, seen=version)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nom de la cheffe" in page
    assert "Nom du gestionnaire" in page
    partner.refresh_from_db()
    assert partner.name == "Nom de la cheffe"
    newer = answer.context["form"]["seen"].value()
    assert sent(officer, address, **CARD | {"name": "Nom du gestionnaire"}, seen=newer).status_code == 302


# --- Vetting --------------------------------------------------------------------------------------------------------
def vetting(user: User, partner: Organisation, **data):
    address = f"/partenaires/{partner.pk}/verification/"
    page = signed_in(user).get(address)
    version = page.context["form"]["seen"].value() if page.status_code == 200 else "x"
    values = {"vetting_status": "cleared", "vetted_on": str(clock.today()), "late_reports": "0", "seen": version}
    return sent(user, address, **values | data)


def test_a_vetting_counts_for_twelve_months(officer):
    partner = PartnerFactory(vetting_status=VettingStatus.PENDING, vetted_on=None)
    assert vetting(officer, partner, late_reports="2").status_code == 302

    partner.refresh_from_db()
    assert partner.is_cleared(clock.today())
    assert not partner.is_cleared(clock.today() + dt.timedelta(days=366))
    assert partner.late_reports == 2


@pytest.mark.parametrize(
    "data, field",
    [
        ({"vetted_on": ""}, "vetted_on"),
        ({"vetted_on": "2199-01-01"}, "vetted_on"),
        ({"vetting_status": "rejected"}, "vetting_note"),
        ({"vetting_status": "parfait"}, "vetting_status"),
        ({"late_reports": "-1"}, "late_reports"),
    ],
)
def test_a_vetting_that_says_too_little_is_refused(officer, data, field):
    partner = PartnerFactory(vetting_status=VettingStatus.PENDING, vetted_on=None)
    answer = vetting(officer, partner, **data)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    partner.refresh_from_db()
    assert partner.vetting_status == VettingStatus.PENDING


def test_nobody_vets_the_partner_that_they_registered_or_have_an_interest_in(officer):
    registered = PartnerFactory(created_by=officer, vetting_status=VettingStatus.PENDING)
    related = PartnerFactory(vetting_status=VettingStatus.PENDING)
    interest = Interest.objects.create(user=officer, organisation=related, nature="Parente")

    for partner in (registered, related):
        assert vetting(officer, partner).status_code == 403
        partner.refresh_from_db()
        assert partner.vetting_status == VettingStatus.PENDING
    interest.ended_at = clock.now()
    interest.save()
    assert vetting(officer, related).status_code == 302


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PROGRAMME_OFFICER])
def test_no_other_role_vets(role):
    partner = PartnerFactory(vetting_status=VettingStatus.PENDING)

    assert vetting(user_with(role), partner).status_code == 403
    partner.refresh_from_db()
    assert partner.vetting_status == VettingStatus.PENDING


# --- Exclusion ------------------------------------------------------------------------------------------------------
def test_the_head_of_section_excludes_with_a_reason_and_readmits_to_be_vetted_again(head, officer):
    partner = PartnerFactory()
    address = f"/partenaires/{partner.pk}/exclusion/"
    assert sent(officer, address, reason="Fausses factures").status_code == 403
    assert sent(head, address, reason=" ").status_code == 422
    assert sent(head, address, reason="Fausses factures").status_code == 302
    partner.refresh_from_db()
    assert (partner.excluded, partner.exclusion_reason) == (True, "Fausses factures")

    assert sent(head, address).status_code == 302
    partner.refresh_from_db()
    assert (partner.excluded, partner.vetting_status) == (False, VettingStatus.PENDING)


def test_a_double_click_does_not_readmit(head):
    partner = PartnerFactory()
    key = str(uuid.uuid4())
    for _ in range(2):
        sent(head, f"/partenaires/{partner.pk}/exclusion/", key, reason="Fausses factures")

    partner.refresh_from_db()
    assert partner.excluded


# --- Interests ------------------------------------------------------------------------------------------------------
def test_an_interest_is_declared_once_and_ended_by_its_holder_alone(officer):
    partner = PartnerFactory(name="Association Faso")
    assert sent(officer, "/interets/", organisation=partner.pk, nature="Ancienne salariée").status_code == 302
    answer = sent(officer, "/interets/", organisation=partner.pk, nature="Encore")
    assert answer.status_code == 422
    assert "déjà déclaré" in answer.content.decode()
    interest = Interest.objects.get()

    assert sent(user_with(Role.PROGRAMME_OFFICER), f"/interets/{interest.pk}/fin/").status_code == 404
    interest.refresh_from_db()
    assert interest.ended_at is None
    assert sent(officer, f"/interets/{interest.pk}/fin/").status_code == 302
    interest.refresh_from_db()
    assert interest.ended_at is not None
    assert sent(officer, "/interets/", organisation=partner.pk, nature="De nouveau").status_code == 302


def test_an_auditor_declares_none():
    partner, auditor = PartnerFactory(), user_with(Role.AUDITOR)

    assert sent(auditor, "/interets/", organisation=partner.pk, nature="Parente").status_code == 403
    assert not Interest.objects.exists()
    assert "<textarea" not in (page := signed_in(auditor).get("/interets/").content.decode())
    assert "Déclarer cet intérêt" not in page


def test_a_declared_interest_takes_the_partners_projects_off_what_waits(officer):
    project = complete_draft()
    submit(project=project, user=project.author)
    client = signed_in(officer)
    assert len(client.get("/projets/?attente=1").context["rows"]) == 1
    sent(officer, "/interets/", organisation=project.partner_id, nature="Parente du président")

    assert len(client.get("/projets/?attente=1").context["rows"]) == 0


def test_an_interest_without_its_nature_is_refused_and_kept_as_typed(officer):
    partner = PartnerFactory()
    answer = sent(officer, "/interets/", organisation=partner.pk, nature="")

    assert answer.status_code == 422
    assert "nature" in answer.context["form"].errors
    assert f'value="{partner.pk}" selected' in answer.content.decode()
    assert not Interest.objects.exists()
