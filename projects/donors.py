"""What one donor gave and what it paid for, and the donors together. USD `Decimal(12, 2)`, as the database keeps them.

What of an allocation is paid is `AllocationQuerySet.with_paid`; a project that holds several contributions of one donor
is one project, and its beneficiaries are counted once.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear

from funds.models import Contribution, ContributionReceipt, DonorReport, Organisation
from funds.themes import earmark_words, themes
from projects.models import Allocation, Project
from projects.states import State
from sr_portal.web import clock

ZERO = Decimal(0)
PEOPLE = ("women", "men", "girls", "boys")


@dataclass
class Given:
    """What a donor gave to one mechanism in one currency; `*_usd` in USD, the others in that currency."""

    mechanism: str
    currency: str
    count: int = 0
    pledged: Decimal = ZERO
    signed: Decimal = ZERO
    received: Decimal = ZERO
    pledged_usd: Decimal = ZERO
    signed_usd: Decimal = ZERO
    received_usd: Decimal = ZERO
    allocated_usd: Decimal = ZERO

    @property
    def free_usd(self) -> Decimal:
        return self.signed_usd - self.allocated_usd

    def add(self, row: Contribution) -> None:
        """An annulled pledge is no promise any more."""
        if row.withdrawn_on:
            return
        self.count += 1
        self.pledged += row.pledged_amount
        self.signed += row.signed_amount or ZERO
        self.received += row.received_amount
        for name in ("pledged_usd", "signed_usd", "received_usd", "allocated_usd"):
            setattr(self, name, getattr(self, name) + (getattr(row, name) or ZERO))


@dataclass
class PaidFor:
    """A project as this donor's money knows it: what it holds of that money, what of it is paid, and its share."""

    project_id: int
    reference: str
    title: str
    state: State
    region: str
    reserved_usd: Decimal
    people: dict[str, int]
    readable: bool
    contributions: list[str] = field(default_factory=list)
    amount_usd: Decimal = ZERO
    paid_usd: Decimal = ZERO

    @property
    def share(self) -> Decimal | None:
        """Percent of what the project holds in all, to one place."""
        return round(self.amount_usd * 100 / self.reserved_usd, 1) if self.reserved_usd else None

    @property
    def is_shared(self) -> bool:
        return self.amount_usd < self.reserved_usd

    @property
    def beneficiaries(self) -> int:
        return sum(self.people.values())


@dataclass
class Tally:
    """Projects of one region or in one state."""

    label: object
    projects: int = 0
    amount_usd: Decimal = ZERO
    paid_usd: Decimal = ZERO

    def add(self, row: PaidFor) -> None:
        self.projects += 1
        self.amount_usd += row.amount_usd
        self.paid_usd += row.paid_usd


@dataclass(frozen=True)
class Year:
    year: int
    signed_usd: Decimal
    received_usd: Decimal


@dataclass
class DonorFile:
    donor: Organisation
    contributions: list[Contribution]
    given: list[Given]
    projects: list[PaidFor]  # the largest sum first, those beyond the reader's scope too
    years: list[Year]

    @property
    def readable(self) -> list[PaidFor]:
        return [row for row in self.projects if row.readable]

    @property
    def hidden(self) -> Tally:
        """Those that the reader may not read, in one sum."""
        tally = Tally("")
        for row in self.projects:
            if not row.readable:
                tally.add(row)
        return tally

    @property
    def total(self) -> Given:
        """In USD: currencies do not add up."""
        total = Given("", "USD")
        for row in self.contributions:
            total.add(row)
        return total

    @property
    def paid_usd(self) -> Decimal:
        return sum((row.paid_usd for row in self.projects), ZERO)

    @property
    def people(self) -> dict[str, int]:
        return {name: sum(row.people[name] for row in self.projects) for name in PEOPLE}

    @property
    def beneficiaries(self) -> int:
        return sum(self.people.values())

    @property
    def shared(self) -> int:
        return sum(row.is_shared for row in self.projects)

    @property
    def by_region(self) -> list[Tally]:
        return tallies(self.projects, lambda row: row.region)

    @property
    def by_state(self) -> list[Tally]:
        rank = {state: number for number, state in enumerate(State)}
        found = tallies(self.projects, lambda row: row.state)
        return sorted(found, key=lambda tally: rank[tally.label])  # type: ignore[index]


def tallies(rows: Iterable[PaidFor], key) -> list[Tally]:
    """The largest amount first."""
    found: dict[object, Tally] = {}
    for row in rows:
        found.setdefault(key(row), Tally(key(row))).add(row)
    return sorted(found.values(), key=lambda tally: -tally.amount_usd)


def donor_file(donor: Organisation, user) -> DonorFile:
    """Everything that the money of a donor says; four queries."""
    rows = list(
        donor.contributions.select_related("mechanism", "region")
        .defer("region__outline")
        .order_by("-pledged_on", "-pk")
    )
    named = themes()
    given: dict[tuple[str, str], Given] = {}
    for row in rows:
        row.earmark = earmark_words(row.region.name if row.region else "", row.theme, named)
        given.setdefault((row.mechanism_id, row.currency), Given(row.mechanism.name, row.currency)).add(row)
    return DonorFile(
        donor, rows, [line for line in given.values() if line.count], projects_of(donor, user), _years(donor, rows)
    )


def projects_of(donor: Organisation, user) -> list[PaidFor]:
    """The projects that hold money of the donor, the largest sum first; one query."""
    readable = Project.objects.visible_to(user).filter(pk=OuterRef("project_id"))
    people = {name: F(f"project__direct_{name}") for name in PEOPLE}
    held = Allocation.objects.filter(contribution__donor=donor).with_paid().order_by().annotate(seen=Exists(readable))
    rows = held.values(
        "project_id", "amount_usd", "paid_usd", "seen", "contribution__reference", "project__reference",
        "project__title", "project__state", "project__region__name", "project__reserved_usd", **people,
    )  # fmt: skip
    found: dict[int, PaidFor] = {}
    for row in rows:
        one = found.setdefault(
            row["project_id"],
            PaidFor(
                row["project_id"], row["project__reference"] or "", row["project__title"],
                State(row["project__state"]), row["project__region__name"], row["project__reserved_usd"],
                {name: row[name] for name in PEOPLE}, row["seen"],
            ),
        )  # fmt: skip
        one.contributions.append(row["contribution__reference"])
        one.amount_usd += row["amount_usd"]
        one.paid_usd += row["paid_usd"]
    return sorted(found.values(), key=lambda row: (-row.amount_usd, row.project_id))


def _years(donor: Organisation, contributions: list[Contribution]) -> list[Year]:
    """Calendar years from the first signature or transfer to this one; one query."""
    signed: dict[int, Decimal] = defaultdict(Decimal)
    for row in contributions:
        if row.signed_on:
            signed[row.signed_on.year] += row.signed_usd or ZERO
    came = ContributionReceipt.objects.filter(contribution__donor=donor, cancelled_at=None).order_by()
    by_year = came.values(year=ExtractYear("received_on")).annotate(sum=Sum("amount_usd"))
    received = {row["year"]: row["sum"] for row in by_year}
    known = {*signed, *received}
    if not known:
        return []
    run = range(min(known), max(*known, clock.today().year) + 1)
    return [Year(year, signed.get(year, ZERO), received.get(year, ZERO)) for year in run]


def donors_with_totals() -> QuerySet[Organisation]:
    """The donors with what they pledged, signed and sent (USD), how many projects hold it and how many reports are late.

    Also those that are no donor any more, or were never marked as one, of whom a contribution is kept. Ordered by the
    caller; `signed_usd` is 0 where nothing is signed.
    """
    mine = Contribution.objects.filter(donor=OuterRef("pk")).order_by().values("donor")
    standing = Q(withdrawn_on=None)

    def sum_of(name: str, condition: Q = standing):
        total = mine.filter(condition).annotate(sum=Sum(name)).values("sum")
        return Coalesce(Subquery(total), ZERO, output_field=Contribution._meta.get_field("received_usd"))

    held = Allocation.objects.filter(contribution__donor=OuterRef("pk")).order_by().values("contribution__donor")
    owed = DonorReport.objects.due().filter(contribution__donor=OuterRef("pk")).order_by()
    owed = owed.values("contribution__donor")
    return (
        Organisation.objects.current()
        .filter(Q(is_donor=True) | Exists(mine))
        .annotate(
            pledged_usd=sum_of("pledged_usd"),
            signed_usd=sum_of("signed_usd"),
            received_usd=sum_of("received_usd"),
            allocated_usd=sum_of("allocated_usd"),
            contribution_count=Coalesce(Subquery(mine.filter(standing).annotate(n=Count("pk")).values("n")), 0),
            project_count=Coalesce(Subquery(held.annotate(n=Count("project", distinct=True)).values("n")), 0),
            late_count=Coalesce(Subquery(owed.filter(due_on__lt=clock.today()).annotate(n=Count("pk")).values("n")), 0),
            last_signed_on=Subquery(mine.annotate(last=Max("signed_on")).values("last")),
        )
    )


def totals_of_all() -> dict[str, Decimal]:
    """Of all contributions together, USD; one query."""
    names = ("pledged_usd", "signed_usd", "received_usd", "allocated_usd")
    found = Contribution.objects.filter(withdrawn_on=None).aggregate(**{name: Sum(name) for name in names})
    return {name: found[name] or ZERO for name in names}


def near_reports(donor: Organisation, limit: int) -> list[DonorReport]:
    """Those still due first, by their day; then the last sent. One query."""
    found = DonorReport.objects.of_donor(donor).for_list().annotate(is_due=Q(state="due"))
    waiting, said = [], []
    for report in found.order_by("-is_due", "-due_on", "-pk")[: limit * 2]:
        (waiting if report.state == "due" else said).append(report)
    return [*reversed(waiting), *said][:limit]
