"""An amendment (avenant) to the agreement: what changes, before and after, why, and who decided it."""

from django.utils.translation import gettext as _

from projects.models import Amendment, AmendmentState, Project
from projects.views import amendment_page
from sr_portal.documents.paper import (
    Block,
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
from sr_portal.web.templatetags.portal import day, moment

from . import parts


def amendment_paper(project: Project, amendment: Amendment) -> Paper:
    """`project` as `for_page().with_life("agreement", "amendments")` reads it, and one of its amendments."""
    title = _("Avenant n° %(number)s au protocole d’accord") % {"number": amendment.number}
    return parts.new_paper(
        title,
        _("Avenant %(number)s %(reference)s") % {"number": amendment.number, "reference": project.agreement.number},
        subtitle=project.title,
        reference=project.agreement.number,
        draft="" if amendment.state == AmendmentState.APPROVED else amendment.state_label.label,
        blocks=content(project, amendment),
    )


def content(project: Project, amendment: Amendment) -> list[Block]:
    """The amendment without its letterhead, for larger documents."""
    return [
        *section(_("L’avenant"), _about(project, amendment)),
        *section(_("Motif"), Text(amendment.reason)),
        *section(
            _("Ce qui change"), changes(project, amendment) or Text(_("Aucune modification n’est encore écrite."))
        ),
        *section(_("Décision"), _decided(amendment)),
        Together([Heading(_("Signatures")), Text(_rest()), _signatures(project)]),
    ]


def _about(project: Project, amendment: Amendment) -> Block | None:
    delta = amendment.budget_delta_usd
    return facts(
        (_("Protocole d’accord"), project.agreement.number),
        (_("Signé le"), day(project.agreement.signed_on)),
        (_("Partenaire de mise en œuvre"), project.partner or ""),
        (_("Variation du budget"), amendment_page.signed(delta) if delta else _("aucune")),
        (_("Rédigé par"), amendment.written_by),
        (_("Soumis le"), moment(amendment.submitted_at)),
        (_("État"), amendment.state_label.label),
    )


def changes(project: Project, amendment: Amendment) -> Table | None:
    """As the amendment's own page tells them, one row for each part that differs."""
    shown = amendment_page.shown(project, amendment.changes, amendment_page.partner_names([amendment]))
    rows = [
        [change.label if rank == 0 else "", row.label, row.before, row.after]
        for change in shown
        for rank, row in enumerate(change.rows)
    ]
    has_parts = any(row[1] for row in rows)
    columns = [
        Column(_("Élément"), weight=1.2), Column(_("Partie"), weight=1.2), Column(_("Avant"), weight=1.8),
        Column(_("Après"), weight=1.8),
    ]  # fmt: skip
    if not has_parts:
        columns, rows = [columns[0], *columns[2:]], [[row[0], *row[2:]] for row in rows]
    return Table(columns, rows) if rows else None


def _decided(amendment: Amendment) -> Block | None:
    if amendment.decided_at is None:
        return None
    return facts(
        (_("Décision"), amendment.state_label.label),
        (_("Décidé par"), amendment.decided_by or ""),
        (_("Décidé le"), moment(amendment.decided_at)),
        (_("Motifs"), amendment.decision_note),
    )


def _rest() -> str:
    return _("Les autres dispositions du protocole d’accord restent inchangées.")


def _signatures(project: Project) -> Signatures:
    agreement = project.agreement
    return Signatures(
        [
            Signatory(_("Pour le partenaire"), agreement.partner_signatory, agreement.partner_function),
            Signatory(_("Pour la mission"), agreement.mission_signatory, agreement.mission_function),
        ]
    )
