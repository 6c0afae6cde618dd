"""What the report to a donor says of each project: where and with whom, what it reached, photos, lessons and risks."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.donor_report.content import PEOPLE, DonorReportContent, Financed, Result
from sr_portal.documents.paper import (
    Block,
    Bullets,
    Column,
    Facts,
    Heading,
    Note,
    Photo,
    Photos,
    Table,
    Text,
    Together,
    facts,
)
from sr_portal.web.templatetags.portal import day, number, usd

from . import parts


def project_sections(content: DonorReportContent) -> list[Block]:
    """A chapter with a part for each project that the reader may read; nothing without any."""
    told: list[Block] = []
    for row in content.financed:
        told += [
            Together([Heading(row.project.title, 2), _facts(content, row)]),
            *_results(row),
            *_photos(row),
            *_said(row),
        ]
    return [Heading(_("Projet par projet"), new_page=True), *told] if told else []


def _facts(content: DonorReportContent, row: Financed) -> Facts:
    project = row.project
    share = _("%(amount)s, soit %(share)s %% de ce que tient le projet") % {
        "amount": usd(row.amount_usd), "share": number(row.share),
    }  # fmt: skip
    told = facts(
        (_("Référence"), project.reference),
        (_("Lieu"), parts.place_of(project)),
        (_("Partenaire de mise en œuvre"), project.partner or ""),
        (_("Calendrier"), timing(content, row)),
        (_("Cette contribution"), share if row.is_shared else _("%(amount)s, en entier") % {"amount": usd(row.amount_usd)}),
        (_("Cofinancement"), _("oui : avec d’autres contributions") if row.is_shared else ""),
        (_("Payé et justifié"), _("%(paid)s payés, %(justified)s justifiés") % {
            "paid": usd(row.paid_usd), "justified": usd(row.justified_usd),
        }),
        (_("Personnes"), people(row)),
    )  # fmt: skip
    assert told is not None  # noqa: S101  every project has a reference
    return told


def timing(content: DonorReportContent, row: Financed) -> str:
    """« du 4 janvier 2026 au 4 mai 2026 ; achevé le …, avec 12 jours de retard »."""
    project = row.project
    told = [str(project.state_label.label)]
    if project.starts_on and project.ends_on:
        told.append(
            _("prévu du %(first)s au %(last)s") % {"first": day(project.starts_on), "last": day(project.ends_on)}
        )
    if row.completed_on:
        told.append(_("achevé le %(day)s") % {"day": day(row.completed_on)})
    if late := row.days_late(content.on):
        told.append(
            ngettext("avec %(days)s jour de retard", "avec %(days)s jours de retard", late) % {"days": number(late)}
        )
    elif project.ends_on:
        told.append(_("sans retard"))
    return _(" ; ").join(told)


def people(row: Financed) -> str:
    """Planned, and reached once a report says so, by women, men, girls and boys."""
    said = _("%(women)s femmes, %(men)s hommes, %(girls)s filles, %(boys)s garçons")

    def words(counts: dict[str, int]) -> str:
        return said % {name: number(counts[name]) for name in PEOPLE}

    told = _("prévues : %(people)s") % {"people": words(row.planned)}
    if row.reached:
        told += "\n" + _("atteintes : %(people)s") % {"people": words(row.reached)}
    return told


def _results(row: Financed) -> list[Block]:
    if not row.results:
        return []
    lines = [
        [
            _statement(result), value_of(result, "baseline"), value_of(result, "target"), value_of(result),
            f"{number(result.percent)}\u00a0%" if result.percent is not None else parts.NOTHING,
        ]
        for result in row.results
    ]  # fmt: skip
    columns = [
        Column(_("Résultat et indicateur"), weight=3), Column(_("Départ"), "right"), Column(_("Cible"), "right"),
        Column(_("Atteint"), "right"), Column(_("Part"), "right"),
    ]  # fmt: skip
    return [Table(columns, lines)]


def _statement(result: Result) -> str:
    return "\n".join(text for text in (result.expected.statement, result.expected.indicator, result.comment) if text)


def value_of(result: Result, name: str = "") -> str:
    """The baseline, the target, or what was reached, with its unit."""
    value = getattr(result.expected, name) if name else result.value
    return f"{number(value)} {result.expected.unit}".strip() if value is not None else parts.NOTHING


def _photos(row: Financed) -> list[Block]:
    if row.project.visibility_risk:
        return [Note(_("Sans photo : les montrer mettrait des personnes en danger."))]
    labels = {"before": _("Avant"), "after": _("Après")}
    shown = [_photo(labels[stage], record) for stage, record in row.photos.items()]
    return [Photos(shown)] if shown else []


def _photo(stage: str, record: Any) -> Photo:
    caption = f"{stage} – {record.caption}" if record.caption else stage
    return Photo(
        record.document, caption, _("Photo du projet, %(stage)s") % {"stage": caption[:1].lower() + caption[1:]}
    )


def _said(row: Financed) -> list[Block]:
    told: list[Block] = []
    if row.difficulties:
        told += [Heading(_("Difficultés et réponses"), 3), Text(row.difficulties)]
    if row.risks:
        risks = [
            _("%(risk)s (%(severity)s, à corriger avant le %(day)s)")
            % {"risk": one.text.rstrip(" ."), "severity": str(one.severity_label.label).lower(), "day": day(one.due_on)}
            for one in row.risks
        ]
        told += [Heading(_("Risques ouverts"), 3), Bullets(risks)]
    lessons = [f"{one.title}\n{one.text}" for one in row.lessons]
    if row.report_lessons:
        lessons.append(row.report_lessons)
    if lessons:
        told += [Heading(_("Leçons"), 3), Bullets(lessons)]
    return told
