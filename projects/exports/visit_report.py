"""The report of a monitoring visit (compte rendu de visite), with its findings and its photos."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from projects.models import Finding, PhotoStage, Project, Visit
from sr_portal.documents.paper import (
    Block,
    Column,
    Heading,
    Paper,
    Photo,
    Photos,
    Signatory,
    Signatures,
    Table,
    Text,
    facts,
    section,
)
from sr_portal.web.templatetags.portal import day, moment, number

from . import parts


def visit_report(project: Project, visit: Visit) -> Paper:
    """`project` as `for_page().with_life("visits")` reads it, and one of its visits that was made."""
    title = _("Compte rendu de visite du %(day)s") % {"day": day(visit.done_on)}
    return parts.new_paper(
        title,
        _("Compte rendu de visite %(day)s %(reference)s")
        % {"day": visit.done_on.isoformat(), "reference": project.reference},
        subtitle=project.title,
        reference=project.reference,
        blocks=content(project, visit),
    )


def content(project: Project, visit: Visit, most_photos: int | None = None) -> list[Block]:
    """The report without its letterhead, for larger documents; these may show fewer photos."""
    findings = [finding for finding in project.findings.all() if finding.visit_id == visit.pk]
    return [
        *section(_("La visite"), _about(project, visit)),
        *section(_("Constatations"), _judged(visit), *_titled(visit)),
        *section(_("Constats à suivre"), findings_table(findings) or Text(_("Aucun constat."))),
        *_photos(visit, most_photos),
        Signatures([Signatory(_("Compte rendu établi par"), visit.reported_by or "", said=_reported(visit))]),
    ]


def _reported(visit: Visit) -> str:
    return (
        _("Enregistré dans le portail le %(when)s") % {"when": moment(visit.reported_at)} if visit.reported_at else ""
    )


def _about(project: Project, visit: Visit) -> Block | None:
    return facts(
        (_("Projet"), f"{project.reference} – {project.title}"),
        (_("Partenaire de mise en œuvre"), project.partner or ""),
        (_("Type de visite"), visit.get_kind_display()),
        (_("Prévue le"), day(visit.planned_on)),
        (_("Effectuée le"), day(visit.done_on)),
        (_("Responsable de la visite"), visit.visitor or ""),
        (_("Participants"), visit.participants),
        (_("Personnes rencontrées"), visit.people_met),
        (_("Position relevée"), _position(visit)),
    )


def _position(visit: Visit) -> str:
    if visit.latitude is None:
        return ""
    told = f"{visit.latitude:.5f}, {visit.longitude:.5f}"
    if visit.distance_m is not None:
        told += " – " + _("à %(distance)s m du point du projet") % {"distance": number(visit.distance_m)}
    return told


def _judged(visit: Visit) -> Block | None:
    return facts(
        (_("Avancement"), f"{visit.progress}\u00a0%" if visit.progress is not None else ""),
        (_("Qualité des travaux"), visit.get_quality_display()),
        (_("Sécurité"), visit.get_safety_display()),
    )


def _titled(visit: Visit) -> list[Block]:
    told = ((_("Observations"), visit.observations), (_("Recommandations"), visit.recommendations))
    return [block for title, text in told if text.strip() for block in (Heading(title, 2), Text(text))]


def findings_table(findings: Iterable[Finding]) -> Table | None:
    rows = [
        [
            finding.text, finding.get_severity_display(), str(finding.owner or parts.NOTHING), day(finding.due_on),
            _("Levé le %(day)s\n%(note)s") % {"day": day(finding.closed_at), "note": finding.closing_note}
            if finding.closed_at
            else _("Ouvert"),
        ]
        for finding in findings
    ]  # fmt: skip
    columns = [
        Column(_("Constat"), weight=2.4), Column(_("Gravité")), Column(_("Responsable"), weight=1.2),
        Column(_("À corriger avant le"), weight=1.2), Column(_("Suite donnée"), weight=1.8),
    ]  # fmt: skip
    return Table(columns, rows) if rows else None


def _photos(visit: Visit, most: int | None) -> list[Block]:
    all_held = [photo for photo in visit.photos.all() if not photo.document.is_withdrawn]
    held = all_held[:most]
    told: list[Block] = []
    for stage in PhotoStage:
        shown = [
            Photo(photo.document, photo.caption or stage.label, _alt(stage, photo.caption))
            for photo in held
            if photo.stage == stage
        ]
        told += section(_("Photos : %(stage)s") % {"stage": str(stage.label).lower()}, Photos(shown) if shown else None)
    if len(held) < len(all_held):
        left = _("Photos non reproduites ici : %(count)s, à lire dans le dossier.")
        told.append(Text(left % {"count": len(all_held) - len(held)}, small=True))
    return told


def _alt(stage: PhotoStage, caption: str) -> str:
    told = _("Photo de la visite, %(stage)s") % {"stage": str(stage.label).lower()}
    return _("%(photo)s : %(caption)s") % {"photo": told, "caption": caption} if caption else told
