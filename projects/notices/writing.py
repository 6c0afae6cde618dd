"""What a mail about a project says: facts that its reader finds on the project's page, and never bank details.

Reasons and remarks that people type are not quoted: mail travels further than the portal's rules of reading.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.deadlines.turns import TURNS
from projects.models import Deadline, Project
from sr_portal.notices.kinds import Kind
from sr_portal.web.templatetags.portal import day

from .people import Happening


def path_of(happening: Happening) -> str:
    turn = TURNS.get(happening.about.turn)
    route = happening.about.route or (turn.route if turn else "projects:detail")
    return reverse(route, args=[happening.project.pk])


def named(project: Project) -> str:
    return project.reference or project.title


def told_as(happening: Happening, kind: Kind, due_on=None) -> tuple[str, str]:
    """Subject and text, in the language that is active; `due_on` is by when the turn must be taken."""
    event, project = happening.about, happening.project
    done = str(event.done).format(detail=happening.detail)
    lines = [
        _("%(done)s (par %(actor)s).") % {"done": done, "actor": happening.actor},
        "",
        str(project.title),
        ", ".join(str(part) for part in (project.locality, project.region) if part),
    ]
    if kind is not Kind.TURN:
        return f"{done} – {named(project)}", "\n".join(lines)
    what = str(TURNS[event.turn].what)
    lines += ["", _("Ce que l’on attend de vous : %(what)s.") % {"what": what}]
    if due_on:
        lines.append(_("Échéance : %(day)s.") % {"day": day(due_on)})
    return _("À vous d’agir : %(what)s – %(project)s") % {"what": what, "project": named(project)}, "\n".join(lines)


def reminded_as(deadline: Deadline, project: Project, kind: Kind, late: int) -> tuple[str, str]:
    """Subject and text of a reminder; `late` is by how many days it is past its day, negative before it."""
    label = deadline.label
    values = {"label": label, "project": named(project), "days": abs(late), "day": day(deadline.due_on)}
    if late < 0:
        subject = _("Échéance le %(day)s : %(label)s – %(project)s") % values
    elif late == 0:
        subject = _("Échéance aujourd’hui : %(label)s – %(project)s") % values
    else:
        subject = ngettext(
            "En retard de %(days)s jour : %(label)s – %(project)s", "En retard de %(days)s jours : %(label)s – %(project)s", late
        ) % values  # fmt: skip
    lines = [
        str(project.title),
        ", ".join(str(part) for part in (project.locality, project.region) if part),
        _("Échéance : %(day)s.") % values,
    ]
    if kind is Kind.ESCALATION:
        lines.append(
            _("Attendu de : %(office)s (%(what)s).") % {"office": deadline.office, "what": deadline.whose.what}
        )
    else:
        lines.append(_("Ce que l’on attend de vous : %(what)s.") % {"what": deadline.whose.what})
    return subject, "\n".join(lines)
