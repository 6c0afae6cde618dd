"""The IATI file where it is richest: money from donors, a fund with markers and joint recipients, an older portfolio."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import transaction
from lxml import etree

from funds.models import Contribution, Envelope, MarkerLevel, Organisation
from projects.exports.open_data import FILES, Options
from projects.models import Project, Recipient
from projects.services import decisions
from projects.services.submission import submit
from projects.states import IMPORTED, State
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import DonorFactory, PartnerFactory, came_in, envelope_of, pledged, signed
from tests.factories.implementation import Crew, instalment_of, pay, sign, start
from tests.factories.mechanisms import prf
from tests.factories.projects import cast, complete_draft, fresh, in_session, judged
from tests.imports.test_portfolio_import import STATES, book, checked, confirmed, line
from tests.imports.test_portfolio_import import project as old_project
from tests.standards.iati_checker import faults_of

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STATUS = {"approved": "1", "active": "2", "completed": "3", "closed": "4", "cancelled": "5"}
PBF = "XM-DAC-41310-FUND-PBF"


@dataclass
class Told:
    """The file, its activities by identifier, and the projects that it should tell."""

    content: bytes
    joint: Project
    lead: Organisation
    other: Organisation

    def activity(self, identifier: str) -> etree._Element:
        return etree.fromstring(self.content).xpath(f"iati-activity[iati-identifier='{identifier}']")[0]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Told]:
    from django.conf import settings

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        give()
        people, crew = cast(), Crew()
        joint = start(sign(joint_project(people), crew, shares=("70", "30")), crew)
        pay(instalment_of(joint), crew, Decimal("3000.55"))
        joint.refresh_from_db()
        bring_in()
        content = b"".join(FILES["iati-activites.xml"].write(Options()))
        yield Told(content, joint, joint.partner, joint.recipients.get().organisation)
        transaction.set_rollback(True)


def give() -> None:
    """Donors to the PBF: one has paid in two transfers, one has signed, one has promised, one took its word back."""
    day = dt.date(2026, 2, 2)
    gave = signed("60000.50", "PBF", pledged_on=day, donor=DonorFactory(iati_ref="XM-DAC-3-1", name="Royaume du Nord"))
    came_in(gave, "40000.25")
    came_in(gave, "20000.25")
    signed("5000", "PBF", pledged_on=day)
    pledged("2500.75", "PBF")
    gone = pledged("9000", "PBF")
    Contribution.objects.filter(pk=gone.pk).update(withdrawn_on=gone.pledged_on, withdrawal_reason="Budget réduit.")
    envelope_of("50000", "PBF")


def joint_project(people) -> Project:
    """Of the PBF, for two organisations, with its markers above their lowest level; approved."""
    lead = PartnerFactory(name="ONU Femmes", kind="un_agency", iati_ref="XM-DAC-41146")
    project = complete_draft("20000", mechanism_id="PBF", facility=prf(), partner=lead, duration_months=18)
    Recipient.objects.create(
        project=project, organisation=PartnerFactory(name="Femmes du fleuve"), share=Decimal("37.50")
    )
    for code, level in (("gender", 3), ("risk", 1)):
        row = project.marked.get(marker__code=code)
        row.level = MarkerLevel.objects.get(marker=row.marker_id, level=level)
        row.save()
    project = submit(project=Project.objects.get(pk=project.pk), user=project.author)
    from projects.checklist import CHECKLIST
    from projects.services import screening

    project = screening.start_screening(project=project, user=people.officer)
    answers = {item.code: ("yes", "") for item in CHECKLIST}
    screening.answer_checklist(project=project, user=people.officer, answers=answers)
    project = screening.admit(project=project, user=people.officer)
    judged(people, in_session(people, project))
    project.refresh_from_db()
    return decisions.approve(project=project, user=fresh(people.approver))


def bring_in() -> None:
    """An older portfolio: a project in each state in which one may enter."""
    Envelope.objects.create(mechanism_id="QIP", fiscal_year=2017, amount_usd=900_000)
    projects, lines, instalments = [], [], []
    for rank, (state, paid) in enumerate(STATES.items(), 1):
        reference = f"QIP-OLD-{rank}"
        projects.append(old_project(reference, state=state, title=f"Marché n° {rank} de Bourem"))
        lines.append(line(reference))
        instalments += [{**one, "reference": reference} for one in paid]
    head = user_with(Role.SECTION_HEAD)
    confirmed(head, checked(head, book(projects, lines, instalments)))


def test_nothing_is_wrong_by_the_schema_the_rules_and_the_code_lists(told):
    assert faults_of(told.content) == []


# --- Donors -----------------------------------------------------------------------------------------------------------
def test_contributions_are_incoming_funds_of_their_fund(told):
    fund = told.activity(PBF)
    standing = list(Contribution.objects.filter(mechanism="PBF", withdrawn_on=None, is_opening=False))
    assert len(standing) >= 3
    for row in standing:
        moved = fund.xpath(f"transaction[@ref='{row.reference}']")
        by_kind: dict[str, Decimal] = {}
        for one in moved:
            kind = one.find("transaction-type").get("code")
            by_kind[kind] = by_kind.get(kind, Decimal(0)) + Decimal(one.findtext("value"))
        expected = {"13": row.pledged_usd, "11": row.signed_usd, "1": row.received_usd or None}
        assert by_kind == {kind: amount for kind, amount in expected.items() if amount is not None}
        assert {one.findtext("provider-org/narrative") for one in moved} == {row.donor.name}
    assert len(fund.xpath("transaction[transaction-type/@code='1']")) == 2
    assert not fund.xpath("transaction[number(value)=9000]"), "who took their word back gives nothing"
    assert fund.xpath("transaction/provider-org/@ref")[:1] == ["XM-DAC-3-1"]


def test_each_donor_of_a_fund_takes_part_in_it_once(told):
    names = told.activity(PBF).xpath("participating-org[@role='1']/narrative/text()")
    assert len(names) == len(set(names)) >= 3 and "Royaume du Nord" in names


# --- Markers and joint recipients -------------------------------------------------------------------------------------
def test_the_markers_of_the_fund_are_told_and_its_gender_marker_as_that_of_the_dac_too(told):
    activity = told.activity(told.joint.iati_identifier)
    assert [(one.get("code"), one.get("significance")) for one in activity.xpath("policy-marker[@vocabulary='1']")] == [
        ("1", "2")
    ]
    own = activity.xpath("policy-marker[@vocabulary='99']")
    assert {one.get("code") for one in own} >= {"gender-3", "risk-1"}
    assert all(len({one.get(LANG) for one in marker.findall("narrative")}) == 2 for marker in own)


def test_every_organisation_that_receives_takes_part_and_payments_go_to_the_one_whose_account_is_paid(told):
    activity = told.activity(told.joint.iati_identifier)
    implementing = activity.xpath("participating-org[@role='4']")
    assert [(one.get("ref"), one.findtext("narrative"), one.get("type")) for one in implementing] == [
        ("XM-DAC-41146", told.lead.name, "40"), (None, told.other.name, "24"),
    ]  # fmt: skip
    assert activity.xpath("participating-org[@role='1']/narrative/text()"), "who pays is named"
    receivers = activity.xpath("transaction[transaction-type/@code='3']/receiver-org/narrative/text()")
    assert receivers == [told.lead.name]
    assert activity.xpath("transaction[transaction-type/@code='3']/value/text()") == ["3000.55"]
    assert activity.find("transaction/provider-org").get("provider-activity-id") == PBF


def test_a_budget_of_more_than_a_year_is_split_and_still_comes_to_what_was_approved(told):
    activity = told.activity(told.joint.iati_identifier)
    assert len(activity.findall("budget")) == 2
    assert sum(Decimal(one.text) for one in activity.xpath("budget/value")) == told.joint.approved_usd == 20_000


# --- The older portfolio ----------------------------------------------------------------------------------------------
def test_a_project_entered_in_every_state_that_an_import_allows():
    assert set(STATES) == set(IMPORTED) == set(STATUS)


@pytest.mark.parametrize("rank", range(1, len(STATES) + 1), ids=list(STATES))
def test_an_imported_project_tells_its_dates_and_money_as_its_file_did(told, rank):
    project = Project.objects.get(reference=f"QIP-OLD-{rank}")
    activity = told.activity(project.iati_identifier)
    assert activity.find("activity-status").get("code") == STATUS[project.state]
    days = {one.get("type"): one.get("iso-date") for one in activity.findall("activity-date")}
    assert days["1"] == "2018-03-01" and days["3"] == "2018-09-01"
    under_way = project.state in (State.ACTIVE, State.COMPLETED, State.CLOSED)
    assert ("2" in days) == under_way and ("4" in days) == (project.state in (State.COMPLETED, State.CLOSED))

    def total(path: str) -> Decimal:
        return sum((Decimal(one.text) for one in activity.xpath(path)), Decimal(0))

    assert total("budget/value") == project.approved_usd
    assert total("transaction[transaction-type/@code='2']/value") == project.obligated_usd
    assert total("transaction[transaction-type/@code='3']/value") == project.paid_usd - project.refunded_usd
    refunds = [one for one in activity.xpath("transaction[transaction-type/@code='3']/value") if one.text[0] == "-"]
    assert bool(refunds) == bool(project.refunded_usd)
