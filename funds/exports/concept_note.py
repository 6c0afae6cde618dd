"""A concept note as a document for donors: a page or two, the outline of its budget at the end."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funds.models import ConceptNote, NoteStatus
from funds.themes import themes
from sr_portal.documents.paper import Block, Bullets, Column, Paper, Table, Text, facts, section
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import amount, day, number, usd


def concept_note(note: ConceptNote) -> Paper:
    """`note` with its places, addressees, lines and priority read already."""
    return Paper(
        title=_("Note conceptuelle"),
        file_name=f"{_('Note conceptuelle')} {note.title}",
        language=(get_language() or "fr")[:2],
        made_at=clock.now(),
        subtitle=note.title,
        draft=NoteStatus.DRAFT.label if note.status == NoteStatus.DRAFT else "",
        blocks=[
            *section(_("L’essentiel"), _about(note)),
            *section(_("Contexte et besoin"), Text(note.need) if note.need else None),
            *section(_("Objectif"), Text(note.objective) if note.objective else None),
            *section(_("Résultats attendus"), Bullets(note.expected) if note.expected else None),
            *section(_("Bénéficiaires"), Text(note.beneficiaries) if note.beneficiaries else None),
            *section(_("Budget indicatif"), _budget(note)),
        ],
    )


def _about(note: ConceptNote) -> Block | None:
    places = [place.region.name for place in note.places.all()]
    return facts(
        (_("Mécanisme"), note.mechanism.name),
        (_("Donateurs"), ", ".join(one.donor.name for one in note.addressees.all())),
        (_("Régions"), ", ".join(places) or _("Tout le pays")),
        (_("Thème"), themes().get(note.theme, note.theme)),
        (
            _("Priorité du plan régional"),
            f"{note.priority.plan.region.name} : {note.priority}" if note.priority else "",
        ),
        (_("Durée"), _("%(months)s mois") % {"months": note.months} if note.months else ""),
        (_("Nombre de bénéficiaires"), number(note.beneficiaries_count)),
        (_("Budget indicatif"), usd(note.budget_usd) if note.budget_usd else ""),
        (_("Partagée le"), day(note.shared_on)),
    )


def _budget(note: ConceptNote) -> Table | None:
    rows = [[line.get_category_display(), line.label, amount(line.amount_usd)] for line in note.lines.all()]
    columns = [Column(_("Rubrique")), Column(_("Désignation"), weight=3), Column(_("Montant (USD)"), "right")]
    return Table(columns, rows, foot=[[_("Total"), "", amount(note.budget_usd)]]) if rows else None
