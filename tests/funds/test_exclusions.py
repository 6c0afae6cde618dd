"""Exclusions: dated, by whom, until when; each kept, and listed."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from funds.models import Exclusion, Organisation
from funds.services import merging
from funds.services import partners as services
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


def fresh(partner: Organisation) -> Organisation:
    return Organisation.objects.get(pk=partner.pk)


def excluded(head: User, until_in: int | None = 30, **fields) -> Organisation:
    partner = PartnerFactory(**fields)
    until = clock.today() + dt.timedelta(days=until_in) if until_in else None
    return services.exclude(by=head, organisation=partner, reason="Fausses factures", until=until)


def test_an_exclusion_says_who_when_why_and_until_when_and_stays_after_it_was_lifted(head):
    partner, other = excluded(head, name="Kanuya"), user_with(Role.SECTION_HEAD)
    services.readmit(by=other, organisation=partner)
    kept = Exclusion.objects.get(organisation=partner)

    assert (kept.reason, kept.excluded_on, kept.excluded_by) == ("Fausses factures", clock.today(), head)
    assert (kept.ended_on, kept.ended_by) == (clock.today(), other)
    assert (fresh(partner).excluded, fresh(partner).vetting_status) == (False, "pending")
    services.exclude(by=head, organisation=partner, reason="Encore")
    assert Exclusion.objects.filter(organisation=partner).count() == 2


def test_it_ends_on_a_day_to_come_and_once_only(head):
    with pytest.raises(ValidationError) as refusal:
        services.exclude(by=head, organisation=PartnerFactory(), reason="Fraude", until=clock.today())
    assert set(refusal.value.message_dict) == {"until"}
    partner = excluded(head)
    with pytest.raises(ValidationError, match="déjà exclu"):
        services.exclude(by=head, organisation=partner, reason="Deux fois")
    with pytest.raises(IntegrityError, match="exclusion_one_under_way"), transaction.atomic():
        Exclusion.objects.create(organisation=partner, reason="Deux fois")
    for change in ({"reason": "Autre"}, {"until": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Exclusion.objects.filter(organisation=partner).update(**change)


def test_it_ends_by_itself_when_its_day_comes_and_the_partner_is_to_be_vetted_again(head):
    ending, lasting, endless = excluded(head, 30), excluded(head, 31), excluded(head, None)
    later = clock.now() + dt.timedelta(days=30)
    with clock.at(later.replace(hour=12)):
        call_command("run_due")
        call_command("run_due")

    assert [fresh(one).excluded for one in (ending, lasting, endless)] == [False, True, True]
    ended = Exclusion.objects.get(organisation=ending)
    assert ended.ended_on == ended.until and ended.ended_by is None
    assert fresh(ending).vetting_status == "pending"


def test_the_list_shows_those_under_way_and_all_of_them_when_asked(head):
    excluded(head, name="Toujours exclue")
    services.readmit(by=head, organisation=excluded(head, name="Réadmise"))
    client = Client()
    client.force_login(user_with(Role.AUDITOR))

    def names(**query) -> set[str]:
        page = client.get("/partenaires/exclusions/", query)
        return {row.organisation.name for row in page.context["page"].rows}

    assert names() == {"Toujours exclue"}
    assert names(toutes="1") == {"Toujours exclue", "Réadmise"}


def test_an_exclusion_follows_a_merge(head):
    duplicate, survivor = excluded(head), PartnerFactory()
    seen = merging.seen_of(duplicate, survivor, merging.preview(by=head, duplicate=duplicate, survivor=survivor))
    merging.merge(by=head, duplicate=fresh(duplicate), survivor=survivor, seen=seen)

    assert fresh(survivor).excluded and Exclusion.objects.get(ended_on=None).organisation == survivor
    services.readmit(by=head, organisation=survivor)
    assert not fresh(survivor).excluded
