"""The gates of an instalment, for people: what holds it back and where it is mended (domain guide §7).

PostgreSQL asks the same, in the same order, whoever writes: the function `instalment_gate`. USD, two decimals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.states import PAYABLE, State
from sr_portal.web.templatetags.portal import number, usd

from .plan import part_of

Words = str | Promise
PAID = frozenset({"paid", "justified"})
FINAL_REPORTS = {
    "final_narrative": _("Le rapport narratif final n’est pas accepté."),
    "final_financial": _("Le rapport financier final n’est pas accepté."),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a project when its instalments are judged; `share` is in percent."""

    state: State
    signed: bool  # the agreement, by both
    bank_verified: bool
    blocking_finding: bool  # one is open
    visited: bool  # at least one visit was made
    final_reports: frozenset[str]  # the kinds accepted, of `FINAL_REPORTS`
    reported_up_to: (
        int  # position of the last instalment on which a report is accepted, interim or periodic; 0 for none
    )
    justified_usd: Decimal  # accepted receipts of the whole project
    share: Decimal  # to be justified, or spent or committed, before the next instalment
    counts: str = "justified"  # which of both: the mechanism's `next_tranche_counts`
    declared_usd: Decimal = Decimal(0)  # spent or committed, by the last accepted report that says so
    last_held: bool = True  # the last instalment waits for the final reports

    @property
    def counted_usd(self) -> Decimal:
        """What stands against the share: receipts prove what they cover, whatever was declared."""
        return self.justified_usd if self.counts == "justified" else max(self.justified_usd, self.declared_usd)


class Tranche(Protocol):
    """What is read of each instalment of the plan."""

    position: int
    state: str
    paid_usd: Decimal
    refunded_usd: Decimal


@dataclass(frozen=True)
class Gate:
    """A closed gate: `code` as the database says it, the reason, and the route of the page where it is mended."""

    code: str
    reason: Words
    route: str


@dataclass(frozen=True)
class Question:
    """An instalment in its plan, and the facts of its project."""

    facts: Facts
    plan: Sequence[Tranche]
    position: int

    @property
    def before(self) -> list[Tranche]:
        return [other for other in self.plan if other.position < self.position]

    @property
    def is_first(self) -> bool:
        return not self.before

    @property
    def is_last(self) -> bool:
        return all(other.position <= self.position for other in self.plan)

    @property
    def is_held_to_the_end(self) -> bool:
        return self.is_last and self.facts.last_held

    @property
    def paid_before_usd(self) -> Decimal:
        """Paid for the earlier instalments, refunds deducted."""
        return sum((other.paid_usd - other.refunded_usd for other in self.before), Decimal(0))

    @property
    def to_justify_usd(self) -> Decimal:
        """How much of it must be justified, or spent or committed, before this instalment, to the cent."""
        return part_of(self.paid_before_usd, self.facts.share)


Reason = Words | None


def state(asked: Question) -> Reason:
    if asked.facts.state in PAYABLE:
        return None
    return format_lazy(_("Le projet est à l’état « {state} »."), state=asked.facts.state.label)


def agreement(asked: Question) -> Reason:
    return None if asked.facts.signed else _("Le protocole d’accord n’est pas signé par les deux parties.")


def bank(asked: Question) -> Reason:
    if asked.facts.bank_verified:
        return None
    return _("Les coordonnées bancaires du partenaire ne sont pas vérifiées par les finances.")


def order(asked: Question) -> Reason:
    waiting = [other.position for other in asked.before if other.state not in PAID]
    if not waiting:
        return None
    return format_lazy(_("La tranche {position} doit d’abord être payée."), position=min(waiting))


def finding(asked: Question) -> Reason:
    return _("Un constat bloquant reste ouvert.") if asked.facts.blocking_finding else None


def final_report(asked: Question) -> Reason:
    if asked.is_first or not asked.is_held_to_the_end:
        return None
    lacking = [reason for kind, reason in FINAL_REPORTS.items() if kind not in asked.facts.final_reports]
    if len(lacking) == len(FINAL_REPORTS):
        return _("Les rapports finaux, narratif et financier, ne sont pas acceptés.")
    return lacking[0] if lacking else None


def report(asked: Question) -> Reason:
    if asked.is_first or asked.is_held_to_the_end or "final_narrative" in asked.facts.final_reports:
        return None
    if asked.facts.reported_up_to >= asked.position - 1:
        return None
    return format_lazy(
        _("Le rapport intermédiaire sur la tranche {position} n’est pas accepté."), position=asked.position - 1
    )


def justified(asked: Question) -> Reason:
    if asked.is_first or asked.facts.counts != "justified" or asked.facts.counted_usd >= asked.to_justify_usd:
        return None
    return format_lazy(
        _("{share}\u00a0%\u00a0de ce qui est déjà payé doit être justifié, soit {wanted} ; les pièces acceptées font {found}."),
        share=number(asked.facts.share), wanted=usd(asked.to_justify_usd), found=usd(asked.facts.justified_usd),
    )  # fmt: skip


def spent(asked: Question) -> Reason:
    if asked.is_first or asked.facts.counts == "justified" or asked.facts.counted_usd >= asked.to_justify_usd:
        return None
    return format_lazy(
        _("{share}\u00a0%\u00a0de ce qui est déjà payé doit être dépensé ou engagé, soit {wanted} ; le dernier rapport accepté et les pièces en montrent {found}."),
        share=number(asked.facts.share), wanted=usd(asked.to_justify_usd), found=usd(asked.facts.counted_usd),
    )  # fmt: skip


def visit(asked: Question) -> Reason:
    return None if asked.is_first or asked.facts.visited else _("Aucune visite de suivi n’est faite.")


# In the order in which the database asks: code → (the question, the route of the page where it is mended).
GATES: dict[str, tuple[Callable[[Question], Reason], str]] = {
    "state": (state, "projects:detail"),
    "agreement": (agreement, "projects:agreement"),
    "bank": (bank, "funds:bank_accounts"),
    "order": (order, "projects:money"),
    "finding": (finding, "projects:visits"),
    "final_report": (final_report, "projects:reports"),
    "report": (report, "projects:reports"),
    "justified": (justified, "projects:receipts"),
    "spent": (spent, "projects:reports"),
    "visit": (visit, "projects:visits"),
}


def closed_gates(facts: Facts, plan: Sequence[Tranche], position: int) -> list[Gate]:
    """Everything that holds the instalment at `position` back, none when it may go on; the first is the database's."""
    asked = Question(facts, plan, position)
    answers = ((code, ask(asked), route) for code, (ask, route) in GATES.items())
    return [Gate(code, reason, route) for code, reason, route in answers if reason is not None]
