"""What the money page of a project shows: figures, instalments with their steps and gates, lines, entries."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.models import AgreedLine, Instalment, InstalmentState, Payment, Project, Receipt, ReceiptState
from projects.money_access import MENDS
from projects.money_querysets import facts_of
from projects.money_steps import INSTALMENT_STEPS, MoneyStep
from projects.recipients import Share, shares_of
from projects.rules.gates import Facts, Gate, closed_gates
from projects.services.payments import refundable_usd
from projects.states import ENDED, State
from sr_portal.web.templatetags.portal import usd

from .money_doors import gate_url

ZERO = Decimal(0)
# Only when there is something to act upon: a button that could never be pressed is not shown at all.
STARTS = {
    "settle": lambda instalment: instalment.paid_usd > 0,
    "send_back": lambda instalment: not instalment.paid_usd,
    "refund": lambda instalment: refundable_usd(instalment) > 0,
}
UNDER_WAY = (InstalmentState.PLANNED, InstalmentState.REQUESTED, InstalmentState.AUTHORISED)
ROUTES = {name: f"projects:instalment_{name}" for name in INSTALMENT_STEPS}


@dataclass(frozen=True)
class Figure:
    """A sum of the project, USD, and where its parts are."""

    label: str
    amount: Decimal
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Action:
    """A step that concerns this reader; `reasons` say why it cannot be taken, none when it can."""

    step: MoneyStep
    url: str
    reasons: list[str]


@dataclass(frozen=True)
class ClosedGate:
    """What holds an instalment back; `mends` says whether this reader deals with it on the page that `url` opens."""

    reason: str
    url: str
    mends: bool

    @classmethod
    def of(cls, gate: Gate, user, project: Project) -> "ClosedGate":
        return cls(str(gate.reason), gate_url(gate, project), MENDS[gate.code](user, project))


@dataclass
class Pieces:
    """Receipts of an instalment or of a line that are not accepted, or not yet."""

    waiting: int = 0
    waiting_usd: Decimal = ZERO


@dataclass
class Tranche:
    """An instalment as the page shows it."""

    instalment: Instalment
    gates: list[ClosedGate]
    actions: list[Action]
    entries: list[Payment] = field(default_factory=list)
    pieces: Pieces = field(default_factory=Pieces)
    is_ended: bool = False  # the project is closed or cancelled: nothing more will be paid

    @property
    def shares(self) -> list[Share]:
        """What each organisation receives of it; empty when the lead is alone."""
        return shares_of(self.instalment.project, self.instalment.amount_usd)

    @property
    def unpaid_usd(self) -> Decimal:
        """What may still be paid of it."""
        return ZERO if self.is_ended else self.instalment.unpaid_usd

    @property
    def was_never_asked(self) -> bool:
        return self.is_ended and self.instalment.state == InstalmentState.PLANNED

    @property
    def net_usd(self) -> Decimal:
        return self.instalment.paid_usd - self.instalment.refunded_usd

    @property
    def to_justify_usd(self) -> Decimal:
        return max(self.net_usd - self.instalment.justified_usd, ZERO)

    @property
    def shown_justified_usd(self) -> Decimal:
        """Of what was paid; receipts may be ahead of it."""
        return min(self.instalment.justified_usd, self.net_usd)

    @property
    def is_under_way(self) -> bool:
        return self.instalment.state in UNDER_WAY


@dataclass(frozen=True)
class LineRow:
    line: AgreedLine
    pieces: Pieces

    @property
    def percent(self) -> int:
        return int(self.line.spent_usd * 100 / self.line.amount_usd) if self.line.amount_usd else 0

    @property
    def is_over(self) -> bool:
        return self.line.spent_usd > self.line.amount_usd


@dataclass(frozen=True)
class MoneyPage:
    tranches: list[Tranche]
    lines: list[LineRow]
    entries: list[Payment]
    facts: Facts

    @classmethod
    def of(cls, user, project: Project) -> "MoneyPage":
        """In a constant number of queries."""
        plan = list(project.instalments.for_page())
        for instalment in plan:
            instalment.project = project
        entries = list(Payment.objects.filter(instalment__project=project).for_page().order_by("paid_on", "pk"))
        by_instalment, by_line = _pieces(project)
        reader = Reader(user, project, plan)
        tranches = [
            Tranche(
                instalment,
                reader.gates(instalment),
                reader.actions(instalment),
                [entry for entry in entries if entry.instalment_id == instalment.pk],
                by_instalment[instalment.pk],
                State(project.state) in ENDED,
            )
            for instalment in plan
        ]
        lines = [LineRow(line, by_line[line.pk]) for line in project.agreed_lines.all()]
        return cls(tranches, lines, entries, reader.facts)

    @property
    def unpaid_usd(self) -> Decimal:
        return sum((tranche.unpaid_usd for tranche in self.tranches), ZERO)

    @property
    def waiting_usd(self) -> Decimal:
        return sum((tranche.pieces.waiting_usd for tranche in self.tranches), ZERO)

    @property
    def to_justify_usd(self) -> Decimal:
        return sum((tranche.to_justify_usd for tranche in self.tranches), ZERO)

    @property
    def net_usd(self) -> Decimal:
        return sum((tranche.net_usd for tranche in self.tranches), ZERO)

    @property
    def lines_total(self) -> dict[str, Decimal]:
        approved = sum((row.line.amount_usd for row in self.lines), ZERO)
        spent = sum((row.line.spent_usd for row in self.lines), ZERO)
        return {"amount": approved, "spent": spent, "left": approved - spent}


def _pieces(project: Project) -> tuple[dict[int, Pieces], dict[int, Pieces]]:
    """The receipts to be verified, by instalment and by line; one query."""
    by_instalment: dict[int, Pieces] = defaultdict(Pieces)
    by_line: dict[int, Pieces] = defaultdict(Pieces)
    waiting = Receipt.objects.filter(instalment__project=project, state=ReceiptState.SUBMITTED).order_by()
    for row in waiting.values("instalment_id", "line_id").annotate(count=Count("pk"), sum=Sum("amount_usd")):
        for pieces in (by_instalment[row["instalment_id"]], by_line[row["line_id"]]):
            pieces.waiting += row["count"]
            pieces.waiting_usd += row["sum"]
    return by_instalment, by_line


class Reader:
    """What one reader may do with the instalments of one project; the facts and the bars are asked for once."""

    def __init__(self, user, project: Project, plan: list[Instalment]) -> None:
        self.user, self.project, self.plan = user, project, plan
        self.steps = [step for step in INSTALMENT_STEPS.values() if step.role(user, project)]
        self.barred = self.steps[0].bars_of_project(user, project) if self.steps else []  # the same for each of them
        self.facts = facts_of(project)

    def closed(self, instalment: Instalment) -> list[Gate]:
        return closed_gates(self.facts, self.plan, instalment.position)

    def gates(self, instalment: Instalment) -> list[ClosedGate]:
        if instalment.state not in UNDER_WAY or State(self.project.state) in ENDED:
            return []
        return [ClosedGate.of(gate, self.user, self.project) for gate in self.closed(instalment)]

    def actions(self, instalment: Instalment) -> list[Action]:
        """The steps that start from where the instalment is, for a reader whose role opens them."""
        ended = State(self.project.state) in ENDED
        return [
            Action(step, self.url(step, instalment), self.reasons(step, instalment))
            for step in self.steps
            if (not ended or State(self.project.state) in step.projects)
            and (not step.states or instalment.state in step.states)
            and STARTS.get(step.name, lambda _instalment: True)(instalment)
        ]

    def url(self, step: MoneyStep, instalment: Instalment) -> str:
        return reverse(ROUTES[step.name], args=[self.project.pk, instalment.position])

    def reasons(self, step: MoneyStep, instalment: Instalment) -> list[str]:
        """Bars first; the gates themselves are listed beside, so that their number is enough on the button."""
        bars = self.barred + step.bars_of_record(self.user, instalment)
        if bars:
            return [str(reason) for reason in bars]
        closed = self.closed(instalment) if step.gated else []
        reasons = step.reasons_not_now(self.project, instalment, closed)
        if closed and len(reasons) == len(closed):
            return [_("Elle est encore retenue : voyez ci-dessus ce qui manque.")]
        return [str(reason) for reason in reasons]


def figures(project: Project, page: MoneyPage) -> list[Figure]:
    """Approved, obligated, paid, justified, refunded, left; each leads to what it is made of."""
    receipts = reverse("projects:receipts", args=[project.pk])
    net = project.paid_usd - project.refunded_usd
    gap = net - project.justified_usd
    shown = [
        Figure(_("Approuvé"), project.approved_usd or ZERO, "#lignes"),
        Figure(_("Engagé"), project.obligated_usd, "#tranches"),
        Figure(_("Payé"), project.paid_usd, "#ecritures"),
        Figure(_("Remboursé"), project.refunded_usd, "#ecritures"),
        Figure(_("Justifié"), project.justified_usd, f"{receipts}?etat=accepted"),
        Figure(_("Pièces à vérifier"), page.waiting_usd, f"{receipts}?etat=submitted"),
    ]
    if page.facts.counts != "justified":
        reports = reverse("projects:reports", args=[project.pk])
        told = _("selon le dernier rapport accepté")
        shown.append(Figure(_("Dépensé ou engagé"), page.facts.declared_usd, reports, told))
    if State(project.state) == State.CANCELLED:
        return [
            *shown,
            Figure(_("À rembourser"), max(gap, ZERO), "#tranches", _("payé, ni justifié ni remboursé")),
            Figure(_("Rendu à l’enveloppe"), (project.approved_usd or ZERO) - net, "#ecritures"),
        ]
    ahead = _("%(amount)s justifiés d’avance") % {"amount": usd(-gap)} if gap < 0 else ""
    return [
        *shown,
        Figure(_("Reste à justifier"), max(gap, ZERO), "#tranches", ahead),
        Figure(_("Reste à payer"), page.unpaid_usd, "#tranches"),
    ]
