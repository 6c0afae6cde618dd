"""One fund as an IATI activity: its yearly envelopes as budgets, its contributions as incoming funds."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Max, Min, Prefetch, Sum
from lxml import etree

from funds.models import Contribution, ContributionReceipt, Mechanism
from projects.exports.iati import elements as made
from projects.exports.iati.elements import Context, Element, add, narrate
from projects.exports.iati.project import PEACE_BUILDING
from projects.querysets import ProjectQuerySet

RECEIVED, PLEDGED, SIGNED = "1", "13", "11"
ACTIVE = "2"
Parts = tuple[dict[str, str], list[Element]]


def fund_parts(fund: Mechanism, children: ProjectQuerySet, context: Context) -> Parts | None:
    """The attributes of the fund's activity, and its elements down to its own transactions; None for an empty fund."""
    envelopes = list(fund.envelopes.order_by("fiscal_year"))
    contributions = list(
        fund.contributions.filter(withdrawn_on__isnull=True)
        .select_related("donor")
        .prefetch_related(Prefetch("receipts", ContributionReceipt.objects.filter(cancelled_at=None)))
        .order_by("pledged_on", "pk")
    )
    told = children.aggregate(first=Min("published_on"), last=Max("updated_at"))
    begins = [envelope.bounds[0] for envelope in envelopes] + [row.pledged_on for row in contributions]
    begins += [told["first"]] if told["first"] else []
    if not begins:
        return None
    root = etree.Element("iati-activity")
    add(root, "iati-identifier").text = fund.iati_identifier
    made.publisher(root, "reporting-org", context)
    narrate(add(root, "title"), fund.name_fr, fund.name_en)
    narrate(
        add(root, "description", type="1"),
        f"{fund.name_fr} : mécanisme de financement de la section. Ses projets sont les activités qui en dépendent.",
        f"{fund.name_en}: a funding mechanism of the section. Its projects are the activities beneath it.",
    )
    _participants(root, contributions, context)
    add(root, "activity-status", code=ACTIVE)
    begin = min(begins)
    made.date(root, "1", begin)
    if begin <= context.today:
        made.date(root, "2", begin)
    made.contact(root, context)
    add(root, "activity-scope", code="4")
    add(root, "recipient-country", code=made.COUNTRY, percentage="100")
    for code, share in _sectors(children).items():
        add(root, "sector", vocabulary="1", code=code, percentage=f"{share:f}")
    add(root, "collaboration-type", code="2")
    add(root, "default-finance-type", code="110")
    add(root, "default-aid-type", code="B03")
    add(root, "default-tied-status", code="5")
    for envelope in envelopes:
        _budget(root, envelope.bounds, envelope.amount_usd)
    for kind, day, amount, row in _incoming(contributions):
        _transaction(root, kind, context.past(day), amount, row, context)
    updated = told["last"] or context.now
    return made.attributes("1", updated, context), list(root)


def _participants(root: Element, contributions: list[Contribution], context: Context) -> None:
    donors = {row.donor_id: row.donor for row in contributions}
    for donor in donors.values():
        made.organisation(root, "participating-org", donor, role=made.FUNDING)
    for role in (made.ACCOUNTABLE, made.EXTENDING):
        made.publisher(root, "participating-org", context, role=role)


def _sectors(children: ProjectQuerySet) -> dict[str, Decimal]:
    """Those of its open projects by what was approved, to exactly 100 %; peace-building before there are any."""
    told = children.open_to_partners().order_by().values("sector_id").annotate(total=Sum("approved_usd"))
    weights: dict[str, Decimal] = {}
    for row in told:
        code = row["sector_id"] or PEACE_BUILDING
        weights[code] = weights.get(code, Decimal(0)) + row["total"]
    return made.whole_shares(dict(sorted(weights.items()))) or {PEACE_BUILDING: Decimal(100)}


def _budget(root: Element, bounds: tuple[dt.date, dt.date], amount: Decimal) -> None:
    element = add(root, "budget", type="1", status="2")
    add(element, "period-start").set("iso-date", bounds[0].isoformat())
    add(element, "period-end").set("iso-date", bounds[1].isoformat())
    made.value(element, amount, bounds[0])


def _incoming(contributions: list[Contribution]) -> Iterator[tuple[str, dt.date, Decimal, Contribution]]:
    for row in contributions:
        yield PLEDGED, row.pledged_on, row.pledged_usd, row
        if row.signed_on:
            yield SIGNED, row.signed_on, row.signed_usd, row
        for receipt in row.receipts.all():
            yield RECEIVED, receipt.received_on, receipt.amount_usd, row


def _transaction(root: Element, kind: str, day: dt.date, amount: Decimal, row: Contribution, context: Context) -> None:
    element = add(root, "transaction", humanitarian="0", ref=row.reference)
    add(element, "transaction-type", code=kind)
    add(element, "transaction-date").set("iso-date", day.isoformat())
    made.value(element, amount, day)
    narrate(add(element, "description"), row.title)
    made.organisation(element, "provider-org", row.donor)
    made.publisher(element, "receiver-org", context)
