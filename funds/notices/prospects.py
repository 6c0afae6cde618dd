"""Whoever is responsible for a prospect is told of it once it is theirs, then of its next step before its day and while
it is late, by `manage.py run_due`."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _  # read in the language of whom it is written to

from funds.models import Prospect
from sr_portal.notices.kinds import Kind
from sr_portal.notices.telling import Message, tell
from sr_portal.web.templatetags.portal import day, usd


def tell_responsible(prospect: Prospect, *, by) -> int:
    """A prospect was given to somebody else than who wrote it; gives the number of mails."""
    if prospect.responsible_id == by.pk:
        return 0
    prospect.refresh_from_db(fields=["amount_usd", "weighted_usd"])
    key = f"prospect:{prospect.pk}:given:{prospect.responsible_id}:{prospect.next_step_on}"
    return len(tell(_message(prospect, key, _("Un prospect vous est confié")), {prospect.responsible: Kind.TURN}))


def remind(on: dt.date) -> int:
    """Those whose next step falls due within a week or is late, each once a stage; gives the number of mails."""
    told = 0
    for prospect in Prospect.objects.due(on).for_list().order_by("next_step_on", "pk"):
        late = (on - prospect.next_step_on).days
        stage = f"late-{(late - 1) // 7}" if late > 0 else "before"
        title = _("Prochaine étape en retard") if late > 0 else _("Prochaine étape à faire")
        key = f"prospect:{prospect.pk}:{prospect.next_step_on.isoformat()}:{stage}"
        kind = Kind.LATE if late > 0 else Kind.REMINDER
        told += len(tell(_message(prospect, key, title), {prospect.responsible: kind}))
    return told


def _message(prospect: Prospect, key: str, title: str) -> Message:
    def write(_kind: Kind) -> tuple[str, str]:
        text = _("%(title)s – %(donor)s, %(amount)s.\n\n%(step)s\n\nÀ faire avant le %(due)s.") % {
            "title": prospect.title, "donor": prospect.donor_label, "amount": usd(prospect.amount_usd),
            "step": prospect.next_step, "due": day(prospect.next_step_on),
        }  # fmt: skip
        return f"{title} – {prospect.donor_label}", text

    return Message(key=key, write=write, path=reverse("funds:prospect", args=[prospect.pk]))
