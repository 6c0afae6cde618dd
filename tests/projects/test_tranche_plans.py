"""Tranches of a mechanism as rows: what an agreement proposes, what it may differ by, what the database refuses."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import Error
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from funds.models import Mechanism, OrganisationKind, TranchePlan
from funds.rules import tranche_shares_lack
from projects.models import Instalment
from projects.rules import agreement as rules
from projects.rules import plan
from projects.rules.plan import Limits
from projects.services import agreements
from sr_portal.accounts.roles import Role
from tests.factories import implementation as made
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.projects import DraftFactory
from tests.factories.tranches import fund_in_tranches

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fund():
    return fund_in_tranches()


def test_the_peacebuilding_fund_pays_as_its_guidelines_say():
    plans = TranchePlan.objects.filter(mechanism="PBF").values_list("recipient", "shares")
    assert dict(plans) == {"un_agency": [70, 30], "": [35, 35, 30]}
    pbf = Mechanism.objects.get(code="PBF")
    assert (pbf.next_tranche_counts, pbf.justified_share_min) == ("spent_or_committed", 75)


def approved(mechanism: str, kind: str, amount: str = "100000.01"):
    return made.approved(mechanism_id=mechanism, partner=PartnerFactory(kind=kind), amount=amount)


def amounts(project) -> list[Decimal]:
    return list(project.instalments.order_by("position").values_list("amount_usd", flat=True))


def prepared(project, **fields):
    officer = made.Crew().officer
    values = {
        "language": "fr", "starts_on": agreements.approved_on(project), "partner_signatory": "A", "partner_function": "B",
        "mission_signatory": "C", "mission_function": "D", "special_conditions": "", **fields,
    }  # fmt: skip
    base = agreements.fingerprint_of_all(agreements.text_of(project))
    agreements.save_text(project=project, user=officer, values=values, base=base)
    return officer


def limits_in_sql(project) -> tuple[Decimal, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_max, last_min FROM tranche_limits(%s)", [project.pk])
        return cursor.fetchone()


# --- What is proposed -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mechanism", "kind", "wanted"),
    [
        ("FIX", OrganisationKind.UN_AGENCY, ["70000.01", "30000.00"]),
        ("FIX", OrganisationKind.NGO_NATIONAL, ["35000.00", "35000.01", "30000.00"]),
        ("TF", OrganisationKind.UN_AGENCY, ["50000.01", "40000.00", "10000.00"]),  # no plan: as the limits allow
    ],
)
def test_an_agreement_proposes_the_tranches_of_its_mechanism_for_its_partner(mechanism, kind, wanted):
    project = approved(mechanism, kind)
    prepared(project)
    assert amounts(project) == [Decimal(amount) for amount in wanted]
    assert not plan.lacks(project.approved_usd, amounts(project), plan.limits_of(project))


def test_the_conditions_of_payment_are_those_of_the_mechanism():
    project = approved("FIX", OrganisationKind.UN_AGENCY)
    prepared(project)
    conditions = list(project.instalments.values_list("condition", flat=True))
    assert "dépensés ou engagés" in conditions[-1] and "finaux" not in conditions[-1]


def test_a_plan_added_as_a_row_is_followed_by_the_next_agreement():
    TranchePlan.objects.create(mechanism_id="TF", recipient="", shares=[Decimal(40), Decimal(40), Decimal(20)])
    project = approved("TF", OrganisationKind.ASSOCIATION, "1000")
    prepared(project)
    assert amounts(project) == [400, 400, 200]


shares = st.lists(st.integers(1, 97), min_size=1, max_size=6).map(
    lambda parts: tuple(Decimal(part) for part in rules.scaled([Decimal(part) for part in parts], Decimal(100)))
)


@given(approved=st.decimals("10", "9999999", places=2), shares=shares)
def test_any_plan_of_shares_makes_the_amount_and_holds_within_itself(approved, shares):
    limits = Limits(shares[0], shares[-1], shares=shares)
    assert plan.lacks(approved, rules.first_plan(approved, limits), limits) == []


# --- What may differ ------------------------------------------------------------------------------------------------
def test_people_and_the_database_know_the_same_limits():
    project = DraftFactory(partner=PartnerFactory())
    for mechanism in ("QIP", "PBF", "TF", "FIX"):
        project.mechanism_id = mechanism
        project.save()
        for kind in OrganisationKind.values:
            type(project.partner).objects.filter(pk=project.partner_id).update(kind=kind)
            limits = plan.limits_of(project)
            assert limits_in_sql(project) == (limits.first_max, limits.last_min), (mechanism, kind)
    project.partner = None
    project.save()
    limits = plan.limits_of(project)
    assert limits_in_sql(project) == (limits.first_max, limits.last_min)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (("70", "30"), None),
        (("60", "10", "30"), None),
        (("50", "50"), None),
        (("71", "29"), "La première tranche ne peut dépasser 70"),
        (("70", "5", "25"), "La dernière tranche est d’au moins 30"),
    ],
)
def test_a_smaller_first_and_a_larger_last_are_agreed_never_the_other_way(typed, refusal):
    project = approved("FIX", OrganisationKind.UN_AGENCY, "1000")
    officer = prepared(project)
    day = agreements.approved_on(project)
    rows = [(Decimal(percent) * 10, day, "") for percent in typed]
    base = agreements.fingerprint_of_all(agreements.plan_of(project))
    if refusal is None:
        agreements.save_plan(project=project, user=officer, rows=rows, base=base)
        assert amounts(project) == [row[0] for row in rows]
        return
    with pytest.raises(ValidationError) as caught:
        agreements.save_plan(project=project, user=officer, rows=rows, base=base)
    assert refusal in " ".join(caught.value.messages)


@pytest.mark.parametrize(("shares", "name"), [(("71", "29"), "first_share"), (("50", "21", "29"), "last_share")])
def test_the_database_signs_no_agreement_outside_the_plan(shares, name):
    crew = made.Crew()
    project = approved("FIX", OrganisationKind.UN_AGENCY, "1000")
    made.prepare_agreement(project, crew.officer, shares=shares)
    made.put_signatures_on_file(project, crew.officer)
    made.verify_bank(project, crew.payer)
    project.agreement.signed_by, project.agreement.signed_at = crew.officer, made.clock.now()
    project.agreement.save()
    with pytest.raises(Error, match=name), transaction.atomic():
        type(project).objects.filter(pk=project.pk).update(state="agreed")


def test_the_page_says_where_the_shares_come_from():
    project = approved("FIX", OrganisationKind.UN_AGENCY)
    officer = prepared(project)
    client = Client()
    client.force_login(officer)
    shown = client.get(f"/projets/{project.pk}/protocole/tranches/").content.decode()
    assert "70 / 30" in shown and "retenue jusqu’aux rapports finaux" not in shown


# --- The rows themselves --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", [["70", "29"], ["80", "20"], ["70", "10", "20"], ["70", "0", "30"], []])
def test_shares_that_do_not_hold_are_refused_by_form_and_database(wrong):
    shares = [Decimal(share) for share in wrong]
    row = TranchePlan.objects.get(mechanism="PBF", recipient="un_agency")
    assert tranche_shares_lack(shares, row.mechanism.first_share_max, row.mechanism.last_share_min)
    with pytest.raises(Error), transaction.atomic():
        TranchePlan.objects.filter(pk=row.pk).update(shares=shares)
    client = Client()
    client.force_login(user_with(Role.ADMINISTRATOR))
    answer = client.post(f"/reference/funds/trancheplan/{row.pk}/change/", {"shares": ",".join(wrong)})
    assert answer.status_code == 200 and answer.context["adminform"].form.errors["shares"]
    row.refresh_from_db()
    assert row.shares == [70, 30]


def test_limits_do_not_close_in_on_a_plan_that_stands():
    pbf = Mechanism.objects.get(code="PBF")
    pbf.last_share_min = Decimal(31)
    with pytest.raises(ValidationError):
        pbf.full_clean()
    with pytest.raises(Error, match="tranche_shares"), transaction.atomic():
        Mechanism.objects.filter(code="PBF").update(first_share_max=Decimal(69))


def test_instalments_of_a_signed_agreement_do_not_follow_a_new_plan():
    crew = made.Crew()
    project = approved("FIX", OrganisationKind.UN_AGENCY, "1000")
    made.prepare_agreement(project, crew.officer, shares=("70", "30"))
    TranchePlan.objects.filter(mechanism="FIX", recipient="un_agency").update(shares=[Decimal(50), Decimal(50)])
    assert list(Instalment.objects.filter(project=project).values_list("amount_usd", flat=True)) == [700, 300]
