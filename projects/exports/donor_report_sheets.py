"""The report to a donor as a workbook: one sheet a subject, typed cells, and a sheet that says what each column holds."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from projects.donor_report.content import PEOPLE, DonorReportContent
from sr_portal.spreadsheets.writing import workbook

from .donor_report import labels_of_people, money_lines
from .parts import place_of

Rows = Iterator[list[Any]]


def donor_workbook(content: DonorReportContent) -> bytes:
    """XLSX bytes. What the reader may not read of projects is one line without names, so that sums hold."""
    sheets: list[tuple[str, list[list[Any]]]] = [
        (_("Contribution"), list(_contribution(content))),
        (_("Montants"), list(_money(content))),
        (_("Versements"), list(_transfers(content))),
        (_("Projets"), list(_projects(content))),
        (_("Dépenses"), list(_spending(content))),
        (_("Résultats"), list(_results(content))),
    ]
    return workbook([*sheets, (_("Notice"), _notice())])


def _contribution(content: DonorReportContent) -> Rows:
    one = content.contribution
    yield [_("Rubrique"), _("Valeur")]
    yield [_("Donateur"), str(one.donor)]
    yield [_("Référence"), one.reference]
    yield [_("Objet"), one.title]
    yield [_("Mécanisme"), str(one.mechanism.name)]
    yield [_("Affectation"), content.earmark]
    yield [_("Monnaie"), one.currency]
    yield [_("Signée le"), one.signed_on]
    yield [_("Taux de la signature"), one.signed_rate]
    yield [_("Date du taux"), one.signed_rate_on]
    yield [_("Rapport du"), content.period.since]
    yield [_("Rapport jusqu’au"), content.period.until]
    yield [_("Situation au"), content.on]


def _money(content: DonorReportContent) -> Rows:
    yield [
        _("Montant"),
        _("Dans la période (USD)"),
        _("En tout (USD)"),
        _("En tout (monnaie du donateur)"),
        _("Monnaie"),
    ]
    for label, within, in_all, own in money_lines(content):
        yield [label, within, in_all, own, content.contribution.currency]


def _transfers(content: DonorReportContent) -> Rows:
    yield [_("Virement"), _("Reçu le"), _("Montant reçu"), _("Monnaie"), _("Taux"), _("Date du taux"), _("Reçu (USD)")]
    for one in content.received_until:
        yield [
            one.reference, one.received_on, one.amount, content.contribution.currency, one.rate, one.rate_on,
            one.amount_usd,
        ]  # fmt: skip


def _projects(content: DonorReportContent) -> Rows:
    labels = labels_of_people()
    yield [
        _("Référence"), _("Intitulé"), _("Région"), _("Lieu"), _("Partenaire"), _("État"), _("Début"), _("Fin prévue"),
        _("Achevé le"), _("Jours de retard"), _("Affecté (USD)"), _("Tenu en tout (USD)"), _("Part (%)"),
        _("Cofinancé"), _("Payé dans la période (USD)"), _("Payé (USD)"), _("Justifié dans la période (USD)"),
        _("Justifié (USD)"), *(_("%(people)s, prévus") % {"people": labels[name]} for name in PEOPLE),
        *(_("%(people)s, atteints") % {"people": labels[name]} for name in PEOPLE),
    ]  # fmt: skip
    for row in content.financed:
        project = row.project
        yield [
            project.reference, project.title, project.region.name, place_of(project), str(project.partner or ""),
            str(project.state_label.label), project.starts_on, project.ends_on, row.completed_on,
            row.days_late(content.on), row.amount_usd, row.whole_usd, row.share, _("oui") if row.is_shared else _("non"),
            row.paid_within_usd, row.paid_usd, row.justified_within_usd, row.justified_usd,
            *(row.planned[name] for name in PEOPLE), *(row.reached.get(name) for name in PEOPLE),
        ]  # fmt: skip
    if beyond := content.beyond:
        sums = [
            sum(getattr(row, name) for row in beyond)
            for name in (
                "amount_usd",
                "whole_usd",
                "paid_within_usd",
                "paid_usd",
                "justified_within_usd",
                "justified_usd",
            )
        ]
        people = [sum(row.planned[name] for row in beyond) for name in PEOPLE]
        reached = [sum(row.reached.get(name, 0) for row in beyond) for name in PEOPLE]
        yield [
            None, _("Projets hors de votre zone"), *[None] * 8, *sums[:2], None, None, *sums[2:], *people, *reached,
        ]  # fmt: skip


def _spending(content: DonorReportContent) -> Rows:
    yield [
        _("Référence"), _("Intitulé"), _("Rubrique"), _("Dépense du projet (USD)"), _("Part de la contribution (USD)"),
        _("Dépense du projet dans la période (USD)"), _("Part de la contribution dans la période (USD)"),
    ]  # fmt: skip
    shown = {row.project.pk for row in content.financed}
    for row in content.everything:
        named = row.project.pk in shown
        reference, title = (row.project.reference, row.project.title) if named else ("", _("Projet hors de votre zone"))
        for name, mine in row.spent.items():
            of_all = row.spent_in_all[name]
            yield [
                reference, title, str(name.label), of_all.total_usd, mine.total_usd, of_all.within_usd, mine.within_usd,
            ]  # fmt: skip


def _results(content: DonorReportContent) -> Rows:
    yield [
        _("Référence"), _("Intitulé"), _("Résultat attendu"), _("Indicateur"), _("Unité"), _("Départ"), _("Cible"),
        _("Atteint"), _("Part atteinte (%)"), _("Commentaire"), _("Cofinancé"),
    ]  # fmt: skip
    for row in content.financed:
        for result in row.results:
            one = result.expected
            yield [
                row.project.reference, row.project.title, one.statement, one.indicator, one.unit, one.baseline,
                one.target, result.value, result.percent, result.comment, _("oui") if row.is_shared else _("non"),
            ]  # fmt: skip


def _notice() -> list[list[Any]]:
    projects, spending, results = _("Projets"), _("Dépenses"), _("Résultats")
    every = _("Toutes")
    return [
        [_("Feuille"), _("Colonne"), _("Ce qu’elle contient")],
        [every, _("… (USD)"), _("Dollars des États-Unis, au centime.")],
        [every, _("… dans la période"), _("Ce qui a eu lieu entre les deux jours du rapport, ces jours compris.")],
        [_("Montants"), _("En tout (monnaie du donateur)"),
         _("Signé et reçu : les montants mêmes du donateur. Les autres : les USD au taux de la signature.")],
        [_("Versements"), _("Taux"), _("Unités de la monnaie du donateur pour 1 USD, taux des Nations Unies de ce jour.")],
        [projects, _("Affecté (USD)"), _("Ce que le projet tient de cette contribution, aujourd’hui.")],
        [projects, _("Tenu en tout (USD)"), _("Ce que le projet tient de toutes les contributions.")],
        [projects, _("Part (%)"), _("Affecté, rapporté à ce que le projet tient en tout.")],
        [projects, _("Cofinancé"),
         _("Oui : d’autres contributions paient aussi ; les personnes et les résultats comptent en entier pour chacune.")],
        [projects, _("Payé (USD)"),
         _("Part de cette contribution dans les paiements nets : l’affectation la plus étroite d’abord, puis la plus ancienne.")],
        [projects, _("Justifié (USD)"), _("Part de cette contribution dans les pièces acceptées, dans la même proportion.")],
        [projects, _("Jours de retard"), _("Après la fin prévue, jusqu’à l’achèvement ou jusqu’à ce jour.")],
        [projects, _("…, atteints"), _("Personnes que compte le dernier rapport accepté qui en parle ; vide sans rapport.")],
        [spending, _("Part de la contribution (USD)"),
         _("Répartie au plus fort reste : les parts de toutes les contributions font la dépense du projet, au centime.")],
        [results, _("Part atteinte (%)"), _("Du chemin entre le départ et la cible.")],
    ]  # fmt: skip
