"""Portfolios drawn at random: each project as a few plain facts, and the rows that the portal would hold of it.

Triggers are off while the rows are written, so that thousands of them cost little; then everything that is counted is
counted at once. What is drawn keeps the checks of the tables, and is the truth that a test may compare with.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from hypothesis import strategies as st

from funds.models import Envelope
from projects.models import Agreement, Amendment, Instalment, Payment, Project
from projects.states import GRANTED, RESERVING, SETTLED, State
from regions.models import Cercle, Region
from sr_portal.accounts.models import User
from sr_portal.documents.models import Document

FUNDS = {"QIP": 6, "PBF": 36, "TF": 48}  # code → the longest project drawn, months
YEARS = (2025, 2026)
SECTORS = ("14031", "12230", "15220", None)
LEVELS = ("full", "full", "cercle", "hidden")
MOST = 5_000_000  # cents: the ceiling of a QIP
STATES = [*State, *(3 * [state for state in State if state in GRANTED])]  # those that hold money come more often


@dataclass(frozen=True)
class Tranche:
    """USD. `before` says that it moved before this portal, as an imported file tells it."""

    amount: Decimal
    paid: Decimal
    refunded: Decimal
    before: bool


@dataclass(frozen=True)
class Drawn:
    """One project: where it belongs, what it holds (USD), and how much of it is told. `number` names it."""

    number: int
    fund: str
    region: str
    sector: str | None
    partner: int | None  # rank in the list of partners
    state: State
    year: int  # fiscal, as it starts
    budget: Decimal
    amended: Decimal
    approved: Decimal
    tranches: tuple[Tranche, ...]
    justified: Decimal
    disclosure: str
    has_point: bool
    is_signed: bool
    months: int
    people: tuple[int, int, int, int]

    @property
    def granted(self) -> bool:
        return self.state in GRANTED

    @property
    def paid(self) -> Decimal:
        return sum((one.paid for one in self.tranches), Decimal(0))

    @property
    def refunded(self) -> Decimal:
        return sum((one.refunded for one in self.tranches), Decimal(0))

    @property
    def obligated(self) -> Decimal:
        if self.state in SETTLED:
            return self.paid - self.refunded
        return self.approved if self.granted and self.state != State.APPROVED else Decimal(0)

    @property
    def reserved(self) -> Decimal:
        return self.approved if self.state in RESERVING else self.paid - self.refunded

    @property
    def is_open(self) -> bool:
        """Partners are told something of it."""
        return self.granted and self.disclosure != "hidden"


def cents(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda number: Decimal(number) / 100)


@st.composite
def projects(draw, number: int, regions: tuple[str, ...], partners: int) -> Drawn:
    fund, state = draw(st.sampled_from(sorted(FUNDS))), draw(st.sampled_from(STATES))
    budget = draw(cents(1_00, MOST))
    granted = state in GRANTED
    first = draw(cents(1_00, int(budget * 100))) if granted else Decimal(0)
    amended = Decimal(0)
    if granted and state != State.APPROVED and draw(st.booleans()):
        amended = draw(cents(-int(first * 100) + 1, MOST - int(first * 100)))
    approved = first + amended
    tranches = draw(_tranches(approved)) if granted and state != State.APPROVED else ()
    kept = sum((one.paid - one.refunded for one in tranches), Decimal(0))
    justified = kept if state == State.CLOSED else draw(cents(0, int(kept * 100)))
    return Drawn(
        number, fund, draw(st.sampled_from(regions)), draw(st.sampled_from(SECTORS)),
        draw(st.integers(0, partners - 1) if granted else st.none() | st.integers(0, partners - 1)), state, draw(st.sampled_from(YEARS)), budget, amended, approved,
        tranches, justified, draw(st.sampled_from(LEVELS)) if granted else "full", draw(st.booleans()), draw(st.booleans()),
        draw(st.integers(1, FUNDS[fund])), draw(st.tuples(*[st.integers(0, 900)] * 4)),
    )  # fmt: skip


@st.composite
def _tranches(draw, approved: Decimal) -> tuple[Tranche, ...]:
    """One to three that come to the approved amount, each paid in part or in whole, or not yet."""
    made, left = [], int(approved * 100)
    for rank in range(3):
        part = left if rank == 2 else draw(st.integers(1, left))
        paid = draw(st.just(part) | st.integers(0, part))
        refunded = draw(st.integers(0, paid))
        amounts = (Decimal(number) / 100 for number in (part, paid, refunded))
        made.append(Tranche(*amounts, before=draw(st.booleans())))
        left -= part
        if not left:
            break
    return tuple(made)


def portfolios(regions: tuple[str, ...], partners: int, least: int, most: int) -> st.SearchStrategy[list[Drawn]]:
    numbers = st.integers(least, most)
    return numbers.flatmap(
        lambda count: st.tuples(*(projects(rank, regions, partners) for rank in range(count))).map(list)
    )


# --- The rows of it -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Ground:
    """What is there before: who writes, who receives, a paper that proves refunds."""

    author: User
    partners: list[int]
    proof: Document


@contextmanager
def unguarded() -> Iterator[None]:
    """No trigger and no foreign key is looked at; of the transaction under way alone. Then all is counted anew."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SELECT rebuild_facts()")


def write(drawn: list[Drawn], ground: Ground) -> dict[int, int]:
    """The key of each project by its number."""
    with unguarded():
        places = {region.code: region for region in Region.objects.defer("outline")}
        cercles = dict(Cercle.objects.values_list("region__code", "pk"))
        envelopes = {
            (fund, year): Envelope.objects.get_or_create(
                mechanism_id=fund, fiscal_year=year, defaults={"amount_usd": Decimal(900_000_000)}
            )[0].pk
            for fund, year in {(one.fund, one.year) for one in drawn}
        }
        made = Project.objects.bulk_create(
            [_project(one, ground, places[one.region], cercles.get(one.region), envelopes) for one in drawn]
        )
        keys = {one.number: project.pk for one, project in zip(drawn, made, strict=True)}
        for one in drawn:
            _money(one, keys[one.number], ground)
    return keys


def _day(one: Drawn) -> dt.date:
    return dt.date(one.year, 9, 15)  # of the same fiscal year, whichever month it starts in


def _moment(one: Drawn) -> dt.datetime:
    return dt.datetime.combine(_day(one), dt.time(12), dt.UTC)


def _project(one: Drawn, ground: Ground, place: Region, cercle: int | None, envelopes: dict) -> Project:
    granted, told = one.granted, one.disclosure != "full"
    values = dict(zip(("direct_women", "direct_men", "direct_girls", "direct_boys"), one.people, strict=True))
    if granted:
        values |= {
            "envelope_id": envelopes[one.fund, one.year], "published_on": _day(one), "starts_on": _day(one),
            "iati_identifier": f"XM-DAC-41310-{one.number}", "recommended_usd": one.approved - one.amended,
            "approved_usd": one.approved, "amended_usd": one.amended, "reserved_usd": one.reserved, "paid_usd": one.paid,
            "refunded_usd": one.refunded, "justified_usd": one.justified,
        }  # fmt: skip
    if told:
        values |= {"disclosure_reason": "Menaces.", "disclosed_by": ground.author, "disclosed_at": _moment(one)}
    if one.has_point:
        values |= {"latitude": Decimal("16.27100"), "longitude": Decimal("-0.04500")}
    return Project(
        title=f"Projet n° {one.number}", reference=f"{one.fund}-{one.number}", mechanism_id=one.fund, state=one.state,
        state_since=_moment(one), created_at=_moment(one), updated_at=_moment(one), submitted_at=_moment(one),
        author=ground.author, region=place, cercle_id=cercle, sector_id=one.sector, budget_usd=one.budget,
        partner_id=None if one.partner is None else ground.partners[one.partner], duration_months=one.months,
        disclosure=one.disclosure, **values,
    )  # fmt: skip


def _money(one: Drawn, key: int, ground: Ground) -> None:
    """The agreement with its amendment, the tranches, what was paid of them and what came back."""
    if one.amended:
        Amendment.objects.create(
            project_id=key, number=1, state="approved", reason="Plus.", budget_delta_usd=one.amended,
            written_by=ground.author, decided_by_id=ground.author.pk + 1, decided_at=_moment(one),
        )  # fmt: skip
    if one.is_signed and one.tranches:
        Agreement.objects.create(
            project_id=key, number=f"PA-{one.number}", starts_on=_day(one), prepared_by=ground.author, signed_by=ground.author,
            signed_at=_moment(one), partner_signed_on=_day(one), mission_signed_on=_day(one),
        )  # fmt: skip
    for rank, tranche in enumerate(one.tranches, 1):
        before = tranche.before and tranche.paid > 0
        row = Instalment.objects.create(
            project_id=key, position=rank, amount_usd=tranche.amount, paid_usd=tranche.paid, refunded_usd=tranche.refunded,
            imported_paid_usd=tranche.paid if before else 0, imported_refunded_usd=tranche.refunded if before else 0,
            state="authorised", requested_by=ground.author, requested_at=_moment(one),
            authorised_by_id=ground.author.pk + 1, authorised_at=_moment(one),
        )  # fmt: skip
        for kind, amount in (("payment", tranche.paid), ("refund", -tranche.refunded)):
            if amount and not before:
                Payment.objects.create(
                    instalment=row, kind=kind, reference=f"{kind}-{one.number}-{rank}", paid_on=_day(one), amount_usd=amount,
                    recorded_by=ground.author, proof=ground.proof,
                )  # fmt: skip
