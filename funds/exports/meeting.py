"""The minutes of a coordination meeting (compte rendu): who came, the agenda, what was said and decided."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funds.models import Meeting, MeetingState
from sr_portal.documents.paper import Block, Bullets, Column, Paper, Table, Text, facts, section
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day

NOTHING = "–"


def meeting_minutes(meeting: Meeting) -> Paper:
    """`meeting` as `MeetingQuerySet.for_page` reads it; before it was held, its agenda and who is invited."""
    held = meeting.state == MeetingState.HELD
    title = _("Compte rendu de réunion") if held else _("Ordre du jour")
    return Paper(
        title=title,
        file_name=f"{title} {meeting.held_on.isoformat()} {meeting.group}",
        language=(get_language() or "fr")[:2],
        made_at=clock.now(),
        subtitle=meeting.group,
        reference=_("Réunion du %(day)s") % {"day": day(meeting.held_on)},
        draft="" if held else meeting.state_label.label,
        blocks=[
            *section(_("Réunion"), _about(meeting)),
            *section(_("Ordre du jour"), Bullets(meeting.points) if meeting.points else None),
            *section(_("Participants"), _participants(meeting)),
            *section(_("Compte rendu"), Text(meeting.minutes) if meeting.minutes else None),
            *section(_("Décisions"), _decisions(meeting)),
        ],
    )


def _about(meeting: Meeting) -> Block | None:
    hour = meeting.starts_at.strftime("%H\u00a0h\u00a0%M") if meeting.starts_at else ""
    return facts(
        (_("Objet"), meeting.title),
        (_("Groupe"), meeting.group),
        (_("Date et lieu"), ", ".join(part for part in (day(meeting.held_on), hour, meeting.place) if part)),
        (_("Rédigé par"), meeting.minutes_by or ""),
    )


def _participants(meeting: Meeting) -> Table | None:
    rows = [
        [
            str(one.organisation or _("Mission")),
            one.name or NOTHING,
            one.function or NOTHING,
            one.get_presence_display(),
        ]
        for one in meeting.participants.all()
    ]
    columns = [
        Column(_("Organisation"), weight=2), Column(_("Personne"), weight=1.5), Column(_("Fonction"), weight=1.5),
        Column(_("Présence")),
    ]  # fmt: skip
    return Table(columns, rows) if rows else None


def _decisions(meeting: Meeting) -> Table | None:
    rows = [
        [
            str(decision.number), decision.text, decision.owner_names, day(decision.due_on),
            f"{decision.state_label.label}\n{decision.outcome}".strip(),
        ]
        for decision in meeting.decisions.all()
    ]  # fmt: skip
    columns = [
        Column(_("N°"), "right"), Column(_("Décision"), weight=3), Column(_("Responsable"), weight=1.5),
        Column(_("Échéance")), Column(_("Suivi"), weight=1.5),
    ]  # fmt: skip
    return Table(columns, rows) if rows else None
