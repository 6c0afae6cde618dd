"""The handover record (procès-verbal de réception) to sign: what is handed to whom, and who keeps it up."""

from django.utils.translation import gettext as _

from projects.models import Handover, HandoverKind, Project
from sr_portal.documents.paper import (
    Block,
    Heading,
    Note,
    Paper,
    Signatory,
    Signatures,
    Text,
    Together,
    facts,
    section,
)
from sr_portal.web.templatetags.portal import day, usd

from . import parts


def handover_record(project: Project, handover: Handover) -> Paper:
    """`project` as `for_page().with_life("agreement", "completion")` reads it, and one of its handovers."""
    title = _("Procès-verbal de %(kind)s") % {"kind": handover.get_kind_display().lower()}
    return parts.new_paper(
        title,
        f"{title} {project.reference}",
        subtitle=project.title,
        reference=project.reference,
        blocks=content(project, handover),
    )


def content(project: Project, handover: Handover) -> list[Block]:
    """The record without its letterhead, for larger documents."""
    return [
        *_original(handover),
        *section(_("La réception"), _about(project, handover)),
        *section(_("Ouvrages et biens remis"), Text(handover.works)),
        *section(_("Personnes présentes"), Text(handover.attendees) if handover.attendees.strip() else None),
        *section(_("Réserves"), *_reservations(handover)),
        Together([Heading(_("Remise et engagement")), Text(_commitment(handover)), _signatures(project, handover)]),
    ]


def _original(handover: Handover) -> list[Block]:
    copy = handover.signed_copy
    if copy is None or copy.is_withdrawn:
        return []
    return [Note(f"{copy.original_name} – SHA-256 {copy.sha256}", _("Seul l’exemplaire signé fait foi. Au dossier :"))]


def _about(project: Project, handover: Handover) -> Block | None:
    agreement = getattr(project, "agreement", None)
    return facts(
        (_("Projet"), f"{project.reference} – {project.title}"),
        (_("Lieu du projet"), parts.place_of(project)),
        (_("Partenaire de mise en œuvre"), project.partner or ""),
        (_("Protocole d’accord"), agreement.number if agreement else ""),
        (_("Montant"), usd(project.approved_usd)),
        (_("Date de la réception"), day(handover.held_on)),
        (_("Lieu de la réception"), handover.place),
        (_("Remis à"), handover.owner),
        (_("Entretien assuré par"), handover.maintained_by),
    )


def _reservations(handover: Handover) -> list[Block]:
    if not handover.reservations.strip():
        return [Text(_("Aucune réserve."))]
    told: list[Block] = [Text(handover.reservations)]
    if handover.reservations_due_on:
        told.append(Text(_("Réserves à lever avant le %(day)s.") % {"day": day(handover.reservations_due_on)}))
    return told


def _commitment(handover: Handover) -> str:
    told = _(
        "Le partenaire remet ce jour au propriétaire, %(owner)s, les ouvrages et biens décrits ci-dessus ; celui-ci "
        "les reçoit. Leur entretien revient à : %(keeper)s."
    ) % {"owner": handover.owner, "keeper": handover.maintained_by}
    if handover.kind == HandoverKind.PROVISIONAL:
        told += " " + _("La réception définitive constatera la levée des réserves et la tenue des ouvrages.")
    return told


def _signatures(project: Project, handover: Handover) -> Signatures:
    agreement = getattr(project, "agreement", None)
    partner = agreement.partner_signatory if agreement else ""
    return Signatures(
        [
            Signatory(_("Pour le propriétaire"), handover.owner_signatory, handover.owner),
            Signatory(_("Pour le partenaire"), partner, str(project.partner or "")),
            Signatory(_("Pour la mission"), handover.recorded_by),
        ],
        _("Fait à %(place)s, le %(day)s.") % {"place": handover.place, "day": day(handover.held_on)},
    )
