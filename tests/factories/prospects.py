"""Prospects for tests, made by the real services where they have rules."""

import datetime as dt
from decimal import Decimal

from funds.models import Mechanism, Prospect
from funds.services import prospects
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import DonorFactory


def values(**changes) -> dict:
    """What the service asks for: 100,000 USD at 25 % for the Trust Fund, contacted, the next step in ten days."""
    today = clock.today()
    if "donor" not in changes and "donor_name" not in changes:
        changes["donor"] = DonorFactory()
    return {
        "title": "Appui à la stabilisation", "donor": None, "donor_name": "",
        "mechanism": Mechanism.objects.get(code="TF"), "region": None, "theme": "", "currency": "USD",
        "amount": Decimal("100000"), "rate": Decimal(1), "rate_on": today, "likelihood": 25,
        "expected_on": today + dt.timedelta(days=90), "stage": "contacted", "next_step": "Rencontrer l’ambassade",
        "next_step_on": today + dt.timedelta(days=10), "priority": None, "concept_note": None, "note": "", **changes,
    }  # fmt: skip


def prospect(*, by: User | None = None, **changes) -> Prospect:
    by = by or user_with(Role.SECTION_HEAD)
    made = prospects.register(by=by, values=values(**{"responsible": by, **changes}))
    return Prospect.objects.get(pk=made.pk)


def lost(*, by: User | None = None, **changes) -> Prospect:
    by = by or user_with(Role.SECTION_HEAD)
    return prospects.lose(by=by, prospect=prospect(by=by, **changes), reason="Budget réduit")
