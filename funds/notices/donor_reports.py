"""A report owed to a donor is told to who answers for it: when it is given to them, before its day and once it is late;
a lasting delay also to the heads of section. Run by `manage.py run_due`."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from funds.models import DonorReport
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.notices.kinds import Kind
from sr_portal.notices.telling import Message, tell
from sr_portal.web.templatetags.portal import day

BEFORE_DAYS = (30, 7, 0)  # reminded once within each of these
ESCALATED_AFTER_DAYS = 4


def tell_responsible(report: DonorReport, *, by: User) -> int:
    """A report was given to somebody who did not write that themselves; gives the number of mails."""
    if report.responsible_id == by.pk:
        return 0
    key = f"donor-report:{report.pk}:given:{report.responsible_id}"
    return len(tell(_message(report, key), {report.responsible: Kind.TURN}))


def tell_undone(report: DonorReport, *, by: User) -> int:
    """A recorded sending was undone by somebody else than who answers for it: it is their turn again."""
    if report.responsible_id == by.pk or report.undone_at is None:
        return 0
    key = f"donor-report:{report.pk}:undone:{report.undone_at.isoformat()}"
    return len(tell(_message(report, key, undone=True), {report.responsible: Kind.TURN}))


def stage_of(report: DonorReport, on: dt.date) -> tuple[str, Kind] | None:
    """The stage that an owed report has reached on a day; None while there is nothing to say."""
    left = (report.due_on - on).days
    if left < 0:
        return f"late-{(-left - 1) // 7}", Kind.LATE
    reached = [days for days in BEFORE_DAYS if left <= days]
    return (f"before-{min(reached)}", Kind.REMINDER) if reached else None


def remind(on: dt.date) -> int:
    """Everybody who is to be told something on this day and was not yet, each stage once; gives the number of mails."""
    last = on + dt.timedelta(days=max(BEFORE_DAYS))
    found = DonorReport.objects.due().filter(due_on__lte=last, contribution__withdrawn_on=None)
    heads = list(User.objects.filter(is_active=True).holding(Role.SECTION_HEAD.value))
    told = 0
    for report in found.select_related("contribution__donor", "responsible").order_by("due_on", "pk"):
        stage, kind = stage_of(report, on) or ("", Kind.REMINDER)
        told += len(tell(_message(report, _key(report, stage)), {report.responsible: kind}))
        if (on - report.due_on).days >= ESCALATED_AFTER_DAYS:
            others = {head: Kind.ESCALATION for head in heads if head.pk != report.responsible_id}
            told += len(tell(_message(report, _key(report, "to-head")), others))
    return told


def _key(report: DonorReport, stage: str) -> str:
    """A report that is given another day is told of anew."""
    return f"donor-report:{report.pk}:{report.due_on.isoformat()}:{stage}"


def _title(kind: Kind) -> str:
    return {
        Kind.TURN: _("Un rapport à un donateur vous est confié"),
        Kind.REMINDER: _("Rapport à un donateur : l’échéance approche"),
        Kind.LATE: _("Rapport à un donateur en retard"),
        Kind.ESCALATION: _("Rapport à un donateur en retard, confié à une autre personne"),
    }[kind]


def _message(report: DonorReport, key: str, *, undone: bool = False) -> Message:
    contribution = report.contribution

    def write(kind: Kind) -> tuple[str, str]:
        text = _(
            "Donateur : %(donor)s\nContribution : %(reference)s – %(title)s\nRapport : %(report)s\n"
            "À transmettre le %(due)s au plus tard.\nResponsable : %(who)s"
        ) % {
            "donor": contribution.donor, "reference": contribution.reference, "title": contribution.title,
            "report": report, "due": day(report.due_on), "who": report.responsible,
        }  # fmt: skip
        if undone:
            text += "\n" + _("L’envoi qui était enregistré a été retiré : %(reason)s") % {"reason": report.undo_reason}
        return f"{_title(kind)} – {contribution.donor}, {day(report.due_on)}", text

    return Message(key=key, write=write, path=reverse("funds:donor_report", args=[report.pk]))
