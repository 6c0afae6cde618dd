"""The sample data are plausible, always the same, and made by the real services."""

import pytest
from django.core.management import call_command
from django.db.models import F, Sum

from funds.account_numbers import parsed
from funds.models import (
    BankAccount,
    BankAccountStatus,
    BankReading,
    Contribution,
    CoordinationGroup,
    DonorReport,
    Envelope,
    Exclusion,
    Meeting,
    MeetingDecision,
    MeetingState,
    Organisation,
)
from funds.services.bank import clear_number
from projects.exports.open_data import FILES, Options
from projects.models import (
    Allocation,
    Finding,
    Handover,
    Lesson,
    Payment,
    Project,
    PublishedFile,
    Receipt,
    Report,
    SustainabilityCheck,
    Visit,
    VisitPhoto,
)
from projects.states import GRANTED, State
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role
from sr_portal.demo.long_projects import PROJECTS as LONG_PROJECTS
from sr_portal.demo.management.commands.seed_demo import TODAY
from sr_portal.demo.notes import IDEAS
from sr_portal.demo.old_portfolio import PARTNERS as OLD_PARTNERS
from sr_portal.demo.old_portfolio import PROJECTS as OLD_PROJECTS
from sr_portal.demo.plausible import plausible_projects
from sr_portal.demo.real_projects import REAL_PROJECTS
from sr_portal.imports.models import DataImport, ImportStatus
from sr_portal.notices.models import Mail
from tests.ground.laid_once import laid_once
from tests.projects.life_invariants import broken
from tests.standards.iati_checker import faults_of


def test_the_plausible_projects_are_the_same_at_each_call():
    assert plausible_projects(60) == plausible_projects(60)
    assert len({idea.title for idea in plausible_projects()}) == 285


# What was paid to them was paid before the portal: they come as their file tells them, and nothing is paid to them
# before an account is entered and verified.
BROUGHT_IN = {name for name, _kind, _region in OLD_PARTNERS}


def of_today():
    """Implementing partners but those that came with the older portfolio."""
    return Organisation.objects.implementing().exclude(name__in=BROUGHT_IN)


@laid_once
def sample(db):
    """All that is told without the projects that fill the list."""
    call_command("seed_demo", projects=0)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_the_sample_partners_have_accounts_with_right_keys_that_finance_read_and_verified(sample):
    numbers = {}
    for account in BankAccount.objects.select_related("organisation", "entered_by", "verified_by"):
        number = clear_number(account)
        assert parsed(number, "ML") == number
        numbers[account.pk] = number
        if account.verified_by:
            assert account.verified_by.email.startswith("finances@") and account.entered_by != account.verified_by
    assert len(set(numbers.values())) == len(numbers) > 20
    assert all(partner.has_verified_account() for partner in of_today())
    brought_in = Organisation.objects.filter(name__in=BROUGHT_IN)
    assert brought_in.count() == len(BROUGHT_IN) and not brought_in.filter(bank_accounts__isnull=False).exists()
    assert set(BankAccount.objects.values_list("status", flat=True)) == set(BankAccountStatus.values)
    assert BankReading.objects.count() == BankAccount.objects.exclude(status="to_verify").count()
    assert numbers[min(numbers)] == "ML9010100102600100000087", "always the same"


def test_the_sample_partners_meet_and_some_of_what_they_decided_is_late(sample):
    open_ones = MeetingDecision.objects.open()

    assert set(Meeting.objects.values_list("state", flat=True)) == set(MeetingState.values)
    assert Meeting.objects.count() == 8 and CoordinationGroup.objects.count() == 4
    assert open_ones.late(TODAY).count() >= 3
    assert open_ones.filter(due_on__gte=TODAY).exists() and MeetingDecision.objects.filter(state="done").exists()
    assert all(one.assessments.exists() for one in of_today())
    assert Exclusion.objects.get(ended_on=None).organisation.excluded
    assert Organisation.objects.ptf().count() >= 6 and Organisation.objects.count() >= 20


def test_the_sample_donors_are_owed_reports_some_sent_some_late_some_to_come(sample):
    due = DonorReport.objects.due()

    assert 1 <= due.late(TODAY).count() <= 4 and due.filter(due_on__gt=TODAY).count() >= 8
    sent = DonorReport.objects.filter(state="sent")
    assert sent.count() >= 10 and sent.filter(sent_on__gt=F("due_on")).exists()


@pytest.mark.django_db
def test_the_sample_data_load_once_and_hold_every_rule():
    call_command("seed_demo", projects=30)
    call_command("seed_demo", projects=30)
    receipts = list(Receipt.objects.values_list("supplier", "number", "document__sha256"))
    assert len({pair[:2] for pair in receipts}) == len({pair[2] for pair in receipts}) == len(receipts) > 10, (
        "all their own"
    )
    drafted = sum(bool(idea.becomes) for idea in IDEAS)
    assert Project.objects.count() == 30 + len(REAL_PROJECTS) + len(LONG_PROJECTS) + len(OLD_PROJECTS) + drafted
    assert {code for (code,) in RoleAssignment.objects.values_list("group__name")} == set(Role.values)
    real = Project.objects.filter(title__in=[fact.title for fact in REAL_PROJECTS])
    assert set(real.values_list("state", flat=True)) <= {State.ACTIVE, State.COMPLETED, State.CLOSED}
    for words in ("Énergie du Mali à Gao", "Centre de santé de référence d’Ansongo", "stade municipal de Tombouctou"):
        assert real.get(title__contains=words).state == State.CLOSED
    for envelope in Envelope.objects.all():
        assert (envelope.projects.aggregate(total=Sum("reserved_usd"))["total"] or 0) == envelope.reserved_usd
    stages = [contribution.stage for contribution in Contribution.objects.all()]
    assert len(stages) == 13 and {"pledged", "signed", "partly_received", "received"} <= set(stages)
    assert Allocation.objects.exists() and broken() == []
    assert User.objects.get(email="point.focal@demo.portail.example").check_password("Portail-Demo-2026")
    states = set(Project.objects.values_list("state", flat=True))
    assert {State.APPROVED, State.AGREED, State.ACTIVE, State.SUSPENDED, State.COMPLETED, State.CLOSED} <= states
    assert State.CANCELLED in states
    for project in Project.objects.filter(state__in=GRANTED, imported=None):
        money = Payment.objects.filter(instalment__project=project).aggregate(net=Sum("amount_usd"))["net"] or 0
        assert money == project.paid_usd - project.refunded_usd <= project.approved_usd
        if project.state == State.CLOSED:
            assert project.paid_usd == project.justified_usd + project.refunded_usd
    assert not Mail.objects.exists(), "nobody is written to about what happened a year ago"
    on_the_map = Project.objects.filter(latitude__isnull=False).select_related("region")
    assert len(on_the_map) > 10
    assert all(project.region.contains(float(project.latitude), float(project.longitude)) for project in on_the_map)
    assert Visit.objects.filter(latitude__isnull=False, project__latitude__isnull=False).exists()
    assert all(model.objects.exists() for model in (VisitPhoto, Finding, Report, Handover, Lesson, SustainabilityCheck))
    published = Project.objects.published()
    assert published.get(disclosure="cercle", disclosed_by__isnull=False).public_title
    assert 2 <= PublishedFile.objects.shown().photos().count() <= 4
    told = b"".join(FILES["iati-activites.xml"].write(Options()))
    assert faults_of(told) == []
    assert told.count(b'hierarchy="2"') == published.count() > 20, "each sample project that was ever approved"


def test_the_two_funds_have_projects_under_way_over_three_years_with_their_tranches_and_reports(sample):
    long = Project.objects.filter(title__in=[row[2] for row in LONG_PROJECTS])
    assert {State.CLOSED, State.ACTIVE} <= set(long.values_list("state", flat=True))
    years = set(long.values_list("mechanism_id", "envelope__fiscal_year"))
    assert {("PBF", 2024), ("PBF", 2025), ("TF", 2024), ("TF", 2025)} <= years
    un = long.get(title__startswith="Femmes médiatrices")
    assert [row.amount_usd * 100 / un.approved_usd for row in un.instalments.order_by("position")] == [70, 30]
    reports = Report.objects.filter(kind="periodic", state="accepted")
    assert set(reports.values_list("period", flat=True)) == {"half_yearly", "annual"}
    assert reports.filter(declared_spent_usd__gt=0).exists()
    ngo = long.get(title__startswith="Gestion concertée")
    assert ngo.instalments.filter(state__in=["paid", "justified"]).count() >= 2, "opened by what it declared"


def test_the_funds_are_those_that_the_section_manages_with_an_older_portfolio_brought_in(sample):
    for code in ("QIP", "TF", "PBF"):
        years = set(Envelope.objects.filter(mechanism=code, reserved_usd__gt=0).values_list("fiscal_year", flat=True))
        assert len(years) >= (3 if code == "TF" else 2) and Project.objects.filter(mechanism=code).exists()
        assert Envelope.objects.filter(mechanism=code).count() >= 3
    assert Organisation.objects.current().count() >= 20 and Contribution.objects.count() >= 12
    done, faulty = DataImport.objects.filter(kind="portfolio").order_by("pk")
    assert (done.status, done.fault_count) == (ImportStatus.DONE, 0), (done.failure, done.faults)
    assert faulty.status == ImportStatus.FAULTY
    assert {fault["column"] for fault in faulty.faults} >= {"Référence", "Durée (mois)", "Région"}
    old = Project.objects.filter(imported__data_import=done)
    assert set(old.values_list("state", flat=True)) == {State.CLOSED, State.CANCELLED, State.COMPLETED}
    assert broken() == []
