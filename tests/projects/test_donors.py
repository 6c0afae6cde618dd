"""What the pages of donors say: what each gave, what it paid for, and what it is owed."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Organisation
from projects.donors import donor_file
from projects.models import Project
from projects.services import decisions
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories import implementation as made
from tests.factories.accounts import user_with
from tests.factories.coordination import meeting
from tests.factories.funds import DonorFactory, PartnerFactory, came_in, envelope_of, owed, pledged, received, signed
from tests.factories.notes import note
from tests.factories.projects import cast, fresh, recommended, region
from tests.factories.prospects import prospect

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def auditor() -> User:
    return user_with(Role.AUDITOR)


def approved(amount: str) -> Project:
    people = cast()
    project = recommended(people, amount=amount, mechanism_id="TF")
    return decisions.approve(project=project, user=fresh(people.approver))


def shared_project(donor: Organisation) -> Project:
    """20,000 USD, of which 8,000 from the donor, earmarked, and the rest from another."""
    signed("8000", donor=donor, region=region())
    received("60000", title="Contribution d’un autre")
    envelope_of("50000", "TF")
    return approved("20000")


def page(user: User, address: str, **query):
    client = Client()
    client.force_login(user)
    return client.get(address, query)


def test_a_donor_sees_what_its_money_pays_for_and_its_share_of_it(auditor):
    donor = DonorFactory()
    crew = made.Crew()
    project = made.sign(shared_project(donor), crew)
    made.pay(made.instalment_of(project), crew, Decimal("5000"))

    file = donor_file(donor, auditor)
    (row,) = file.projects
    assert (row.amount_usd, row.share, row.is_shared, row.paid_usd) == (8000, 40, True, 5000)
    assert file.people["women"] == 120 and file.total.allocated_usd == 8000 and file.total.free_usd == 0
    assert [tally.label for tally in file.by_region] == [project.region.name]
    answer = page(auditor, f"/donateurs/{donor.pk}/").content.decode()
    assert project.title in answer and "cofinancé" in answer


def test_the_donors_page_shows_what_is_being_prepared_with_its_note(auditor):
    donor = DonorFactory()
    told = note("shared", donors=[donor])
    prospect(donor=donor, concept_note=told)
    shown = page(auditor, f"/donateurs/{donor.pk}/").content.decode()
    assert f"/mobilisation/notes/{told.pk}/" in shown and "Partagée" in shown


def test_two_contributions_to_one_project_are_one_project(auditor):
    donor = DonorFactory()
    signed("8000", donor=donor, region=region())
    received("60000", donor=donor)
    envelope_of("50000", "TF")
    approved("20000")
    (row,) = donor_file(donor, auditor).projects
    assert (row.amount_usd, row.is_shared, len(row.contributions)) == (20000, False, 2)
    assert donor_file(donor, auditor).people["women"] == 120


def test_sums_are_kept_by_mechanism_and_currency_and_a_withdrawn_pledge_counts_no_more(auditor):
    donor = DonorFactory()
    crowns = signed("100000", donor=donor, currency="NOK", pledged_rate=Decimal("10"))
    came_in(crowns, "50000", rate=Decimal("12.5"))
    gone = pledged("700", donor=donor)
    type(gone).objects.filter(pk=gone.pk).update(
        withdrawn_on=gone.pledged_on, withdrawal_reason="Budget voté autrement"
    )
    pledged("5000", "PBF", donor=donor)

    file = donor_file(donor, auditor)
    sums = {(line.mechanism, line.currency): (line.pledged_usd, line.received) for line in file.given}
    assert len(sums) == 2 and (5000, 0) in sums.values() and (10000, 50000) in sums.values()
    (year,) = file.years
    assert (year.signed_usd, year.received_usd) == (10000, 4000)


def test_what_lies_beyond_the_readers_scope_counts_without_a_name():
    donor = DonorFactory()
    project = shared_project(donor)
    elsewhere = user_with(Role.REGIONAL_MANAGER, region=region("ML-8"))
    answer = page(elsewhere, f"/donateurs/{donor.pk}/").content.decode()
    assert project.title not in answer and "hors de votre zone" in answer
    lines = list(csv.reader(io.StringIO(b"".join(page(elsewhere, f"/donateurs/{donor.pk}/argent.csv")).decode())))
    assert project.title not in str(lines) and lines[1][-2] == "8000.00"


def test_the_list_and_the_organisations_page_lead_to_the_donor(auditor):
    donor = DonorFactory(name="=Royaume")
    owed(signed("8000", donor=donor), due_on="2020-01-01")
    answer = page(auditor, "/donateurs/").content.decode()
    assert f"/donateurs/{donor.pk}/" in answer and "1 rapport en retard" in answer.replace("\u00a0", " ")
    assert f"/donateurs/{donor.pk}/" in page(auditor, f"/partenaires/{donor.pk}/").content.decode()
    assert "'=Royaume" in b"".join(page(auditor, "/donateurs.csv")).decode(), "no formula"
    assert page(auditor, f"/donateurs/{PartnerFactory().pk}/").status_code == 404


def test_the_pages_cost_the_same_for_few_and_for_many(auditor):
    donor = DonorFactory()
    shared_project(donor)
    meeting(by=user_with(Role.SECTION_HEAD)).participants.create(organisation=donor)

    client = Client()
    client.force_login(auditor)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = cost(f"/donateurs/{donor.pk}/"), cost("/donateurs/")
    for _n in range(12):
        owed(signed("10", donor=donor))
        received("10")
    assert (cost(f"/donateurs/{donor.pk}/"), cost("/donateurs/")) == few
    assert few[0] <= 12 and few[1] <= 6
