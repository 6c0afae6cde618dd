"""What people do to a project from its agreement to its closure, each by the real service, for random histories.

An act takes the project, who does it and `size`, 1 to 120 percent, for its amounts and choices; it raises what its
service raises. `Skip` says that there is nothing to act upon.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from funds.services import bank
from projects.models import Instalment, Payment, Project, Receipt
from projects.rules.amounts import in_xof
from projects.services import (
    amendments,
    budget_moves,
    completion,
    findings,
    instalments,
    payments,
    receipts,
    reports,
    visit_reports,
    visits,
)
from projects.services import implementation as steps
from sr_portal.web import clock
from tests.factories import amendments as amending
from tests.factories import bank as banking
from tests.factories import money
from tests.factories.projects import fresh

from .visiting import photo, report_values

RATE = Decimal("601.3457")
REASON = "Constaté sur place."
TEXTS = ("done", "next_steps", "confidence", "inclusion", "sustainability", "visibility", "lessons", "spending")


class Skip(Exception):
    """Nothing of the kind is there to act upon."""


def part(amount: Decimal, size: int) -> Decimal:
    """`size` percent of it, a cent at least."""
    return max((amount * size / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), Decimal("0.01"))


def pick(rows, size: int):
    """One of the rows, which one depends on `size`."""
    found = list(rows)
    if not found:
        raise Skip
    return found[size % len(found)]


def tranche(project: Project, *states: str, size: int = 0) -> Instalment:
    """The first instalment in one of these states, or any other now and then."""
    plan = list(project.instalments.all())
    if size % 7 == 6:
        return pick(plan, size)
    return next((row for row in plan if row.state in states), plan[-1])


# --- The project ----------------------------------------------------------------------------------------------------
def sign(project, user, size):
    steps.sign_agreement(project=project, user=user)


def start(project, user, size):
    steps.start(project=project, user=user, note=REASON)


def suspend(project, user, size):
    steps.suspend(project=project, user=user, note=REASON)


def resume(project, user, size):
    steps.resume(project=project, user=user, note=REASON)


def cancel(project, user, size):
    steps.cancel(project=project, user=user, note=REASON)


def complete(project, user, size):
    steps.complete(project=project, user=user)


def close(project, user, size):
    steps.close(project=project, user=user)


# --- Money ----------------------------------------------------------------------------------------------------------
def request(project, user, size):
    instalments.request(instalment=tranche(project, "planned", size=size), user=user, note=REASON)


def authorise(project, user, size):
    instalments.authorise(instalment=tranche(project, "requested", size=size), user=user)


def send_back(project, user, size):
    instalments.send_back(instalment=tranche(project, "requested", "authorised", size=size), user=user, reason=REASON)


def settle(project, user, size):
    instalments.settle(instalment=tranche(project, "authorised", size=size), user=user, reason=REASON)


def pay(project, user, size):
    instalment = tranche(project, "authorised", size=size)
    amount = part(instalment.unpaid_usd or Decimal(100), size if size < 50 else 100 if size < 110 else size)
    if size % 3 == 0:
        moved = money.movement(in_xof(amount, RATE), currency="XOF", rate=RATE, rate_on=clock.today())
    else:
        moved = money.movement(amount, **({"reference": "VIR-DE-TOUS"} if size % 5 == 4 else {}))
    payments.pay(instalment=instalment, user=user, movement=moved)


def refund(project, user, size):
    paid = [row for row in project.instalments.all() if row.paid_usd]
    instalment = pick(paid, size)
    amount = part(payments.refundable_usd(instalment) or Decimal(1), size)
    payments.refund(instalment=instalment, user=user, movement=money.movement(amount), proof=money.upload())


def reverse(project, user, size):
    entry = pick(Payment.objects.filter(instalment__project=project), size)
    payments.reverse(payment=entry, user=user, reason=REASON)


def enter(project, user, size):
    paid = [row for row in project.instalments.all() if row.paid_usd] or list(project.instalments.all())
    instalment = pick(paid, size)
    line = pick(project.agreed_lines.all(), size)
    amount = part(instalment.amount_usd, size)
    left = instalment.paid_usd - instalment.refunded_usd - instalment.justified_usd
    if size > 60 and left > 0:
        amount = left
    receipts.enter(instalment=instalment, line=line, user=user, piece=money.piece(amount), document=money.upload())


def _piece(project, state: str, size: int) -> Receipt:
    return pick(Receipt.objects.filter(instalment__project=project, state=state), size)


def accept(project, user, size):
    receipts.accept(receipt=_piece(project, "submitted", size), user=user)


def reject(project, user, size):
    receipts.reject(receipt=_piece(project, "accepted" if size % 2 else "submitted", size), user=user, reason=REASON)


def justify(project, user, size):
    """What is paid and not yet covered, instalment by instalment: entered, to be accepted by another."""
    for instalment in project.instalments.all():
        left = instalment.paid_usd - instalment.refunded_usd - instalment.justified_usd
        if left > 0:
            line = project.agreed_lines.first()
            receipts.enter(
                instalment=instalment, line=line, user=user, piece=money.piece(left), document=money.upload()
            )
            return
    raise Skip


def retire_account(project, user, size):
    account = pick(project.partner.bank_accounts.filter(status="verified"), size)
    bank.retire(by=user, account=account, reason="Compte fermé")


def verify_account(project, user, size):
    """A new account, entered by the focal point and verified by `user`."""
    if project.partner.bank_accounts.filter(status="verified").exists():
        raise Skip
    count = project.partner.bank_accounts.count()
    account = banking.entered(
        project.partner, by=project.author, account_number=banking.rib(5000 + project.pk * 50 + count)
    )
    bank.read_number(by=user, account=account, reason=banking.REASON)
    bank.verify(by=user, account=account)


# --- Follow-up ------------------------------------------------------------------------------------------------------
def visit(project, user, size):
    planned = pick(project.visits.filter(state="planned"), size)
    if size % 4 == 3:
        visits.cancel(visit=planned, user=user, reason=REASON, replaced_on=clock.today() + dt.timedelta(days=7))
        return
    sizes = {"before": (64, 48), "after": (80, 60)}  # two pictures: the same one twice is kept once
    taken = [visit_reports.NewPhoto(photo(f"{stage}.jpg", shape), stage) for stage, shape in sizes.items()]
    visit_reports.report(
        visit=planned, user=user, version=planned.version, values=report_values(),
        photos=taken if planned.kind == "final" else (),
    )  # fmt: skip


def find(project, user, size):
    severity = ("minor", "major", "blocking")[size % 3]
    new = findings.NewFinding("Fissure au mur nord.", clock.today() + dt.timedelta(days=9), severity)
    findings.add_finding(project=project, user=user, new=new)


def mend(project, user, size):
    findings.close_finding(finding=pick(project.findings.filter(closed_at=None), size), user=user, note=REASON)


def write_report(project, user, size):
    """Opened, filled and submitted by its author."""
    kinds = ["interim", "interim", "final_narrative", "final_financial"]
    kind = kinds[size % 4]
    paid = [row for row in project.instalments.all() if row.paid_usd]
    instalment = pick(paid, size) if kind == "interim" else None
    _submit(project, user, kind, instalment)


def _submit(project, user, kind: str, instalment: Instalment | None) -> None:
    report = reports.open_report(project=project, user=user, kind=kind, instalment=instalment)
    typed = reports.stored_values(report)
    typed |= {name: "Texte écrit par les auteurs." for name in TEXTS if name in typed}
    typed |= {name: Decimal(1) for name in typed if name.startswith("value_")}
    typed |= {"period_from": clock.today() - dt.timedelta(days=30), "period_to": clock.today()}
    if "reached_women" in typed:
        typed["reached_women"] = 12
    report = reports.save(report=report, user=user, version=report.version, values=typed)
    reports.submit(report=report, user=user, version=report.version)


def report_due(project, user, size):
    """The next report that the road asks for."""
    written = {(row.kind, row.instalment_id) for row in project.reports.filter(state__in=["submitted", "accepted"])}
    plan = list(project.instalments.all())
    for row in plan[:-1]:
        if row.paid_usd and ("interim", row.pk) not in written:
            return _submit(project, user, "interim", row)
    for kind in ("final_narrative", "final_financial"):
        if (kind, None) not in written:
            return _submit(project, user, kind, None)
    raise Skip


def judge_report(project, user, size):
    report = pick(project.reports.filter(state="submitted"), size)
    if size % 5 == 4:
        reports.send_back(report=report, user=user, version=report.version, text="Précisez.")
    else:
        reports.accept(report=report, user=user, version=report.version)


# --- Amendments and lines -------------------------------------------------------------------------------------------
def amend(project, user, size):
    now = amending.content(project)
    if not (now["lines"] and now["instalments"]):  # no agreement yet, or all of it asked for: nothing to fill in
        raise Skip
    by = Decimal(size - 60) * 50  # from -2,950 to +3,000 USD
    amendment = amendments.save(
        project=project, user=user, reason=REASON, after=amending.raised(project, str(by or 50))
    )
    amendments.submit(project=project, user=user, amendment=amendment)


def decide_amendment(project, user, size):
    amendment = pick(project.amendments.filter(state="submitted"), size)
    if size % 4 == 3:
        amendments.refuse(project=project, user=user, amendment=amendment, note=REASON)
    else:
        amendments.approve(project=project, user=user, amendment=amendment)


def move_lines(project, user, size):
    lines = list(project.agreed_lines.all())
    if len(lines) < 2:
        raise Skip
    source, target = (lines if size % 2 else lines[::-1])[:2]
    amount = part(source.baseline_usd, size // 6 + 1)
    budget_moves.move(project=project, user=user, source=source, target=target, amount_usd=amount, reason=REASON)


# --- Reception ------------------------------------------------------------------------------------------------------
def receive(project, user, size):
    values = {
        "held_on": clock.today(), "place": "Ansongo", "owner": "Commune d’Ansongo", "owner_signatory": "Le maire",
        "maintained_by": "Comité de gestion", "attendees": "", "works": "Un forage équipé.", "reservations": "",
        "reservations_due_on": None,
    }  # fmt: skip
    handover = completion.record_handover(project=project, user=user, kind="provisional", values=values, base="")
    completion.file_signed_copy(handover=handover, user=fresh(user), upload=money.upload("PV signé.pdf"))


def evaluate(project, user, size):
    values = {
        "confidence": 4, "need_met": 4, "quality": 4, "inclusion": 3, "visibility": 5, "perception": "Bien accueilli.",
        "people_asked": 20, "women_asked": 11, "went_well": "", "went_badly": "", "evaluated_on": clock.today(),
    }  # fmt: skip
    completion.evaluate(project=project, user=user, values=values, base="")


# Act → who it is for, a name of the world's people.
RIGHT = {
    sign: "officer", start: "officer", complete: "officer", suspend: "approver", resume: "approver", cancel: "approver",
    close: "payer",
    request: "officer", authorise: "authoriser", pay: "payer", settle: "payer", send_back: "authoriser", refund: "payer",
    reverse: "authoriser", enter: "author", justify: "author", accept: "payer", reject: "payer",
    retire_account: "payer", verify_account: "payer",
    visit: "officer", find: "officer", mend: "officer", write_report: "author", report_due: "author",
    judge_report: "officer", amend: "officer", decide_amendment: "approver", move_lines: "officer",
    receive: "officer", evaluate: "officer",
}  # fmt: skip


# --- The natural next step ------------------------------------------------------------------------------------------
def next_act(project: Project):
    """The act that a careful team would do next, so that random histories reach the end of the road."""
    state = project.state
    if state in ("closed", "cancelled"):
        return refund if project.paid_usd - project.refunded_usd > project.justified_usd else accept
    if state == "approved":
        return sign
    if state == "suspended":
        return resume
    if project.findings.filter(closed_at=None, severity="blocking").exists() or (
        state == "completed" and project.findings.filter(closed_at=None).exists()
    ):
        return mend
    if not project.partner.bank_accounts.filter(status="verified").exists():
        return verify_account
    if Receipt.objects.filter(instalment__project=project, state="submitted").exists():
        return accept
    if project.reports.filter(state="submitted").exists():
        return judge_report
    if project.amendments.filter(state="submitted").exists():
        return decide_amendment
    return _next_money(project) or _next_reception(project)


def _next_money(project: Project):
    plan = list(project.instalments.order_by("position"))
    for rank, row in enumerate(plan):
        if row.state == "requested":
            return authorise
        if row.state == "authorised":
            return pay
        if row.state == "paid":
            return justify
        if row.state == "planned":
            if rank and not project.visits.filter(state="done").exists():
                return visit
            if rank and rank < len(plan) - 1 and not _reported(project, plan[rank - 1]):
                return report_due
            if rank == len(plan) - 1 and project.state != "completed":
                return None
            if rank == len(plan) - 1 and project.reports.filter(kind__startswith="final", state="accepted").count() < 2:
                return report_due
            return request
    return None


def _reported(project: Project, instalment: Instalment) -> bool:
    return project.reports.filter(kind="interim", instalment=instalment, state="accepted").exists()


def _next_reception(project: Project):
    if project.state == "completed":
        return close if hasattr(project, "evaluation") else evaluate
    if project.state == "agreed":
        return start
    if project.visits.filter(state="planned").exists():
        return visit
    return complete if project.handovers.filter(signed_copy__isnull=False).exists() else receive
