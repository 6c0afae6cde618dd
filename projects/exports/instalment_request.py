"""The request for an instalment (demande de versement): what is asked, and how the money before it was used."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.models import Instalment, InstalmentState, Project, ReportState, Severity, VisitState
from projects.recipients import shares_of
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
    Together,
    facts,
    section,
)
from sr_portal.web.templatetags.portal import day, moment, number, usd

from . import parts


def instalment_request(project: Project, instalment: Instalment) -> Paper:
    """`project` as `for_page().with_life("agreement", "plan", "money", "visits", "reports")` reads it, and one of its
    instalments that was requested."""
    title = _("Demande de versement de la tranche %(rank)s") % {"rank": instalment.position}
    return parts.new_paper(
        title,
        f"{title} {project.reference}",
        subtitle=project.title,
        reference=project.agreement.number,
        blocks=content(project, instalment),
    )


def content(project: Project, instalment: Instalment) -> list[Block]:
    """The request without its letterhead, for larger documents."""
    return [
        *section(_("Objet de la demande"), _asked(project, instalment), _note(instalment)),
        *section(_("Tranches du protocole"), tranches(project)),
        *section(_("Suivi à ce jour"), Bullets(_follow_up(project))),
        _signed(instalment),
    ]


def _asked(project: Project, instalment: Instalment) -> Block | None:
    count = len(project.instalments.all())
    return facts(
        (_("Projet"), f"{project.reference} – {project.title}"),
        (_("Partenaire de mise en œuvre"), project.partner),
        (_("Protocole d’accord"), project.agreement.number),
        (_("Signé le"), day(project.agreement.signed_on)),
        (_("Tranche"), _("%(rank)s sur %(count)s") % {"rank": instalment.position, "count": count}),
        (_("Montant demandé"), usd(instalment.amount_usd)),
        (_("À répartir"), _shared_out(project, instalment)),
        (_("Condition de versement"), instalment.condition),
        (_("État"), instalment.state_label.label),
    )


def _shared_out(project: Project, instalment: Instalment) -> str:
    """What each organisation receives of it; nothing when the lead is alone."""
    return "\u00a0; ".join(
        f"{share.organisation} ({number(share.percent)}\u00a0%)\u00a0: {usd(share.amount_usd)}"
        for share in shares_of(project, instalment.amount_usd)
    )


def _note(instalment: Instalment) -> Text | None:
    return Text(instalment.request_note) if instalment.request_note.strip() else None


def tranches(project: Project) -> Table:
    """Each instalment with what was paid and justified, and the sums."""
    plan = list(project.instalments.all())
    rows = [
        [
            str(each.position), each.state_label.label, usd(each.amount_usd), usd(each.paid_usd), usd(each.refunded_usd),
            usd(each.justified_usd), _share(each.justified_usd, each.paid_usd - each.refunded_usd),
        ]
        for each in plan
    ]  # fmt: skip
    columns = [
        Column(_("Tranche"), "right"), Column(_("État"), weight=1), Column(_("Montant"), "right"),
        Column(_("Payé"), "right"), Column(_("Remboursé"), "right"), Column(_("Justifié"), "right"),
        Column(_("Part justifiée"), "right"),
    ]  # fmt: skip
    names = ("amount_usd", "paid_usd", "refunded_usd", "justified_usd")
    sums = [sum((getattr(each, name) for each in plan), Decimal(0)) for name in names]
    total = ["", _("Total"), *(usd(amount) for amount in sums), _share(sums[3], sums[1] - sums[2])]
    return Table(columns, rows, [total])


def _share(justified: Decimal, paid: Decimal) -> str:
    return f"{number(round(100 * justified / paid, 1))}\u00a0%" if paid > 0 else parts.NOTHING


def _follow_up(project: Project) -> list[str]:
    told = [
        _("%(report)s : %(state)s") % {"report": _report_name(report), "state": report.state_label.label.lower()}
        for report in project.reports.all()
        if report.state != ReportState.DRAFT
    ] or [_("Aucun rapport n’est encore soumis.")]
    done = [visit for visit in project.visits.all() if visit.state == VisitState.DONE]
    told += [
        _("Visite du %(day)s (%(kind)s) : avancement %(progress)s %%, qualité : %(quality)s")
        % {
            "day": day(visit.done_on), "kind": visit.get_kind_display().lower(), "progress": visit.progress,
            "quality": visit.get_quality_display().lower(),
        }
        for visit in done
    ] or [_("Aucune visite n’est encore faite.")]  # fmt: skip
    still = [finding for finding in project.findings.all() if finding.closed_at is None]
    blocking = sum(finding.severity == Severity.BLOCKING for finding in still)
    told.append(
        _("Constats ouverts : %(count)s, dont bloquants : %(blocking)s") % {"count": len(still), "blocking": blocking}
    )
    return told


def _report_name(report) -> str:
    if report.instalment_id is None:
        return report.get_kind_display()
    return _("%(kind)s, tranche %(rank)s") % {"kind": report.get_kind_display(), "rank": report.instalment.position}


def _signed(instalment: Instalment) -> Together:
    authorised = instalment.state not in (InstalmentState.PLANNED, InstalmentState.REQUESTED)
    return Together(
        [
            Heading(_("Demande et autorisation")),
            Signatures(
                [
                    Signatory(
                        pgettext("tranche", "Demandée par"), instalment.requested_by or "",
                        said=_("Le %(when)s") % {"when": moment(instalment.requested_at)} if instalment.requested_at else "",
                    ),
                    Signatory(
                        pgettext("tranche", "Autorisée par"), (instalment.authorised_by or "") if authorised else "",
                        said=_("Le %(when)s") % {"when": moment(instalment.authorised_at)} if authorised else "",
                    ),
                ]
            ),
        ]
    )  # fmt: skip
