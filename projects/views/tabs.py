"""The pages of one project, as the tabs above each of them: a table of what there is and from which state on."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.states import GRANTED, State


@dataclass(frozen=True)
class Tab:
    """A page of the project; it is shown in `states`, or in all when None. `route` takes the project's key."""

    name: str
    label: str | Promise
    route: str
    states: frozenset[State] | None = None


TABS = (
    Tab("detail", _("Projet"), "projects:detail"),
    Tab("agreement", _("Protocole"), "projects:agreement", GRANTED),
    Tab("money", _("Argent"), "projects:money", GRANTED - {State.APPROVED}),
    Tab("visits", _("Visites et constats"), "projects:visits", GRANTED - {State.APPROVED}),
    Tab("reports", _("Rapports"), "projects:reports", GRANTED - {State.APPROVED}),
    Tab("amendments", _("Avenants"), "projects:amendments", GRANTED - {State.APPROVED}),
    Tab("completion", _("Réception et clôture"), "projects:completion", GRANTED - {State.APPROVED, State.AGREED}),
    Tab("publication", _("Publication"), "projects:publication", GRANTED),
    Tab("dossier", _("Dossier"), "projects:dossier"),
    Tab("history", _("Historique"), "projects:history"),
)


def tabs_of(project, current: str) -> list[dict[str, object]]:
    """Each tab with its address, in order; a part that is not there yet has none and is left out."""
    shown = []
    for tab in TABS:
        if tab.states is not None and State(project.state) not in tab.states:
            continue
        try:
            url = reverse(tab.route, args=[project.pk])
        except NoReverseMatch:
            continue
        shown.append({"label": tab.label, "url": url, "current": tab.name == current})
    return shown
