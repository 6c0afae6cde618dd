"""Contributions: what the database refuses of them, whoever writes, and what the services say of it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from funds.models import Contribution, ContributionReceipt, Envelope, Sector, Stage
from funds.rules import earmark_serves, precision
from funds.services import contributions as services
from funds.services.contributions import Given
from funds.services.envelopes import adjust_envelope, set_envelope
from funds.services.versions import Changed, version_of
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.bank import proof
from tests.factories.funds import DonorFactory, came_in, envelope_of, pledged, received, signed
from tests.factories.projects import region

pytestmark = pytest.mark.django_db

WATER = "Eau et assainissement"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


@pytest.fixture
def finance() -> User:
    return user_with(Role.FINANCE_OFFICER)


def refused(statement: str, *values, names: str) -> None:
    """The database refuses this statement by this name, and the test goes on."""
    with pytest.raises(DatabaseError, match=names), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def values(**changes) -> dict:
    from funds.models import Mechanism

    today = clock.today()
    return {
        "reference": "CTB-2026-01", "title": "Eau de Gao", "donor": DonorFactory(),
        "mechanism": Mechanism.objects.get(code="TF"), "region": None, "theme": "", "currency": "NOK",
        "pledged_amount": Decimal("10000000"), "pledged_on": today, "pledged_rate": Decimal("10.5"),
        "pledged_rate_on": today, "note": "", **changes,
    }  # fmt: skip


# --- Stages -----------------------------------------------------------------------------------------------------------
def test_the_stage_is_read_from_dates_and_sums(finance):
    contribution = pledged("100")
    assert contribution.stage == Stage.PLEDGED
    contribution = signed("100")
    assert contribution.stage == Stage.SIGNED
    came_in(contribution, "40")
    assert contribution.stage == Stage.PARTLY_RECEIVED
    came_in(contribution, "60")
    assert (contribution.stage, contribution.received_usd, contribution.free_usd) == (Stage.RECEIVED, 100, 100)


def test_usd_are_computed_from_the_rate_and_rounded_as_python_does(head):
    from funds.rules import line_amount_usd

    made = services.register(
        by=head, values=values(pledged_amount=Decimal("1234567.89"), pledged_rate=Decimal("10.513"))
    )
    made.refresh_from_db()
    assert made.pledged_usd == line_amount_usd(Decimal(1), Decimal("1234567.89"), Decimal("10.513"))


def test_the_rate_of_the_day_moves_the_usd_and_is_told_as_a_difference():
    today = clock.today()
    contribution = signed("1000", currency="EUR", pledged_rate=Decimal("0.8"))
    came_in(contribution, "1000", rate=Decimal("1"), rate_on=today)
    assert (contribution.signed_usd, contribution.received_usd) == (1250, 1000)
    assert (contribution.stage, contribution.exchange_usd) == (Stage.RECEIVED, -250)


# --- What the database refuses, whoever writes ------------------------------------------------------------------------
def test_no_more_is_received_than_signed(finance):
    contribution = signed("100")
    came_in(contribution, "60")
    with pytest.raises(ValidationError, match="plus que ce qui est signé"):
        services.receive(
            by=finance, contribution=contribution, reference="AV-9", proof=proof("Avis.pdf"),
            given=Given(Decimal("40.01"), clock.today()),
        )  # fmt: skip
    contribution.received_amount = Decimal(101)
    with pytest.raises(ValidationError, match="plus que ce qui est signé"):
        contribution.full_clean()
    with pytest.raises(DatabaseError, match="contribution_received_within_signed"), transaction.atomic():
        came_in(contribution, "40.01")


def test_the_sums_are_those_of_the_rows():
    contribution = received("100")
    for column in ("received_usd", "received_amount"):
        refused(
            f"UPDATE funds_contribution SET {column} = 50 WHERE id = %s", contribution.pk, names="received_is_the_sum"
        )
    refused(
        "UPDATE funds_contribution SET allocated_usd = 5 WHERE id = %s", contribution.pk, names="allocated_is_the_sum"
    )


def test_dates_are_in_order_and_not_ahead(finance):
    contribution = pledged("100")
    early, late = clock.today() - dt.timedelta(days=1), clock.today() + dt.timedelta(days=9)
    sql = (
        "UPDATE funds_contribution SET signed_amount = 100, signed_rate = 1, signature_at = now(), signature_by_id = %s,"
        " signed_on = %s, signed_rate_on = %s WHERE id = %s"
    )
    refused(sql, finance.pk, early, early, contribution.pk, names="contribution_dates_in_order")
    refused(sql, finance.pk, late, late, contribution.pk, names="contribution_once_happened")
    refused(sql, finance.pk, clock.today(), late, contribution.pk, names="contribution_rates_before")
    refused(
        "UPDATE funds_contribution SET signed_amount = 100 WHERE id = %s",
        contribution.pk,
        names="contribution_signed_whole",
    )
    given = Given(Decimal(100), late)
    with pytest.raises(ValidationError, match="avenir"):
        services.sign(
            by=finance, contribution=contribution, given=given, agreement=proof("Accord.pdf"),
            seen=version_of(Contribution.objects.get(pk=contribution.pk)),
        )  # fmt: skip
    whole = signed("100")
    with pytest.raises(DatabaseError, match="received_after_signature"), transaction.atomic():
        came_in(whole, "5", received_on=early)
    with pytest.raises(DatabaseError, match="received_after_signature"), transaction.atomic():
        came_in(contribution, "5", rate=Decimal(1))


def test_a_signature_is_not_moved_past_what_came_in():
    contribution = received("100")
    refused(
        "UPDATE funds_contribution SET signed_on = signed_on + 1 WHERE id = %s", contribution.pk,
        names="received_after_signature",
    )  # fmt: skip


def test_terms_stay_once_signed():
    contribution = signed("100")
    for change in ("region_id = (SELECT min(id) FROM regions_region)", "theme = 'Santé'", "pledged_amount = 5"):
        refused(f"UPDATE funds_contribution SET {change} WHERE id = %s", contribution.pk, names="contribution_terms")
    other = DonorFactory().pk
    with pytest.raises(DatabaseError, match="contribution_terms"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE funds_contribution SET donor_id = %s WHERE id = %s", [other, contribution.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused("DELETE FROM funds_contribution WHERE id = %s", contribution.pk, names="never_deleted|Cannot delete")


def test_a_qip_takes_no_contribution_and_a_theme_is_a_family_of_sectors(head):
    from funds.models import Mechanism

    with pytest.raises(ValidationError) as caught:
        services.register(by=head, values=values(mechanism=Mechanism.objects.get(code="QIP")))
    assert "mechanism" in caught.value.message_dict
    with pytest.raises(ValidationError) as caught:
        services.register(by=head, values=values(theme="Astronomie"))
    assert "theme" in caught.value.message_dict
    services.register(by=head, values=values(theme=WATER))
    refused("UPDATE funds_sector SET group_fr = 'Eaux' WHERE code = '14031'", names="family_keeps_its_name")
    sector = Sector.objects.get(code="14031")
    sector.group_fr = "Eaux"
    with pytest.raises(ValidationError, match="garde son nom"):
        sector.full_clean()


def test_a_mechanism_keeps_its_funding_under_money():
    received("100", "TF")
    refused("UPDATE funds_mechanism SET funded_by_contributions = false WHERE code = 'TF'", names="keeps_its_funding")
    envelope_of("5", "QIP")
    refused("UPDATE funds_mechanism SET funded_by_contributions = true WHERE code = 'QIP'", names="keeps_its_funding")


# --- Who ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECTION_HEAD])
def test_only_the_section_head_registers(role):
    with pytest.raises(PermissionDenied):
        services.register(by=user_with(role), values=values())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE_OFFICER])
def test_only_the_finance_officer_records_what_comes_in(role):
    with pytest.raises(PermissionDenied):
        services.receive(
            by=user_with(role), contribution=signed("100"), reference="AV-1", proof=proof("Avis.pdf"),
            given=Given(Decimal(5), clock.today()),
        )  # fmt: skip


def test_who_registered_neither_records_the_signature_nor_the_money():
    both = user_with(Role.SECTION_HEAD, Role.FINANCE_OFFICER)
    contribution = pledged("100", by=both)
    with pytest.raises(PermissionDenied, match="Vous avez inscrit"):
        services.sign(
            by=both, contribution=contribution, given=Given(Decimal(100), clock.today()),
            agreement=proof("Accord.pdf"), seen=version_of(contribution),
        )  # fmt: skip
    mine = signed("100", registered_by=both)
    with pytest.raises(PermissionDenied, match="Vous avez inscrit"):
        services.receive(
            by=both, contribution=mine, reference="AV-1", proof=proof("Avis.pdf"),
            given=Given(Decimal(5), clock.today()),
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="received_by_another"), transaction.atomic():
        came_in(mine, "5", by=both)
    refused(
        "UPDATE funds_contribution SET signature_by_id = registered_by_id WHERE id = %s", mine.pk,
        names="contribution_signed_by_another",
    )  # fmt: skip


def test_a_later_correction_over_a_newer_version_is_refused(head):
    contribution = pledged("100", by=head)
    seen = version_of(Contribution.objects.get(pk=contribution.pk))
    typed = {name: getattr(contribution, name) for name in services.PLEDGED}
    services.correct(by=head, contribution=contribution, values=typed | {"title": "Un"}, seen=seen)
    with pytest.raises(Changed):
        services.correct(by=head, contribution=contribution, values=typed | {"title": "Deux"}, seen=seen)
    assert Contribution.objects.get().title == "Un"


# --- Envelopes are filled by what came in -----------------------------------------------------------------------------
def test_envelopes_of_a_mechanism_never_pass_what_came_in(finance):
    from funds.models import Mechanism

    received("100", "TF")
    fund = Mechanism.objects.get(code="TF")
    set_envelope(by=finance, mechanism=fund, fiscal_year=2025, amount_usd=Decimal(60))
    with pytest.raises(ValidationError) as caught:
        set_envelope(by=finance, mechanism=fund, fiscal_year=2026, amount_usd=Decimal("40.01"))
    assert "amount_usd" in caught.value.message_dict
    envelope = set_envelope(by=finance, mechanism=fund, fiscal_year=2026, amount_usd=Decimal(40))
    with pytest.raises(ValidationError) as caught:
        adjust_envelope(by=finance, envelope=envelope, amount_usd=Decimal(41), seen_usd=Decimal(40))
    assert "amount_usd" in caught.value.message_dict
    refused("UPDATE funds_envelope SET amount_usd = 41 WHERE id = %s", envelope.pk, names="envelopes_within_received")
    with pytest.raises(DatabaseError, match="envelopes_within_received"), transaction.atomic():
        Envelope.objects.create(mechanism_id="TF", fiscal_year=2027, amount_usd=1)


def test_a_receipt_that_envelopes_count_on_is_not_cancelled(finance):
    contribution = signed("100")
    first = came_in(contribution, "60")
    second = came_in(contribution, "40")
    envelope = envelope_of("70", "TF")
    with pytest.raises(ValidationError, match="Des enveloppes comptent"):
        services.cancel_receipt(by=finance, receipt=first, reason="Virement d’un autre fonds")
    adjust_envelope(by=finance, envelope=envelope, amount_usd=Decimal(60), seen_usd=Decimal(70))
    services.cancel_receipt(by=finance, receipt=second, reason="Doublon")
    contribution.refresh_from_db()
    assert (contribution.received_usd, contribution.received_amount) == (60, 60)
    refused(
        "UPDATE funds_contributionreceipt SET cancelled_at = NULL, cancelled_by_id = NULL, cancellation_reason = ''"
        " WHERE id = %s", second.pk, names="cancelled_for_good",
    )  # fmt: skip


def test_who_recorded_a_receipt_does_not_cancel_it(finance):
    receipt = came_in(signed("100"), "60", by=finance)
    with pytest.raises(PermissionDenied):
        services.cancel_receipt(by=finance, receipt=receipt, reason="Doublon")
    refused(
        "UPDATE funds_contributionreceipt SET cancelled_at = now(), cancelled_by_id = recorded_by_id,"
        " cancellation_reason = 'x' WHERE id = %s", receipt.pk, names="cancelled_by_another",
    )  # fmt: skip


def test_a_receipt_says_the_same_for_ever():
    receipt = came_in(signed("100"), "60")
    for change in ("amount = 5", "received_on = '2020-01-01'", "proof_id = NULL"):
        refused(
            f"UPDATE funds_contributionreceipt SET {change} WHERE id = %s",
            receipt.pk,
            names="recorded_for_good|Cannot update",
        )
    assert ContributionReceipt.objects.get().amount == 60


def test_the_contributions_of_a_duplicate_go_to_the_record_that_goes_on():
    from funds.services import merging

    contribution, survivor = signed("100"), DonorFactory()
    head = user_with(Role.SECTION_HEAD)
    outcome = merging.preview(by=head, duplicate=contribution.donor, survivor=survivor)
    seen = merging.seen_of(contribution.donor, survivor, outcome)
    merging.merge(by=head, duplicate=contribution.donor, survivor=survivor, seen=seen)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Contribution.objects.get().donor == survivor


# --- Earmarks -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("for_region", [None, 1, 2])
@pytest.mark.parametrize("for_theme", ["", WATER, "Santé"])
@pytest.mark.parametrize("theme", [None, WATER])
def test_sql_and_python_agree_on_whom_an_earmark_serves(for_region, for_theme, theme):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT earmark_serves(%s, %s, 1, %s), earmark_precision(%s, %s)",
            [for_region, for_theme, theme, for_region, for_theme],
        )
        assert cursor.fetchone() == (earmark_serves(for_region, for_theme, 1, theme), precision(for_region, for_theme))


def test_the_queryset_finds_the_same_contributions():
    gao, kidal = region().pk, region("ML-8").pk
    rows = [
        signed("10", region_id=where, theme=theme) for where in (None, gao, kidal) for theme in ("", WATER, "Santé")
    ]
    for where in (gao, kidal):
        for theme in (None, WATER):
            found = set(Contribution.objects.serving("TF", where, theme).values_list("pk", flat=True))
            assert found == {row.pk for row in rows if earmark_serves(row.region_id, row.theme, where, theme)}
