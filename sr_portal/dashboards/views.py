"""The home page of each role: what waits for its reader, oldest first, then how their projects stand."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from projects.access import READERS
from projects.models import Project
from projects.states import State
from projects.views import payments_due
from projects.views.lists import rows_of
from sr_portal.accounts.roles import COMMITTEE_ROLES, Role
from sr_portal.dashboards import summaries
from sr_portal.web import clock
from sr_portal.web.keyset import counted
from sr_portal.web.navigation import MONEY_READERS


@dataclass(frozen=True)
class Shortcut:
    label: str | Promise
    route: str
    icon: str
    roles: frozenset[Role]
    query: str = ""

    @property
    def url(self) -> str:
        """Empty while the part of the portal that it leads to is not there."""
        try:
            return reverse(self.route) + self.query
        except NoReverseMatch:
            return ""


READING = frozenset(READERS)
SHORTCUTS = (
    Shortcut(_("Rédiger une proposition"), "projects:create", "plus", frozenset({Role.PROPOSER})),
    Shortcut(
        _("Notes conceptuelles acceptées"), "funds:concept_notes", "journal", frozenset({Role.PROPOSER}), "?etat=accepted"
    ),
    Shortcut(_("Séances du comité"), "projects:sessions", "people", COMMITTEE_ROLES),
    Shortcut(
        _("Propositions à prendre en examen"), "projects:list", "search", frozenset({Role.PROGRAMME_OFFICER}),
        "?etat=submitted&tri=attente",
    ),
    Shortcut(
        _("Propositions recommandées"), "projects:list", "hand-thumbs-up", frozenset({Role.APPROVER}),
        "?etat=recommended&etat=not_recommended&tri=attente",
    ),
    Shortcut(
        _("Enveloppes de l’exercice"), "funds:envelopes", "wallet",
        frozenset({Role.APPROVER, Role.FINANCE_OFFICER, Role.SECTION_HEAD}) & MONEY_READERS,
    ),
    Shortcut(_("Points d’attention"), "dashboards:attention", "exclamation-triangle", frozenset({Role.REGIONAL_MANAGER, Role.SECTION_HEAD})),
    Shortcut(_("Tous les projets"), "projects:list", "folder", READING),
    Shortcut(_("Déclarer un intérêt"), "funds:interests", "flag", COMMITTEE_ROLES | {Role.PROGRAMME_OFFICER, Role.APPROVER}),
    Shortcut(_("Gérer les personnes"), "accounts:people", "person-gear", frozenset({Role.ADMINISTRATOR})),
    Shortcut(_("Consulter les personnes"), "accounts:people", "person-gear", frozenset({Role.AUDITOR})),
    Shortcut(_("Données de référence"), "admin:index", "sliders", frozenset({Role.ADMINISTRATOR})),
)  # fmt: skip


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    context = {
        "today": clock.today(),
        "shortcuts": [shortcut for shortcut in SHORTCUTS if user.has_role(*shortcut.roles) and shortcut.url],
        "reads_projects": user.has_role(*READERS),
        "has_role": bool(user.scopes),
        "only_partner": set(user.scopes) == {Role.PARTNER},
    }
    if context["reads_projects"]:
        context |= projects_of(user)
    return render(request, "dashboards/home.html", context)


def projects_of(user) -> dict:
    """What the home page says of projects to somebody who reads some."""
    visible = Project.objects.visible_to(user)
    waiting = summaries.waiting_for(user)
    first = list(waiting[: summaries.WAITING_SHOWN])
    regions = summaries.by_region(user) if user.has_role(*summaries.OVERVIEW_ROLES) else []
    return {
        "waiting": first,
        "waiting_count": counted(waiting) if len(first) == summaries.WAITING_SHOWN else len(first),
        "waits": user.has_role(*WAITED_FOR),
        "own": rows_of(summaries.own_proposals(user)[: summaries.RECENT_SHOWN]) if Role.PROPOSER in user.scopes else [],
        "states": summaries.counts_by_state(user),
        "decisions": list(summaries.recent_decisions(visible)),
        "regions": regions,
        "region_totals": {key: sum(line[key] for line in regions) for key in ("drafts", "road", "approved", "approved_usd")},
        "envelopes": summaries.current_envelopes() if user.has_role(*summaries.MONEY_ROLES) else [],
        "money": payments_due.awaiting(user),
        "donor_reports": summaries.donor_reports_near(user),
        "sessions": list(summaries.coming_sessions(user)) if summaries.wants_sessions(user) else [],
        "prospects": list(summaries.next_steps_of(user)),
        "draft_state": State.DRAFT,
    }  # fmt: skip


# Those on whose act the road waits; the others only read.
WAITED_FOR = (
    Role.PROPOSER,
    Role.PROGRAMME_OFFICER,
    Role.COMMITTEE_MEMBER,
    Role.COMMITTEE_CHAIR,
    Role.COMMITTEE_SECRETARY,
    Role.APPROVER,
    Role.FINANCE_OFFICER,
)
