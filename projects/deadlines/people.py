"""Who must act: their name or office, as pages and mails say it."""

from django.utils.translation import gettext as _

from projects.models import Committee, Deadline, ItemState, Project

from .turns import Party


def who(deadline: Deadline, project: Project, committee: Committee | None = None) -> str:
    """Whose turn it is, in the reader's language; `committee` is the one awaited (`road_page.committee_awaited`).

    `project` comes with its author, co-authors, region, mechanism and agenda items.
    """
    turn = deadline.whose
    if turn is None:
        return ""
    if deadline.person:
        return str(deadline.person)
    match turn.party:
        case Party.WRITERS:
            return ", ".join(str(person) for person in (project.author, *project.coauthors.all()))
        case Party.OFFICERS | Party.SCREENER:
            return _("Un gestionnaire du programme")
        case Party.SECRETARIES:
            return _("Le secrétariat : %(committee)s") % {"committee": committee or _("comité de revue à constituer")}
        case Party.JUDGES:
            items = [item for item in project.agenda_items.all() if item.state == ItemState.WAITING]
            return str(items[0].session.committee) if items else _("Le comité de revue")
        case Party.APPROVERS:
            if project.budget_usd <= project.mechanism.delegated_usd:
                return _("L’autorité d’approbation (%(region)s ou mission)") % {"region": project.region}
            return _("L’autorité d’approbation de la mission")
        case Party.AUTHORITY:
            return _("L’autorité d’approbation ou un autre chargé des finances")
        case Party.FINANCE:
            return _("Un chargé des finances")
    return ""
