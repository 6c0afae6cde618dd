"""Contributions of an existing portfolio: they enter with their stages and carry the projects beside them; every rule holds."""

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client

from funds.models import Contribution, Envelope, Organisation
from projects.models import Allocation, Project
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory, came_in, received
from tests.imports.test_portfolio_import import book, checked, confirmed, faults, instalment, line, project

pytestmark = pytest.mark.django_db
WATER = "Eau et assainissement"
DONOR = {"name": "Royaume de Norvège", "kind": "donor"}
PARTNERS = (DONOR, {"name": "Association Kanuya", "kind": "association", "region": "Gao"})
PLEDGED, SIGNED, CAME = dt.date(2017, 1, 10), dt.date(2017, 2, 1), dt.date(2017, 3, 1)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def head():
    return user_with(Role.SECTION_HEAD)


def given(reference="CTB-OLD-1", **changes):
    """1,000,000 USD given in crowns: pledged and signed at 10, half of it received at 8."""
    return {
        "reference": reference, "title": "Appui à Gao", "donor": DONOR["name"], "mechanism": "TF", "currency": "NOK",
        "pledged_amount": 10_000_000, "pledged_on": PLEDGED, "pledged_rate": 10,
        "signed_amount": 10_000_000, "signed_on": SIGNED, "signed_rate": 10,
        "received_amount": 4_000_000, "received_on": CAME, "received_rate": 8, **changes,
    }  # fmt: skip


NOT_SIGNED = {f"signed_{name}": None for name in ("amount", "on", "rate")}
NOT_RECEIVED = {f"received_{name}": None for name in ("amount", "on", "rate")}


def of_contributions(user, *rows):
    return checked(user, book([], partners=PARTNERS, contributions=rows))


def test_a_contribution_enters_with_its_stages_and_a_donor_of_the_file(head):
    record = confirmed(head, of_contributions(head, given(region="Gao", theme=WATER)))
    made = Contribution.objects.get()
    assert (record.created, made.donor.is_donor, made.donor.is_implementing) == (3, True, False)
    assert (made.pledged_usd, made.signed_usd, made.received_usd) == (1_000_000, 1_000_000, 500_000)
    assert (made.stage, made.region.name, made.theme) == ("partly_received", "Gao", WATER)
    assert (made.is_opening, made.registered_by, made.signature_by) == (True, head, None)
    assert made.receipts.get().rate_on == CAME, "an empty day of a rate is the day of the money"
    client = Client()
    client.force_login(user_with(Role.AUDITOR))
    assert "Reprise d’un fichier par" in client.get(f"/contributions/{made.pk}/").content.decode()


def test_it_carries_the_projects_of_the_same_file(head):
    received("900000")
    Envelope.objects.create(mechanism_id="TF", fiscal_year=2018, amount_usd=900_000)
    old = project("OLD-2", mechanism="TF", duration_months=18)
    parts = [line("OLD-2", 800_000)], [instalment("OLD-2", amount=800_000)]
    content = book(
        [old],
        *parts,
        partners=PARTNERS,
        contributions=[given(region="Gao"), given("CTB-OLD-2", **NOT_SIGNED, **NOT_RECEIVED)],
    )
    confirmed(head, checked(head, content))
    (held,) = Allocation.objects.select_related("contribution", "project")
    assert (held.project.reference, held.contribution.reference, held.amount_usd) == ("OLD-2", "CTB-OLD-1", 800_000)


def test_what_the_file_brings_is_counted_once(head):
    received("900000")
    Envelope.objects.create(mechanism_id="TF", fiscal_year=2018, amount_usd=900_000)
    rows = [project(name, mechanism="TF", duration_months=18) for name in ("A-1", "A-2", "A-3")]
    names = ("A-1", "A-2", "A-3")
    lines, parts = [line(name, 700_000) for name in names], [instalment(name, amount=700_000) for name in names]
    record = checked(head, book(rows, lines, parts, partners=PARTNERS, contributions=[given()]))
    assert ("Projets", 4, "Approuvé le") in faults(record), "1,900,000 signed for 2,100,000"
    assert not Contribution.objects.filter(reference="CTB-OLD-1").exists() and not Project.objects.exists()


def test_a_second_import_leaves_it_alone_even_after_it_lived_on(head):
    content = book([], partners=PARTNERS, contributions=[given()])
    confirmed(head, checked(head, content))
    made = Contribution.objects.get()
    came_in(made, "1000000", rate=Decimal(8))
    Contribution.objects.filter(pk=made.pk).update(title="Un objet corrigé")
    again = checked(head, content)
    assert (again.created, again.unchanged, again.fault_count) == (0, 3, 0)
    confirmed(head, again)
    assert Contribution.objects.count() == 1 and made.receipts.count() == 2


def test_another_content_is_refused_by_its_cells(head):
    confirmed(head, of_contributions(head, given()))
    record = of_contributions(head, given(pledged_amount=11_000_000, received_rate=9, theme=WATER))
    columns = {"Montant annoncé", "Taux à la réception", "Affectée au thème"}
    assert faults(record) == {("Contributions", 2, column) for column in columns}


WRONG = [
    ({"reference": None}, "Référence"),
    ({"donor": "Personne"}, "Donateur"),
    ({"donor": "Association Kanuya"}, "Donateur"),
    ({"mechanism": "QIP"}, "Mécanisme"),
    ({"mechanism": "XX"}, "Mécanisme"),
    ({"region": "Paris"}, "Affectée à la région"),
    ({"theme": "Or"}, "Affectée au thème"),
    ({"currency": "ABC"}, "Monnaie"),
    ({"currency": "USD"}, "Taux à l’annonce"),
    ({"pledged_amount": "beaucoup"}, "Montant annoncé"),
    ({"pledged_amount": 0}, "Montant annoncé"),
    ({"pledged_rate": None}, "Taux à l’annonce"),
    ({"pledged_on": dt.date(2099, 1, 1)}, "Annoncée le"),
    ({"pledged_rate_on": SIGNED}, "Date du taux à l’annonce"),
    ({"signed_on": dt.date(2016, 1, 1)}, "Signée le"),
    ({"signed_amount": None}, "Montant signé"),
    ({"signed_on": None}, "Signée le"),
    ({"received_on": PLEDGED}, "Reçue le"),
    (NOT_SIGNED, "Reçue le"),
    ({"received_amount": 10_000_001}, "Montant reçu"),
]


@pytest.mark.parametrize("changes, column", WRONG, ids=[f"{n}-{column}" for n, (_c, column) in enumerate(WRONG)])
def test_what_the_rules_refuse_is_told_by_row_and_column(head, changes, column):
    record = of_contributions(head, given("CTB-OLD-0"), given(**changes))
    assert ("Contributions", 3, column) in faults(record)
    assert not any(row == 2 for _sheet, row, _column in faults(record))
    assert not Contribution.objects.exists() and not Organisation.objects.filter(name=DONOR["name"]).exists()


def test_a_reference_twice_and_a_known_organisation_that_does_not_give_are_refused(head):
    PartnerFactory(name="ONG Sahel")
    record = of_contributions(head, given(), given(), given("C-3", donor="ONG Sahel"))
    assert faults(record) == {("Contributions", 3, "Référence"), ("Contributions", 4, "Donateur")}


def test_a_donor_of_the_file_carries_out_no_project(head):
    Envelope.objects.create(mechanism_id="QIP", fiscal_year=2017, amount_usd=100_000)
    old = project(partner=DONOR["name"], state="approved")
    assert faults(checked(head, book([old], [line()], partners=PARTNERS))) == {("Projets", 2, "Partenaire")}


def test_who_imported_records_nothing_that_comes_in_later(head):
    from django.db import DatabaseError

    confirmed(head, of_contributions(head, given()))
    with pytest.raises(DatabaseError, match="received_by_another"):
        came_in(Contribution.objects.get(), "1000", by=head, rate=Decimal(8), received_on=clock.today())


def test_the_template_has_the_sheet_and_its_lists(head):
    import io

    client = Client()
    client.force_login(head)
    book_ = openpyxl.load_workbook(io.BytesIO(client.get("/importer/portfolio/modele.xlsx").content))
    assert [cell.value for cell in book_["Contributions"][1]][:4] == ["Référence", "Objet", "Donateur", "Mécanisme"]
    lists = {(row[0], row[1]) for row in book_["Listes"].iter_rows(values_only=True)}
    assert ("Thème", WATER) in lists and ("Monnaie", "NOK") in lists
