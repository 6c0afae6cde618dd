"""The main menu as one table: what it says, where it leads, who sees it."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sr_portal.accounts.roles import COMMITTEE_ROLES, Role


@dataclass(frozen=True)
class Entry:
    """`roles` empty means everybody who is signed in; `within` are the other routes that light this entry up."""

    label: str | Promise
    route: str
    icon: str
    roles: frozenset[Role] = frozenset()
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    label: str | Promise
    url: str
    icon: str
    is_current: bool


MONEY_READERS = frozenset(
    {
        Role.PROGRAMME_OFFICER,
        Role.APPROVER,
        Role.FINANCE_OFFICER,
        Role.REGIONAL_MANAGER,
        Role.SECTION_HEAD,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
        *COMMITTEE_ROLES,
    }
)

PARTNER_READERS = frozenset(Role) - {Role.PARTNER}

IMPORTERS = frozenset(
    {Role.SECTION_HEAD, Role.PROGRAMME_OFFICER, Role.REGIONAL_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR}
)

PROJECT_READERS = frozenset(Role) - {Role.PARTNER, Role.ADMINISTRATOR}

ENTRIES: tuple[Entry, ...] = (
    Entry(_("Accueil"), "home", "house"),
    Entry(
        _("Tableau de bord"),
        "dashboards:portfolio",
        "clipboard-check",
        PROJECT_READERS - {Role.PROPOSER},
        within=("dashboards:",),
    ),
    Entry(_("Projets"), "projects:list", "folder", frozenset(Role) - {Role.PARTNER}, within=("projects:",)),
    Entry(_("Carte"), "projects:map", "geo-alt", PROJECT_READERS),
    Entry(_("Visites"), "projects:visit_calendar", "calendar", PROJECT_READERS, within=("projects:visit_field",)),
    Entry(_("Constats"), "projects:findings", "flag", PROJECT_READERS),
    Entry(
        _("Comité"),
        "projects:sessions",
        "people",
        COMMITTEE_ROLES
        | {Role.PROGRAMME_OFFICER, Role.APPROVER, Role.SECTION_HEAD, Role.REGIONAL_MANAGER, Role.AUDITOR},
        within=("projects:session",),
    ),
    Entry(
        _("Paiements"),
        "projects:payments_due",
        "cash",
        frozenset(
            {
                Role.PROGRAMME_OFFICER,
                Role.APPROVER,
                Role.FINANCE_OFFICER,
                Role.REGIONAL_MANAGER,
                Role.SECTION_HEAD,
                Role.AUDITOR,
            }
        ),
    ),
    Entry(
        _("À clôturer"),
        "projects:closures",
        "flag",
        frozenset(
            {Role.FINANCE_OFFICER, Role.PROGRAMME_OFFICER, Role.REGIONAL_MANAGER, Role.SECTION_HEAD, Role.AUDITOR}
        ),
    ),
    Entry(_("Leçons apprises"), "projects:lessons", "journal", frozenset(Role) - {Role.PARTNER, Role.ADMINISTRATOR}),
    Entry(
        _("Fonds"),
        "projects:funds",
        "wallet",
        MONEY_READERS,
        within=(
            "projects:fund",
            "funds:envelope",
            "funds:contribution",
            "funds:donor",
            "funds:carry_over",
            "funds:prospect",
            "funds:concept",
            "projects:gaps",
            "projects:year_end",
            "projects:donor",
        ),
    ),
    Entry(
        _("Partenaires"),
        "funds:partners",
        "building",
        frozenset(Role) - {Role.PARTNER},
        within=("funds:partner", "funds:interest", "funds:bank", "projects:concentration"),
    ),
    Entry(
        _("Coordination"),
        "funds:activities",
        "repeat",
        PARTNER_READERS,
        within=("funds:activit", "funds:meeting", "funds:decision"),
    ),
    Entry(
        _("Plans et études"),
        "projects:plans",
        "clipboard-check",
        PARTNER_READERS,
        within=("projects:plan", "projects:stud"),
    ),
    Entry(
        _("Données"),
        "projects:data",
        "download",
        within=("projects:data_file", "projects:published_file"),
    ),
    Entry(_("Importer"), "imports:home", "upload", IMPORTERS, within=("imports:",)),
    Entry(_("Régions"), "regions:list", "map", within=("regions:",)),
    Entry(
        _("Personnes"),
        "accounts:people",
        "person-gear",
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
        within=("accounts:person", "accounts:role"),
    ),
    Entry(_("Courriels"), "notices:journal", "envelope", frozenset({Role.ADMINISTRATOR, Role.AUDITOR})),
    Entry(_("Référentiels"), "admin:index", "sliders", frozenset({Role.ADMINISTRATOR}), within=("admin:",)),
)


def entries_for(request: HttpRequest) -> list[Link]:
    """What this user may open, the current part of the portal marked by its longest matching route."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    here = request.resolver_match.view_name if request.resolver_match else ""
    visible = [entry for entry in ENTRIES if not entry.roles or user.has_role(*entry.roles)]
    current = max(visible, key=lambda entry: _closeness(entry, here), default=None)
    links = []
    for entry in visible:
        try:
            url = _address(entry.route, get_urlconf(), get_script_prefix())
        except NoReverseMatch:
            continue
        links.append(Link(entry.label, url, entry.icon, entry is current and _closeness(entry, here) > 0))
    return links


@lru_cache
def _address(route: str, _urlconf: str | None, _prefix: str) -> str:
    return reverse(route)


def _closeness(entry: Entry, here: str) -> int:
    """How many characters of the current route this entry claims; 0 when it is not part of it."""
    if here == entry.route:
        return 1000
    return max((len(prefix) for prefix in entry.within if here.startswith(prefix)), default=0)
