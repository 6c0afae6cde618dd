"""Carried and adjusted at once: the envelopes keep every cent, and no more is carried than there was."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Sum

from funds.models import CarryOver
from funds.services.envelopes import adjust_envelope
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with

from .test_carry_overs import amounts, carry, envelope, fund


def test_16_at_once_never_carry_more_than_there_is(own_database):
    finance = user_with(Role.FINANCE_OFFICER)
    mechanism = fund()
    old = envelope(mechanism, 1)

    def run(rank: int) -> str:
        try:
            if rank % 4:
                carry(finance, old, "700")
            else:
                adjust_envelope(by=finance, envelope=old, amount_usd=Decimal(1000 + rank), seen_usd=Decimal(1000))
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(run, range(16))).count("done")
    carried = CarryOver.objects.aggregate(sum=Sum("amount_usd"))["sum"] or 0
    total = sum(amounts(mechanism))
    assert done >= 1 and carried in (0, 700)
    assert total in range(1000, 1016)
    assert min(amounts(mechanism)) >= 0
