"""The report to a donor on one contribution, printed: where the money stands, what it pays for, what it changed."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.donor_report.content import PEOPLE, DonorReportContent, Spent
from sr_portal.documents.paper import Block, Column, Facts, Note, Paper, Table, Text, facts, section
from sr_portal.web.templatetags.portal import amount, day, number, usd

from . import parts
from .donor_report_projects import project_sections

PHOTO_SIDE = 800  # pixels: sharp at the width of half a page, and a whole report stays small


def donor_report(content: DonorReportContent) -> Paper:
    """In the language that is active now."""
    contribution = content.contribution
    return parts.new_paper(
        _("Rapport au donateur : %(donor)s") % {"donor": contribution.donor.name},
        file_name(content),
        subtitle=contribution.title,
        reference=contribution.reference,
        photo_side=PHOTO_SIDE,
        blocks=[
            *section(_("La contribution"), _about(content)),
            *section(_("L’essentiel en chiffres"), _figures(content), _rates(content)),
            *section(_("Les projets financés"), _projects(content), *_reading(content)),
            *section(_("Les personnes"), *_people(content)),
            *section(_("Les dépenses par rubrique"), *_spending(content)),
            *project_sections(content),
        ],
    )


def file_name(content: DonorReportContent) -> str:
    return _("Rapport au donateur %(reference)s %(day)s") % {
        "reference": content.contribution.reference, "day": content.period.until.isoformat(),
    }  # fmt: skip


def period_words(content: DonorReportContent) -> str:
    return _("du %(first)s au %(last)s") % {"first": day(content.period.since), "last": day(content.period.until)}


def _about(content: DonorReportContent) -> Facts | None:
    contribution = content.contribution
    return facts(
        (_("Donateur"), contribution.donor),
        (_("Contribution"), f"{contribution.reference} – {contribution.title}"),
        (_("Mécanisme"), contribution.mechanism.name),
        (_("Affectation"), content.earmark[:1].upper() + content.earmark[1:]),
        (_("Signée le"), day(contribution.signed_on)),
        (_("Période du rapport"), period_words(content)),
        (_("Situation au"), day(content.on)),
    )


# --- Figures --------------------------------------------------------------------------------------------------------
def money_lines(content: DonorReportContent) -> list[tuple[str, Decimal | None, Decimal, Decimal]]:
    """Label, what of it in the period (USD), in all (USD), in all in the donor's currency."""
    contribution = content.contribution
    came = sum((one.amount for one in content.received_until), Decimal(0))
    # What is left is what is left of the donor's own amount, not a conversion that misses it by some hundredths.
    given, convert = contribution.signed_amount or Decimal(0), content.in_currency
    held, paid, justified = (convert(sum_) for sum_ in (content.allocated_usd, content.paid_usd, content.justified_usd))
    return [
        (_("Signé"), None, content.signed_usd, given),
        (_("Reçu"), content.within_received_usd, content.received_usd, came),
        (_("Affecté à des projets"), None, content.allocated_usd, held),
        (_("Non encore affecté"), None, content.free_usd, given - held),
        (_("Payé aux partenaires"), content.within_paid_usd, content.paid_usd, paid),
        (_("Justifié par des pièces acceptées"), content.within_justified_usd, content.justified_usd, justified),
        (_("Payé, restant à justifier"), None, content.to_justify_usd, paid - justified),
        (_("Signé, restant à payer"), None, content.left_usd, given - paid),
    ]


def _figures(content: DonorReportContent) -> Table:
    currency = content.contribution.currency
    foreign = currency != "USD"
    columns = [
        Column(_("Montant"), weight=2),
        Column(_("Dans la période"), "right", 1),
        Column(_("En tout"), "right", 1),
    ]
    if foreign:
        columns.append(Column(_("En tout (%(currency)s)") % {"currency": currency}, "right", 1))
    rows = []
    for label, within, in_all, own in money_lines(content):
        row = [label, usd(within) if within is not None else "", usd(in_all)]
        if foreign:
            row.append(f"{amount(own)}\u00a0{currency}")
        rows.append(row)
    return Table(columns, rows)


def _rates(content: DonorReportContent) -> Text | None:
    contribution = content.contribution
    if contribution.currency == "USD":
        return None
    told = [
        _("Taux de la signature : %(rate)s %(currency)s pour 1 USD, du %(day)s.")
        % {
            "rate": number(contribution.signed_rate), "currency": contribution.currency,
            "day": day(contribution.signed_rate_on),
        }
    ]  # fmt: skip
    told += [
        _("Versement du %(day)s : %(amount)s %(currency)s au taux de %(rate)s, soit %(usd)s.")
        % {
            "day": day(one.received_on), "amount": amount(one.amount), "currency": contribution.currency,
            "rate": number(one.rate), "usd": usd(one.amount_usd),
        }
        for one in content.received_until
    ]  # fmt: skip
    told.append(
        _("Le montant reçu est celui des virements ; les autres montants sont convertis au taux de la signature.")
    )
    return Text(" ".join(told), small=True)


# --- Projects -------------------------------------------------------------------------------------------------------
def _projects(content: DonorReportContent) -> Block:
    if not content.everything:
        return Note(_("Aucun projet ne tient encore de cette contribution."))
    rows = [
        [
            f"{row.project.title}\n{row.project.reference}", row.project.region.name, row.project.state_label.label,
            usd(row.amount_usd), percent(row.share), usd(row.paid_usd), usd(row.justified_usd),
        ]
        for row in content.financed
    ]  # fmt: skip
    if content.beyond:
        rows.append([
            _("Projets hors de votre zone : %(count)s") % {"count": number(len(content.beyond))}, parts.NOTHING,
            parts.NOTHING, *(usd(sum((getattr(row, name) for row in content.beyond), Decimal(0))) if name else ""
                             for name in ("amount_usd", "", "paid_usd", "justified_usd")),
        ])  # fmt: skip
    columns = [
        Column(_("Projet"), weight=3), Column(_("Région")), Column(_("État")),
        Column(_("Affecté"), "right"), Column(_("Part"), "right"), Column(_("Payé"), "right"),
        Column(_("Justifié"), "right"),
    ]  # fmt: skip
    foot = [
        ngettext("%(count)s projet", "%(count)s projets", len(content.everything))
        % {"count": number(len(content.everything))},
        "", "", usd(content.allocated_usd), "", usd(content.paid_usd), usd(content.justified_usd),
    ]  # fmt: skip
    return Table(columns, rows, [foot])


def percent(value: Decimal) -> str:
    return f"{number(value)}\u00a0%"


def _reading(content: DonorReportContent) -> list[Block]:
    if not content.everything:
        return []
    return [
        Text(
            _(
                "« Affecté » est ce que le projet tient de cette contribution ; « Part », ce que cela fait de tout ce"
                " qu’il tient. Un paiement ne nomme pas de contribution : il est pris d’abord sur l’affectation la plus"
                " étroite, puis sur la signature la plus ancienne. Les pièces acceptées sont réparties dans la même"
                " proportion, au centime, si bien que les parts des donateurs d’un projet font ensemble sa dépense."
            ),
            small=True,
        )
    ]


# --- People ---------------------------------------------------------------------------------------------------------
def labels_of_people() -> dict[str, str]:
    return {"women": _("Femmes"), "men": _("Hommes"), "girls": _("Filles"), "boys": _("Garçons")}


def _people(content: DonorReportContent) -> list[Block]:
    if not content.everything:
        return []
    labels, planned, reached = labels_of_people(), content.people("planned"), content.people("reached")
    rows = [[labels[name], number(planned[name]), number(reached[name])] for name in PEOPLE]
    total = [_("Ensemble"), number(sum(planned.values())), number(sum(reached.values()))]
    columns = [
        Column(_("Bénéficiaires directs"), weight=2), Column(_("Prévus"), "right", 1), Column(_("Atteints"), "right", 1),
    ]  # fmt: skip
    told: list[Block] = [Table(columns, rows, [total])]
    told.append(
        Text(_("« Atteints » : ce que dit le dernier rapport accepté de chaque projet qui les compte."), small=True)
    )
    if shared := len(content.shared):
        text = ngettext(
            "%(count)s projet est cofinancé par une autre contribution : ses bénéficiaires et ses résultats sont comptés"
            " en entier, et le seront aussi dans le rapport à l’autre donateur ; l’argent ne compte que pour la part de"
            " cette contribution.",
            "%(count)s projets sont cofinancés par d’autres contributions : leurs bénéficiaires et leurs résultats sont"
            " comptés en entier, et le seront aussi dans les rapports aux autres donateurs ; l’argent ne compte que pour"
            " la part de cette contribution.",
            shared,
        )
        told.append(Note(text % {"count": number(shared)}, _("Projets cofinancés")))
    return told


# --- Spending -------------------------------------------------------------------------------------------------------
def _spending(content: DonorReportContent) -> list[Block]:
    spent = content.categories
    if not spent:
        return [Text(_("Aucune dépense n’est encore justifiée par des pièces acceptées."))]
    whole = content.justified_usd
    rows = [[name.label, usd(sums.within_usd), usd(sums.total_usd), _of(sums, whole)] for name, sums in spent.items()]
    columns = [
        Column(_("Rubrique"), weight=2), Column(_("Dans la période"), "right", 1), Column(_("En tout"), "right", 1),
        Column(_("Part"), "right"),
    ]  # fmt: skip
    foot = [_("Total"), usd(content.within_justified_usd), usd(whole), percent(Decimal(100)) if whole else ""]
    return [
        Table(columns, rows, [foot]),
        Text(_("Pièces acceptées, pour la part de cette contribution dans chaque projet."), small=True),
    ]


def _of(sums: Spent, whole: Decimal) -> str:
    return percent(round(sums.total_usd * 100 / whole, 1)) if whole else parts.NOTHING
