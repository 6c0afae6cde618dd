"""An existing portfolio: old projects enter their state with their money, every rule holds, and nothing enters twice."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from funds.models import Envelope, Organisation
from projects.imports.columns import SHEETS
from projects.models import Deadline, ImportedProject, Instalment, Project, StateChange
from projects.states import IMPORTED, State
from regions.models import Region
from sr_portal.accounts.roles import Role
from sr_portal.imports.models import DataImport, ImportStatus
from sr_portal.imports.running import run
from sr_portal.spreadsheets.writing import workbook
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory, fill_envelopes, received, signed
from tests.factories.projects import complete_draft
from tests.imports.files import named

pytestmark = pytest.mark.django_db
PARTNERS, PROJECTS, BUDGET, INSTALMENTS, CONTRIBUTIONS = SHEETS
DAY = dt.date(2018, 2, 10)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def head():
    return user_with(Role.SECTION_HEAD)


@pytest.fixture
def envelope():
    return Envelope.objects.create(mechanism_id="QIP", fiscal_year=2017, amount_usd=100_000)


def project(reference="QIP-OLD-1", state="closed", **changes):
    return {
        "reference": reference, "mechanism": "QIP", "title": "Marché de Bourem", "region": "Gao", "cercle": "Bourem",
        "partner": "Association Kanuya", "starts_on": dt.date(2018, 3, 1), "duration_months": 6, "state": state,
        "approved_on": DAY, "since": dt.date(2018, 11, 30), "direct_women": 40, **changes,
    }  # fmt: skip


def line(reference="QIP-OLD-1", cost=30_000, **changes):
    return {"reference": reference, "category": "works", "label": "Travaux", "unit_cost": cost, **changes}


def instalment(reference="QIP-OLD-1", position=1, amount=30_000, **changes):
    paid = {"paid_usd": amount, "justified_usd": amount}
    return {"reference": reference, "position": position, "amount_usd": amount, **paid, **changes}


PARTNER = {"name": "Association Kanuya", "kind": "association", "region": "Gao"}


def book(projects, lines=(), instalments=(), partners=(PARTNER,), contributions=()) -> bytes:
    def sheet(kind, rows):
        yield [str(column.label) for column in kind.columns]
        for row in rows:
            yield [row.get(column.name) for column in kind.columns]

    parts = zip(SHEETS, (partners, projects, lines, instalments, contributions), strict=True)
    return workbook([(str(kind.title), sheet(kind, rows)) for kind, rows in parts])


def checked(user, content: bytes) -> DataImport:
    client = Client()
    client.force_login(user)
    answer = client.post("/importer/portfolio/fichier/", {"file": named(content, "portefeuille.xlsx")})
    assert answer.status_code == 302, answer.context["form"].errors
    form = client.get(answer["Location"]).context["form"]
    data = {name: field.initial for name, field in form.fields.items() if field.initial}
    answer = client.post(answer["Location"], data)
    assert answer.status_code == 302, answer.context["form"].errors
    return DataImport.objects.latest("pk")


def confirmed(user, record: DataImport) -> DataImport:
    assert record.status == ImportStatus.CHECKED, record.faults
    client = Client()
    client.force_login(user)
    assert client.post(f"/importer/{record.pk}/", {"one_time_key": str(uuid.uuid4())}).status_code == 302
    run.call(record.pk)
    record.refresh_from_db()
    assert record.status == ImportStatus.DONE, record.failure
    return record


def faults(record: DataImport) -> set[tuple[str, int, str]]:
    return {(fault["sheet"], fault["row"], fault["column"]) for fault in record.faults}


STATES = {
    "approved": (),
    "active": (
        instalment(amount=20_000, justified_usd=12_000),
        instalment(position=2, amount=10_000, paid_usd=0, justified_usd=0),
    ),
    "completed": (instalment(),),
    "closed": (instalment(justified_usd=29_000, refunded_usd=1_000),),
    "cancelled": (instalment(amount=5_000, justified_usd=4_000, refunded_usd=1_000),),
}


@pytest.mark.parametrize("state", STATES)
def test_an_old_project_enters_its_state_with_its_money_and_its_row(state, head, envelope):
    record = confirmed(head, checked(head, book([project(state=state)], [line()], STATES[state])))
    made = Project.objects.select_related("imported", "partner").get()
    assert (made.reference, made.state, made.author, made.partner.name) == ("QIP-OLD-1", state, head, PARTNER["name"])
    assert made.budget_usd == made.approved_usd == 30_000
    money = (made.paid_usd, made.justified_usd, made.refunded_usd)
    expected = {
        "approved": (0, 0, 0), "active": (20_000, 12_000, 0), "completed": (30_000, 30_000, 0),
        "closed": (30_000, 29_000, 1_000), "cancelled": (5_000, 4_000, 1_000),
    }  # fmt: skip
    assert money == expected[state]
    envelope.refresh_from_db()
    assert envelope.reserved_usd == {"closed": 29_000, "cancelled": 4_000}.get(state, 30_000)
    step = made.changes.get()
    assert (step.transition, step.actor, "portefeuille.xlsx" in step.note, "ligne 2" in step.note) == (
        "import",
        head,
        True,
        True,
    )
    assert (made.imported.data_import, made.imported.row, made.imported.imported_by) == (record, 2, head)
    assert made.state_since.date() == dt.date(2018, 11, 30)
    kept = sorted(Deadline.objects.filter(project=made).values_list("pk", "due_on", "done_on"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_deadlines(ARRAY[%s]::bigint[])", [made.pk])
    assert kept == sorted(Deadline.objects.filter(project=made).values_list("pk", "due_on", "done_on"))


@pytest.mark.parametrize("state", STATES)
def test_its_pages_open_in_each_state(state, head, envelope):
    confirmed(head, checked(head, book([project(state=state)], [line()], STATES[state])))
    made, client = Project.objects.get(), Client()
    client.force_login(user_with(Role.AUDITOR))
    for path in ("", "historique/", "argent/", "protocole/", "visites/", "rapports/", "dossier/"):
        answer = client.get(f"/projets/{made.pk}/{path}")
        assert answer.status_code in (200, 404), path
        if path == "":
            assert "Reprise d’un fichier" in answer.content.decode()
    assert client.get("/projets/").status_code == 200 and client.get("/").status_code == 200


def test_a_second_import_changes_nothing_and_another_content_is_refused(head, envelope):
    content = book([project()], [line()], [instalment()])
    confirmed(head, checked(head, content))
    again = checked(head, content)
    assert (again.created, again.unchanged, again.fault_count) == (0, 2, 0)
    confirmed(head, again)
    assert Project.objects.count() == StateChange.objects.count() == Instalment.objects.count() == 1
    other = checked(head, book([project(title="Autre")], [line()], [instalment()]))
    assert faults(other) == {("Projets", 2, "Référence")} and "autre contenu" in other.faults[0]["message"]


# --- The rules hold ---------------------------------------------------------------------------------------------------
def test_a_qip_over_the_ceiling_or_too_long_is_refused_by_its_row(head, envelope):
    rows = [
        project("A", "approved"),
        project("B", "approved", title="Deux"),
        project("C", "approved", duration_months=7),
    ]
    record = checked(head, book(rows, [line("A"), line("B", 60_000), line("C", 1_000)]))
    assert faults(record) == {("Projets", 3, "Référence"), ("Projets", 4, "Durée (mois)")}
    assert "60 000" in record.faults[0]["message"].replace("\u202f", " ")
    assert not Project.objects.exists() and not Organisation.objects.exists()


def test_the_facility_s_own_limits_hold(head):
    fill_envelopes("PBF", "9000000")
    Envelope.objects.create(mechanism_id="PBF", fiscal_year=2018, amount_usd=9_000_000)
    fast = {"mechanism": "PBF", "facility": "IRF", "state": "approved"}
    rows = [project("A", **fast | {"duration_months": 18}), project("B", **fast | {"duration_months": 19})]
    rows += [project("C", "approved", facility="IRF")]
    record = checked(head, book(rows, [line("A"), line("B"), line("C")]))
    assert faults(record) == {("Projets", 3, "Durée (mois)"), ("Projets", 4, "Guichet")}


def test_what_the_envelopes_do_not_cover_is_refused_by_its_row(head, envelope):
    rows = [project(name, "approved") for name in "ABC"] + [
        project("D", "approved", approved_on=dt.date(2010, 1, 1), since=None)
    ]
    record = checked(head, book(rows, [line(name, 40_000) for name in "ABCD"]))
    assert faults(record) == {("Projets", 4, "Approuvé le"), ("Projets", 5, "Approuvé le")}


def test_each_sheet_s_faults_are_told(head, envelope):
    lines = [line(), line("INCONNU"), line(category="rien"), line(currency="XOF", cost=600_000)]
    parts = [instalment(amount=20_000), instalment(position=1), instalment(position=2, paid_usd=40_000)]
    partners = [PARTNER, PARTNER, {**PARTNER, "name": "Autre", "kind": "club"}]
    record = checked(
        head, book([project(), project("X", "draft"), project("Y", partner="Personne")], lines, parts, partners)
    )
    assert faults(record) >= {
        ("Partenaires", 3, "Nom"), ("Partenaires", 4, "Type"), ("Projets", 3, "État"), ("Projets", 4, "Partenaire"),
        ("Budget", 3, "Référence"), ("Budget", 4, "Rubrique"), ("Tranches", 3, "Rang"), ("Tranches", 4, "Payé en USD"),
        ("Projets", 2, "Référence"),
    }  # fmt: skip
    assert not Project.objects.exists()


def test_a_closed_project_balances_to_the_cent(head, envelope):
    record = checked(head, book([project()], [line()], [instalment(justified_usd=Decimal("29999.99"))]))
    assert faults(record) == {("Projets", 2, "État")}


def test_a_reference_of_the_portal_is_not_taken_over(head, envelope):
    there = complete_draft("1000")
    Project.objects.filter(pk=there.pk).update(reference="QIP-OLD-1")
    assert faults(checked(head, book([project(state="approved")], [line()]))) == {("Projets", 2, "Référence")}


def test_a_known_partner_is_left_as_it_is(head, envelope):
    known = PartnerFactory(name="association kanuya", acronym="AK", contact_name="Awa")
    confirmed(head, checked(head, book([project(state="approved")], [line()])))
    known.refresh_from_db()
    assert Project.objects.get().partner == known and known.contact_name == "Awa"


# --- The door is narrow -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", sorted(IMPORTED))
def test_no_draft_jumps_without_an_import(state, envelope):
    draft = complete_draft("1000")
    with pytest.raises(DatabaseError, match="Invalid|not by an import"), transaction.atomic():
        Project.objects.filter(pk=draft.pk).update(
            state=state, reference="X", recommended_usd=1000, approved_usd=1000, reserved_usd=1000, envelope=envelope
        )


def test_an_import_opens_no_door_for_a_project_that_was_there(head, envelope):
    draft = complete_draft("1000")
    record = checked(head, book([project(state="approved")], [line()]))
    DataImport.objects.filter(pk=record.pk).update(status="running")
    with pytest.raises(DatabaseError, match="was there before"), transaction.atomic():
        ImportedProject.objects.create(
            project=draft, data_import=record, row=2, state=State.APPROVED, digest="0" * 64, imported_by=head
        )


def test_nobody_says_imported_outside_of_a_running_import(head, envelope):
    record = confirmed(head, checked(head, book([project(state="approved")], [line()])))
    new = Project.objects.create(author=head, title="Seul", mechanism_id="QIP", region=Project.objects.get().region)
    with pytest.raises(DatabaseError, match="running import"), transaction.atomic():
        ImportedProject.objects.create(
            project=new, data_import=record, row=2, state=State.APPROVED, digest="0" * 64, imported_by=head
        )


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SECTION_HEAD, Role.ADMINISTRATOR)])
def test_the_others_do_not_import_a_portfolio(role):
    client = Client()
    client.force_login(user_with(role))
    assert client.get("/importer/portfolio/fichier/").status_code in (403, 404)


@pytest.mark.parametrize("mechanism", ["PBF", "TF"])
def test_an_old_project_of_another_fund_enters_though_its_papers_are_elsewhere(mechanism, head):
    fill_envelopes(mechanism, "5000000")
    Envelope.objects.create(mechanism_id=mechanism, fiscal_year=2018, amount_usd=5_000_000)
    old = project("OLD-2", mechanism=mechanism, duration_months=18)
    confirmed(head, checked(head, book([old], [line("OLD-2", 900_000)], [instalment("OLD-2", amount=900_000)])))
    assert Project.objects.get().state == "closed"


def test_an_old_project_that_no_signed_contribution_covers_is_refused_by_its_row(head):
    received("5000000", "TF", region=Region.objects.get(name="Kidal"))
    signed("900000", "TF")
    Envelope.objects.create(mechanism_id="TF", fiscal_year=2018, amount_usd=5_000_000)
    rows = [project(name, mechanism="TF", duration_months=18) for name in ("OLD-2", "OLD-3")]
    told = (
        [line(name, 800_000) for name in ("OLD-2", "OLD-3")],
        [instalment(name, amount=800_000) for name in ("OLD-2", "OLD-3")],
    )
    record = checked(head, book(rows, *told))
    assert faults(record) == {("Projets", 3, "Approuvé le")}
    assert not Project.objects.exists()
