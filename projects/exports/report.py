"""A project's report, interim or final: what was done, reached and learned, and where the money went."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.models import Project, ReceiptState, Report, ReportKind, ReportState
from sr_portal.documents.paper import (
    Block,
    Bullets,
    Column,
    Heading,
    Paper,
    Signatory,
    Signatures,
    Table,
    Text,
    facts,
    section,
)
from sr_portal.web.templatetags.portal import day, moment, number, usd

from . import parts
from .instalment_request import tranches

NARRATIVE = (
    "done", "difficulties", "confidence", "inclusion", "sustainability", "visibility", "lessons", "next_steps",
)  # fmt: skip


def report_paper(project: Project, report: Report) -> Paper:
    """`project` as `for_page().with_life("agreement", "plan", "money", "reports")` reads it, and one of its reports."""
    title = title_of(report)
    return parts.new_paper(
        title,
        f"{title} {project.reference}",
        subtitle=project.title,
        reference=project.reference,
        draft="" if report.state == ReportState.ACCEPTED else report.state_label.label,
        blocks=content(project, report),
    )


def title_of(report: Report) -> str:
    if report.instalment_id is None:
        return report.get_kind_display()
    return _("%(kind)s, tranche %(rank)s") % {"kind": report.get_kind_display(), "rank": report.instalment.position}


def content(project: Project, report: Report) -> list[Block]:
    """The report without its letterhead, for larger documents."""
    told = [*section(_("Le rapport"), _about(project, report))]
    if report.kind != ReportKind.FINAL_FINANCIAL:
        told += section(_("Récit"), *_narrative(report))
        told += section(_("Résultats"), _results(report))
        told += section(_("Personnes atteintes"), _reached(report))
    told += section(_("Dépenses"), tranches(project), spending(project, report), *_remark(report))
    files = [file for file in report.files.all() if not file.document.is_withdrawn]
    told += section(_("Pièces jointes"), Bullets([str(file) for file in files]) if files else None)
    told += section(_("Renvois"), _returns(report))
    return [*told, _signed(report)]


def _about(project: Project, report: Report) -> Block | None:
    period = ""
    if report.period_from and report.period_to:
        period = _("du %(first)s au %(last)s") % {"first": day(report.period_from), "last": day(report.period_to)}
    return facts(
        (_("Projet"), f"{project.reference} – {project.title}"),
        (_("Partenaire de mise en œuvre"), project.partner or ""),
        (_("Période"), period),
        (_("Rédigé par"), report.written_by),
        (_("État"), report.state_label.label),
        (_("Dépensé depuis le début, déclaré"), _declared(report.declared_spent_usd)),
        (_("Engagé et non encore payé, déclaré"), _declared(report.declared_committed_usd)),
    )


def _declared(amount: Decimal | None) -> str:
    return "" if amount is None else usd(amount)


def _narrative(report: Report) -> list[Block]:
    told: list[Block] = []
    for name in NARRATIVE:
        text = getattr(report, name)
        if text.strip():
            label = str(report._meta.get_field(name).verbose_name)
            told += [Heading(label[:1].upper() + label[1:], 2), Text(text)]
    return told


def _results(report: Report) -> Table | None:
    rows = []
    for reached in report.results.all():
        result = reached.result
        rows.append([
            result.statement, result.indicator or parts.NOTHING, _value(result.baseline, result.unit),
            _value(result.target, result.unit), _value(reached.value, result.unit), reached.comment,
        ])  # fmt: skip
    columns = [
        Column(_("Résultat attendu"), weight=2), Column(_("Indicateur"), weight=1.4), Column(_("Départ"), "right"),
        Column(_("Cible"), "right"), Column(_("Atteint"), "right"), Column(_("Commentaire"), weight=1.4),
    ]  # fmt: skip
    return Table(columns, rows) if rows else None


def _value(value: Decimal | None, unit: str) -> str:
    return f"{number(value)} {unit}".strip() if value is not None else parts.NOTHING


def _reached(report: Report) -> Table:
    labels = {"women": _("Femmes"), "men": _("Hommes"), "girls": _("Filles"), "boys": _("Garçons")}
    counts = {name: getattr(report, f"reached_{name}") for name in labels}
    rows = [[label, number(counts[name])] for name, label in labels.items()]
    total = [_("Ensemble"), number(sum(counts.values()))]
    among = [
        [_("dont personnes déplacées"), number(report.reached_displaced)],
        [_("dont personnes handicapées"), number(report.reached_disabled)],
    ]
    return Table([Column(_("Personnes"), weight=1), Column(_("Atteintes"), "right")], rows + among, [total])


def spending(project: Project, report: Report | None = None) -> Table | None:
    """By agreed line: what was agreed, what accepted receipts justify, for this report's instalment and in all."""
    lines = list(project.agreed_lines.all())
    if not lines:
        return None
    instalment = report.instalment_id if report else None
    here = dict.fromkeys((line.pk for line in lines), Decimal(0))
    for each in project.instalments.all():
        for receipt in each.receipts.all():
            if receipt.state == ReceiptState.ACCEPTED and each.pk == instalment:
                here[receipt.line_id] = here.get(receipt.line_id, Decimal(0)) + receipt.amount_usd
    columns = [Column(_("Ligne"), weight=2.4), Column(_("Convenu"), "right")]
    if instalment:
        columns.append(Column(_("Cette tranche"), "right"))
    columns += [Column(_("Justifié en tout"), "right"), Column(_("Reste"), "right")]
    rows = [
        [
            line.label,
            usd(line.amount_usd),
            *([usd(here[line.pk])] if instalment else []),
            usd(line.spent_usd),
            usd(line.left_usd),
        ]
        for line in lines
    ]
    agreed = sum((line.amount_usd for line in lines), Decimal(0))
    spent = sum((line.spent_usd for line in lines), Decimal(0))
    foot = [
        _("Total"),
        usd(agreed),
        *([usd(sum(here.values(), Decimal(0)))] if instalment else []),
        usd(spent),
        usd(agreed - spent),
    ]
    return Table(columns, rows, [foot], _("Dépenses justifiées par ligne du budget convenu"))


def _remark(report: Report) -> list[Block]:
    return [Heading(_("Commentaire sur les dépenses"), 2), Text(report.spending)] if report.spending.strip() else []


def _returns(report: Report) -> Table | None:
    rows = [[moment(each.returned_at), str(each.returned_by), each.text] for each in report.returns.all()]
    columns = [Column(pgettext("date", "Le"), weight=1), Column(_("Par"), weight=1), Column(_("À corriger"), weight=3)]
    return Table(columns, rows) if rows else None


def _signed(report: Report) -> Signatures:
    accepted = report.state == ReportState.ACCEPTED
    return Signatures(
        [
            Signatory(
                pgettext("rapport", "Soumis par"), report.submitted_by or "",
                said=_("Le %(when)s") % {"when": moment(report.submitted_at)} if report.submitted_at else "",
            ),
            Signatory(
                pgettext("rapport", "Accepté par"), (report.judged_by or "") if accepted else "",
                said=_("Le %(when)s") % {"when": moment(report.judged_at)} if accepted else "",
            ),
        ]
    )  # fmt: skip
