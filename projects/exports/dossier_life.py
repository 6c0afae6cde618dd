"""The parts of a project's whole file that tell its life: money, visits, reports, amendments, completion."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.models import (
    AmendmentState,
    Evaluation,
    Instalment,
    InstalmentState,
    Payment,
    Project,
    Receipt,
    Report,
    ReportState,
    SustainabilityCheck,
    Visit,
    VisitState,
)
from sr_portal.documents.paper import Block, Column, Heading, Table, Text, deeper, facts, section
from sr_portal.web.templatetags.portal import day, moment, number, usd

from . import amendment, handover, parts, report, visit_report
from .instalment_request import tranches

PHOTOS_A_VISIT = 8


# --- Money ----------------------------------------------------------------------------------------------------------
def money(project: Project) -> list[Block]:
    plan = list(project.instalments.all())
    if not plan:
        return []
    return [
        *section(_("Les montants"), _sums(project)),
        *section(_("Les tranches"), tranches(project), _people(plan)),
        *section(_("Paiements et remboursements"), _payments(plan)),
        *section(_("Budget convenu et dépenses par ligne"), report.spending(project)),
        *section(_("Pièces justificatives"), _receipts(plan)),
    ]


def _sums(project: Project) -> Block | None:
    left = (project.approved_usd or Decimal(0)) - project.paid_usd + project.refunded_usd
    return facts(
        (_("Approuvé"), usd(project.approved_usd)),
        (_("Engagé"), usd(project.obligated_usd)),
        (_("Payé"), usd(project.paid_usd)),
        (_("Remboursé"), usd(project.refunded_usd)),
        (_("Justifié"), usd(project.justified_usd)),
        (_("Payé, ni justifié ni remboursé"), usd(project.paid_usd - project.refunded_usd - project.justified_usd)),
        (_("Non versé"), usd(left)),
    )


def _people(plan: Sequence[Instalment]) -> Table | None:
    rows = [
        [
            str(each.position), str(each.requested_by or parts.NOTHING), moment(each.requested_at),
            str(each.authorised_by or parts.NOTHING), moment(each.authorised_at),
        ]
        for each in plan
        if each.state != InstalmentState.PLANNED
    ]  # fmt: skip
    columns = [
        Column(_("Tranche"), "right"), Column(pgettext("tranche", "Demandée par"), weight=1), Column(pgettext("date", "Le"), weight=1),
        Column(pgettext("tranche", "Autorisée par"), weight=1), Column(pgettext("date", "Le"), weight=1),
    ]  # fmt: skip
    return Table(columns, rows, caption=_("Qui a demandé et autorisé")) if rows else None


def _payments(plan: Sequence[Instalment]) -> Table | None:
    rows = [_payment(each, payment) for each in plan for payment in each.payments.all()]
    columns = [
        Column(_("Date")), Column(_("Tranche"), "right"), Column(_("Nature"), weight=1),
        Column(_("Référence"), weight=1.3), Column(_("Montant"), "right"), Column(_("Enregistré par"), weight=1.2),
    ]  # fmt: skip
    return Table(columns, rows) if rows else None


def _payment(instalment: Instalment, payment: Payment) -> list[str]:
    amount = usd(payment.amount_usd)
    if payment.local_amount is not None:
        amount += "\n" + _("%(local)s XOF à %(rate)s") % {
            "local": number(payment.local_amount), "rate": number(payment.rate),
        }  # fmt: skip
    return [
        day(payment.paid_on), str(instalment.position), payment.get_kind_display(), payment.reference, amount,
        str(payment.recorded_by),
    ]  # fmt: skip


def _receipts(plan: Sequence[Instalment]) -> Table | None:
    rows = [_receipt(each, receipt) for each in plan for receipt in each.receipts.all()]
    columns = [
        Column(_("Date")), Column(_("Tranche"), "right"), Column(_("Fournisseur, numéro"), weight=1.6),
        Column(_("Ligne"), weight=1.4), Column(_("Montant"), "right"), Column(_("Vérification"), weight=1.4),
    ]  # fmt: skip
    return Table(columns, rows) if rows else None


def _receipt(instalment: Instalment, receipt: Receipt) -> list[str]:
    judged = str(receipt.state_label.label)
    if receipt.judged_by_id:
        judged = _("%(state)s par %(who)s") % {"state": judged, "who": receipt.judged_by}
    if receipt.judgement:
        judged += f"\n{receipt.judgement}"
    return [
        day(receipt.issued_on), str(instalment.position), f"{receipt.supplier}\n{receipt.number}", receipt.line.label,
        usd(receipt.amount_usd), judged,
    ]  # fmt: skip


# --- Follow-up ------------------------------------------------------------------------------------------------------
def visits(project: Project) -> list[Block]:
    visits = list(project.visits.all())
    told = section(_("Visites prévues et faites"), _calendar(visits))
    told += section(_("Constats"), visit_report.findings_table(project.findings.all()))
    for visit in visits:
        if visit.state == VisitState.DONE:
            title = _("Visite du %(day)s (%(kind)s)") % {
                "day": day(visit.done_on), "kind": visit.get_kind_display().lower(),
            }  # fmt: skip
            told += [Heading(title), *deeper(visit_report.content(project, visit, PHOTOS_A_VISIT))]
    return told


def _calendar(visits: Sequence[Visit]) -> Table | None:
    rows = [
        [
            visit.get_kind_display(), day(visit.planned_on), day(visit.done_on) or parts.NOTHING, visit.state_label.label,
            str(visit.visitor or parts.NOTHING), f"{visit.progress}\u00a0%" if visit.progress is not None else parts.NOTHING,
        ]
        for visit in visits
    ]  # fmt: skip
    columns = [
        Column(_("Type"), weight=1), Column(_("Prévue le"), weight=1.2), Column(_("Effectuée le"), weight=1.2),
        Column(_("État"), weight=1), Column(_("Responsable"), weight=1.2), Column(_("Avancement"), "right"),
    ]  # fmt: skip
    return Table(columns, rows) if rows else None


def reports(project: Project) -> list[Block]:
    told: list[Block] = []
    for each in project.reports.all():
        if each.state != ReportState.DRAFT:
            told += [Heading(_report_title(each)), *deeper(report.content(project, each))]
    return told


def _report_title(each: Report) -> str:
    return f"{report.title_of(each)} ({each.state_label.label.lower()})"


def amendments(project: Project) -> list[Block]:
    told: list[Block] = []
    for each in project.amendments.all():
        if each.state != AmendmentState.DRAFT:
            title = _("Avenant n° %(number)s") % {"number": each.number}
            told += [Heading(f"{title} ({each.state_label.label.lower()})"), *deeper(amendment.content(project, each))]
    rows = [
        [
            moment(shift.moved_at),
            shift.source.label,
            shift.target.label,
            usd(shift.amount_usd),
            f"{shift.moved_by}\n{shift.reason}",
        ]
        for shift in project.budget_shifts.all()
    ]
    columns = [
        Column(pgettext("date", "Le"), weight=1), Column(_("De la ligne"), weight=1.3), Column(_("Vers la ligne"), weight=1.3),
        Column(_("Montant"), "right"), Column(_("Par, motif"), weight=1.6),
    ]  # fmt: skip
    return told + section(_("Virements entre lignes"), Table(columns, rows) if rows else None)


def completion(project: Project) -> list[Block]:
    told: list[Block] = []
    for each in project.handovers.all():
        told += [Heading(each.get_kind_display()), *deeper(handover.content(project, each))]
    told += section(_("Évaluation"), *_evaluation(getattr(project, "evaluation", None)))
    told += section(_("Contrôle de pérennité"), *_sustainability(getattr(project, "sustainability_check", None)))
    for lesson in project.lessons.all():
        told += section(_("Leçon : %(title)s") % {"title": lesson.title}, Text(lesson.text))
    return told


def _evaluation(sheet: Evaluation | None) -> list[Block | None]:
    if sheet is None:
        return []
    marks = ("confidence", "need_met", "quality", "inclusion", "visibility")
    rows = [[_label(sheet, name), _("%(mark)s sur 5") % {"mark": getattr(sheet, name)}] for name in marks]
    asked = _("%(count)s, dont %(women)s femmes") % {"count": sheet.people_asked, "women": sheet.women_asked}
    return [
        Table([Column(_("Critère"), weight=1), Column(pgettext("évaluation", "Note"), "right")], rows),
        facts(
            (_label(sheet, "perception"), sheet.perception), (_label(sheet, "people_asked"), asked),
            (_label(sheet, "went_well"), sheet.went_well), (_label(sheet, "went_badly"), sheet.went_badly),
            (_("Évalué par"), sheet.evaluated_by), (_("Évalué le"), day(sheet.evaluated_on)),
        ),
    ]  # fmt: skip


def _sustainability(check: SustainabilityCheck | None) -> list[Block | None]:
    if check is None:
        return []
    return [
        facts(
            (_("Vérifié le"), day(check.checked_on)), (_("Usage"), check.get_in_use_display()),
            (_("Entretien assuré"), _("Oui") if check.kept_up else _("Non")), (_label(check, "findings"), check.findings),
            (_label(check, "actions"), check.actions), (_("Vérifié par"), check.checked_by),
        )
    ]  # fmt: skip


def _label(row, name: str) -> str:
    label = str(row._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]
