"""The whole file of a project as one document, for the auditor: facts, decisions, agreement, money, follow-up, steps,
and every document with its fingerprint."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.dossier_pieces import Piece, by_folder
from projects.models import (
    Project,
)
from projects.states import State
from projects.templatetags.road import step_label
from sr_portal.documents.paper import (
    Block,
    Bullets,
    Column,
    Contents,
    Heading,
    Paper,
    Table,
    Text,
    deeper,
    facts,
    section,
)
from sr_portal.history.reading import Entry
from sr_portal.web.templatetags.portal import day, moment, usd

from . import agreement, memo, parts, sheet
from . import dossier_life as life


def dossier(project: Project, pieces: Sequence[Piece], history: Sequence[Entry] = ()) -> Paper:
    """`project` as `for_page().with_life()` reads it, all the documents of its file, and its latest changes as its
    reader may see them."""
    name = project.reference or _("sans référence")
    return parts.new_paper(
        _("Dossier du projet %(reference)s") % {"reference": name},
        _("Dossier %(reference)s") % {"reference": name},
        subtitle=project.title,
        reference=project.reference or _("Sans référence"),
        blocks=[
            *_cover(project),
            Contents(_("Sommaire")),
            *_part(_("Le projet"), sheet.content(project)),
            *_part(_("Les décisions"), _decisions(project)),
            *_part(_("Le protocole d’accord"), _agreement(project)),
            *_part(_("L’argent"), life.money(project)),
            *_part(_("Les visites et les constats"), life.visits(project)),
            *_part(_("Les rapports"), life.reports(project)),
            *_part(_("Les avenants et virements"), life.amendments(project)),
            *_part(_("La réception et le bilan"), life.completion(project)),
            *_part(_("Les étapes franchies"), _steps(project)),
            *_part(_("L’historique en bref"), _history(history)),
            *_part(_("Les documents du dossier"), documents(pieces)),
        ],
    )


def _part(title: str, blocks: Sequence[Block]) -> list[Block]:
    """A part of the file, on a new page; left out when there is nothing to tell."""
    return [Heading(title, new_page=True), *deeper(blocks)] if blocks else []


def _cover(project: Project) -> list[Block]:
    told = facts(
        (_("État"), project.state_label.label),
        (_("Depuis le"), day(project.state_since)),
        (_("Partenaire de mise en œuvre"), project.partner or ""),
        (_("Lieu"), parts.place_of(project)),
        (_("Rédigée par"), ", ".join(str(person) for person in (project.author, *project.coauthors.all()))),
        (_("Montant approuvé"), usd(project.approved_usd)),
        (_("Payé"), usd(project.paid_usd) if project.paid_usd else ""),
        (_("Justifié"), usd(project.justified_usd) if project.justified_usd else ""),
        (_("Remboursé"), usd(project.refunded_usd) if project.refunded_usd else ""),
    )
    return [told] if told else []


def _decisions(project: Project) -> list[Block]:
    return memo.content(project) if State(project.state) in memo.MEMO_STATES else []


def _agreement(project: Project) -> list[Block]:
    """In its own language, whatever the reader's: what was signed is not translated."""
    agreed = getattr(project, "agreement", None)
    if agreed is None:
        return []
    with translation.override(agreed.language):
        return agreement.content(project)


# --- Steps and documents ----------------------------------------------------------------------------------------------
def _steps(project: Project) -> list[Block]:
    rows = [
        [moment(change.at), step_label(change), change.get_target_display(), str(change.actor), change.note]
        for change in project.changes.all()
    ]
    columns = [
        Column(pgettext("date", "Le"), weight=1.2), Column(_("Étape"), weight=1.3), Column(_("État"), weight=1),
        Column(_("Par"), weight=1.1), Column(_("Remarque"), weight=2),
    ]  # fmt: skip
    return [Table(columns, rows)] if rows else []


def _history(history: Sequence[Entry]) -> list[Block]:
    """The latest changes, each with the fields that it touched; all of them are on the history page."""
    rows = [
        [
            moment(entry.moment), entry.actor, f"{entry.kind_label}\n{entry.model}",
            Truncator(f"{entry.name}\n" * bool(entry.name) + ", ".join(change.field for change in entry.changes)).chars(400),
        ]
        for entry in history
    ]  # fmt: skip
    columns = [
        Column(pgettext("date", "Le"), weight=1.1), Column(_("Par"), weight=1), Column(_("Ce qui a changé"), weight=1.2),
        Column(_("Objet et champs"), weight=2.4),
    ]  # fmt: skip
    told = _("Les %(count)s derniers changements. Tous se lisent, valeur par valeur, sur la page Historique du projet.")
    return [Text(told % {"count": len(rows)}, small=True), Table(columns, rows)] if rows else []


def documents(pieces: Sequence[Piece]) -> list[Block]:
    """Every document with its fingerprint, the withdrawn and the superseded ones with what became of them."""
    told: list[Block] = []
    columns = [
        Column(_("Document"), weight=1.5),
        Column(_("Déposé"), weight=1),
        Column(_("Empreinte SHA-256"), weight=1.6),
    ]
    for folder, held in by_folder(pieces):
        rows = [[_named(piece), _filed(piece), piece.document.sha256] for piece in held]
        told += section(folder.title, Table(columns, rows))
    return told or [Bullets([_("Aucun document n’est au dossier.")])]


def _named(piece: Piece) -> str:
    told = [str(piece.kind.label), piece.title]
    if piece.about:
        told.append(piece.about)
    if piece.document.is_withdrawn:
        told.append(_("Retiré : %(reason)s") % {"reason": piece.document.withdrawal_reason})
    elif piece.is_superseded:
        told.append(_("Remplacé par une version plus récente"))
    return "\n".join(told)


def _filed(piece: Piece) -> str:
    return f"{day(piece.document.uploaded_at)}\n{piece.document.uploaded_by}"
