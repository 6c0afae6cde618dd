"""A fund made of rows that pays as the Peacebuilding Fund does, and asks for nothing else beyond a proposal."""

from decimal import Decimal

from funds.models import Mechanism, TranchePlan
from tests.factories.mechanisms import mechanism_of

UN, OTHERS = ("70", "30"), ("35", "35", "30")


def fund_in_tranches(code: str = "FIX", **terms) -> Mechanism:
    """70/30 for the United Nations, 35/35/30 for others; the next tranche once 75 % is spent or committed."""
    values = {
        "first_share_max": Decimal(70), "first_share_max_new": Decimal(70), "last_share_min": Decimal(30),
        "next_tranche_counts": "spent_or_committed", "last_after_final_report": False, **terms,
    }  # fmt: skip
    fund = mechanism_of(code, **values)
    for recipient, shares in (("un_agency", UN), ("", OTHERS)):
        TranchePlan.objects.create(mechanism=fund, recipient=recipient, shares=[Decimal(share) for share in shares])
    return fund
