"""The decision of a meeting is told to the person who is to carry it out: when it is given, and once its day is near
or past, by `manage.py run_due`."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _  # read in the language of whom it is written to

from funds.models import MeetingDecision
from sr_portal.notices.kinds import Kind
from sr_portal.notices.telling import Message, tell
from sr_portal.web.templatetags.portal import day

BEFORE_DAYS = 7


def tell_owner(decision: MeetingDecision, *, by) -> int:
    """A decision was given to somebody, who did not write it themselves; gives the number of mails."""
    if decision.owner is None or decision.owner_id == by.pk:
        return 0
    key = f"decision:{decision.pk}:given:{decision.owner_id}:{decision.version}"
    return len(
        tell(_message(decision, key, _("Une décision de réunion vous est confiée")), {decision.owner: Kind.TURN})
    )


def remind(on: dt.date) -> int:
    """Those who are to carry out a decision that falls due within a week or is past its day, each once a stage."""
    found = MeetingDecision.objects.open().filter(owner__isnull=False, due_on__lte=on + dt.timedelta(days=BEFORE_DAYS))
    told = 0
    for decision in found.for_list().order_by("due_on", "pk"):
        late = (on - decision.due_on).days
        stage = f"late-{(late - 1) // 7}" if late > 0 else "before"
        title = _("Décision de réunion en retard") if late > 0 else _("Décision de réunion à exécuter")
        key = f"decision:{decision.pk}:{decision.due_on.isoformat()}:{stage}"
        told += len(tell(_message(decision, key, title), {decision.owner: Kind.LATE if late > 0 else Kind.REMINDER}))
    return told


def _message(decision: MeetingDecision, key: str, title: str) -> Message:
    meeting = decision.meeting

    def write(_kind: Kind) -> tuple[str, str]:
        text = _("%(group)s, réunion du %(held)s.\n\n%(text)s\n\nÀ faire avant le %(due)s.") % {
            "group": meeting.group, "held": day(meeting.held_on), "text": decision.text, "due": day(decision.due_on),
        }  # fmt: skip
        return f"{title} – {day(decision.due_on)}", text

    return Message(key=key, write=write, path=reverse("funds:meeting", args=[meeting.pk]))
