"""Projects for tests from approval to closure: rows as the pages would leave them, steps by the real services."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from funds.models import BankAccountStatus, Envelope
from projects.models import (
    AgreedLine,
    Agreement,
    AgreementCopy,
    Evaluation,
    Finding,
    Handover,
    Instalment,
    InstalmentState,
    Payment,
    Project,
    Receipt,
    Report,
    ReportKind,
    Visit,
    VisitPhoto,
)
from projects.rules import plan
from projects.services import decisions
from projects.services import implementation as steps
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.documents.models import Document
from sr_portal.documents.services import store
from sr_portal.web import clock
from tests.documents.files import jpeg, pdf
from tests.factories import bank
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of
from tests.factories.projects import Cast, cast, fresh, recommended

SHARES = ("50", "40", "10")  # percent: within the limits of a partner without a completed project


@dataclass
class Crew:
    """Who carries a project from approval to closure: nobody here wrote, screened or judged it."""

    officer: User = field(default_factory=lambda: user_with(Role.PROGRAMME_OFFICER))  # signs, asks for instalments
    authoriser: User = field(default_factory=lambda: user_with(Role.FINANCE_OFFICER))
    payer: User = field(default_factory=lambda: user_with(Role.FINANCE_OFFICER))
    approver: User = field(default_factory=lambda: user_with(Role.APPROVER))


# --- Files ----------------------------------------------------------------------------------------------------------
def pdf_of(by: User, name: str = "Pièce.pdf") -> Document:
    """A PDF on file, unlike any other."""
    return store(SimpleUploadedFile(name, pdf(f"<< /Id ({uuid.uuid4()}) >>".encode())), by=by)


def photo_of(by: User, name: str = "Photo.jpg") -> Document:
    return store(ContentFile(jpeg((640, 480)), name=name), by=by)


# --- To the signed agreement ----------------------------------------------------------------------------------------
def approved(people: Cast | None = None, **fields) -> Project:
    """A project approved in whole; opens an envelope of its mechanism when there is none."""
    mechanism = fields.get("mechanism_id", "QIP")
    if not Envelope.objects.filter(mechanism=mechanism).exists():
        envelope_of("1000000", mechanism)
    people = people or cast()
    project = recommended(people, **fields)
    return decisions.approve(project=project, user=fresh(people.approver))


def prepare_agreement(
    project: Project, by: User, *, shares=SHARES, starts_on: dt.date | None = None, **fields
) -> Agreement:
    """The agreement's text, budget by line and instalment plan, as its page leaves them; nobody has signed."""
    agreement = Agreement.objects.create(
        project=project, number=f"PA-{project.reference}", starts_on=starts_on or clock.today(), prepared_by=by,
        clauses=[{"kind": "fraud", "text": "Le partenaire ne tolère ni fraude ni corruption."}],
        **{
            "partner_signatory": "Mariam Maïga", "partner_function": "Présidente",
            "mission_signatory": "Paul Diarra", "mission_function": "Chef de bureau", **fields,
        },
    )  # fmt: skip
    amount, lines = project.approved_usd, list(project.lines.all())
    total, left = sum(line.amount_usd for line in lines), amount
    for rank, line in enumerate(lines, 1):
        part = left if rank == len(lines) else plan.part_of(amount, line.amount_usd * 100 / total)
        left -= part
        AgreedLine.objects.create(
            project=project, line=line, category=line.category, label=line.label, baseline_usd=part, amount_usd=part
        )
    left = amount
    for position, percent in enumerate(shares, 1):
        part = left if position == len(shares) else plan.part_of(amount, Decimal(percent))
        left -= part
        Instalment.objects.create(project=project, position=position, amount_usd=part)
    return agreement


def put_signatures_on_file(project: Project, by: User, *, on: dt.date | None = None) -> None:
    agreement = project.agreement
    agreement.partner_signed_on = agreement.mission_signed_on = on or clock.today()
    agreement.save()
    AgreementCopy.objects.create(agreement=agreement, document=pdf_of(by, "Protocole signé.pdf"))


def verify_bank(project: Project, by: User) -> None:
    """A verified account for the partner, unless it has one; `by` is of finance."""
    if not project.partner.bank_accounts.filter(status=BankAccountStatus.VERIFIED).exists():
        account = bank.entered(project.partner, account_number=bank.rib(1000 + project.partner_id))
        bank.bank.read_number(by=by, account=account, reason=bank.REASON)
        bank.bank.verify(by=by, account=account)


def sign(project: Project, crew: Crew, **agreement) -> Project:
    """From approved to agreed."""
    prepare_agreement(project, crew.officer, **agreement)
    put_signatures_on_file(project, crew.officer)
    verify_bank(project, crew.payer)
    return steps.sign_agreement(project=fresh_project(project), user=fresh(crew.officer))


def agreed(crew: Crew | None = None, people: Cast | None = None, **fields) -> Project:
    return sign(approved(people, **fields), crew or Crew())


def fresh_project(project: Project) -> Project:
    return Project.objects.for_rules().get(pk=project.pk)


# --- Money ----------------------------------------------------------------------------------------------------------
def instalment_of(project: Project, position: int = 1) -> Instalment:
    return project.instalments.get(position=position)


def authorise(instalment: Instalment, crew: Crew) -> Instalment:
    """From planned to authorised, when its gates are open."""
    instalment.state, instalment.requested_by, instalment.requested_at = (
        InstalmentState.REQUESTED,
        crew.officer,
        clock.now(),
    )
    instalment.save()
    instalment.state, instalment.authorised_by = InstalmentState.AUTHORISED, crew.authoriser
    instalment.authorised_at = clock.now()
    instalment.save()
    return instalment


def pay(instalment: Instalment, crew: Crew, amount: Decimal | None = None) -> Payment:
    """Authorise when need be, then pay in full, or `amount` USD."""
    if instalment.state == InstalmentState.PLANNED:
        authorise(instalment, crew)
    paid = Payment.objects.create(
        instalment=instalment, reference=f"VIR-{uuid.uuid4().hex[:10]}", paid_on=clock.today(),
        amount_usd=amount or instalment.unpaid_usd, recorded_by=crew.payer,
    )  # fmt: skip
    instalment.refresh_from_db()
    if instalment.paid_usd == instalment.amount_usd:
        instalment.state = InstalmentState.PAID
        instalment.save()
    return paid


def justify(instalment: Instalment, crew: Crew, amount: Decimal | None = None) -> Receipt:
    """One accepted receipt of `amount` USD, or of all that was paid of the instalment, on the project's first line."""
    instalment.refresh_from_db()
    receipt = Receipt.objects.create(
        instalment=instalment, line=instalment.project.agreed_lines.first(), number=uuid.uuid4().hex[:8],
        supplier="Quincaillerie du Fleuve", issued_on=clock.today(), amount_usd=amount or instalment.paid_usd,
        currency="USD", document=pdf_of(crew.officer, "Facture.pdf"), entered_by=crew.officer,
    )  # fmt: skip
    receipt.state, receipt.judged_by, receipt.judged_at = "accepted", crew.payer, clock.now()
    receipt.save()
    instalment.refresh_from_db()
    if (
        instalment.state == InstalmentState.PAID
        and instalment.justified_usd >= instalment.paid_usd - instalment.refunded_usd
    ):
        instalment.state = InstalmentState.JUSTIFIED
        instalment.save(update_fields=["state"])
    return receipt


# --- Follow-up ------------------------------------------------------------------------------------------------------
def visit(
    project: Project, by: User, kind: str = "midway", *, done: bool = True, photos: tuple[str, ...] = (), **fields
) -> Visit:
    values = {"planned_on": clock.today(), "visitor": by, "created_by": by, **fields}
    planned = Visit.objects.create(project=project, kind=kind, **values)
    if done:
        planned.state, planned.done_on, planned.reported_by, planned.reported_at = (
            "done",
            clock.today(),
            by,
            clock.now(),
        )
        planned.progress, planned.quality, planned.safety = 60, "good", "safe"
        planned.save()
    for stage in photos:
        VisitPhoto.objects.create(visit=planned, document=photo_of(by), stage=stage)
    return planned


def finding(project: Project, by: User, severity: str = "minor", **fields) -> Finding:
    values = {"text": "Fissure dans le mur nord.", "due_on": clock.today() + dt.timedelta(days=14), **fields}
    return Finding.objects.create(project=project, severity=severity, created_by=by, **values)


def report(
    project: Project,
    crew: Crew,
    kind: str = ReportKind.INTERIM,
    instalment: Instalment | None = None,
    *,
    state: str = "accepted",
) -> Report:
    """A report by the project's author, in `state`; an interim one is of the first instalment unless told."""
    if kind == ReportKind.INTERIM:
        instalment = instalment or instalment_of(project)
    written = Report.objects.create(
        project=project, kind=kind, instalment=instalment, written_by=project.author, done="Les murs sont montés.",
        reached_women=10,
    )  # fmt: skip
    if state != "draft":
        written.state, written.submitted_by, written.submitted_at = "submitted", project.author, clock.now()
        written.save()
    if state in ("returned", "accepted"):
        written.state = state
        if state == "accepted":
            written.judged_by, written.judged_at = crew.officer, clock.now()
        written.save()
    return written


def hand_over(project: Project, by: User, kind: str = "provisional") -> Handover:
    return Handover.objects.create(
        project=project, kind=kind, held_on=clock.today(), place="Ansongo", owner="Commune d’Ansongo",
        owner_signatory="Le maire", maintained_by="Comité de gestion", works="Un forage équipé.", recorded_by=by,
        signed_copy=pdf_of(by, "Procès-verbal signé.pdf"),
    )  # fmt: skip


def evaluate(project: Project, by: User) -> Evaluation:
    return Evaluation.objects.create(
        project=project, confidence=4, need_met=4, quality=4, inclusion=3, visibility=4, perception="Bien accueilli.",
        people_asked=20, women_asked=11, evaluated_by=by, evaluated_on=clock.today(),
    )  # fmt: skip


# --- States ---------------------------------------------------------------------------------------------------------
def start(project: Project, crew: Crew) -> Project:
    return steps.start(project=project, user=fresh(crew.officer), note="Le chantier est ouvert.")


def complete(project: Project, crew: Crew) -> Project:
    """From active to completed: final visit, photos, handover."""
    visit(project, crew.officer, "final", photos=("before", "after"))
    hand_over(project, crew.officer)
    return steps.complete(project=fresh_project(project), user=fresh(crew.officer))


def account_for(project: Project, crew: Crew) -> None:
    """From completed on: each instalment paid and justified, reports accepted, evaluated."""
    report(project, crew, ReportKind.FINAL_NARRATIVE)
    report(project, crew, ReportKind.FINAL_FINANCIAL)
    for instalment in project.instalments.order_by("position"):
        if instalment.state == InstalmentState.PLANNED:
            pay(instalment, crew)
            justify(instalment, crew)
    evaluate(project, crew.officer)


def close(project: Project, crew: Crew) -> Project:
    account_for(project, crew)
    return steps.close(project=fresh_project(project), user=fresh(crew.payer))


def carry_to(state: State | str, project: Project, crew: Crew) -> Project:
    """An approved project taken to `state`, one of `GRANTED`."""
    state = State(state)
    if state == State.APPROVED:
        return project
    if state == State.CANCELLED:
        return steps.cancel(project=project, user=fresh(crew.approver), note="Le site n’est plus accessible.")
    project = sign(project, crew)
    if state == State.AGREED:
        return project
    project = start(project, crew)
    if state == State.SUSPENDED:
        return steps.suspend(project=project, user=fresh(crew.approver), note="Insécurité sur l’axe.")
    if state == State.ACTIVE:
        return project
    project = complete(project, crew)
    return project if state == State.COMPLETED else close(project, crew)


def in_state(state: State | str, crew: Crew | None = None, people: Cast | None = None, **fields) -> Project:
    return carry_to(state, approved(people, **fields), crew or Crew())
