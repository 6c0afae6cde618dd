"""What the script of the map is told: addresses, looks of the states, and its words in the reader's language."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funds.models import ActivityStatus
from projects.states import State
from sr_portal.web.templatetags.portal import SPRITE

HERE = 0  # a key that no record has: the script puts the record's own in its place


def config(*, reads_activities: bool) -> dict[str, Any]:
    """Written into the page as JSON (`static/js/map/page.js` reads it)."""
    return {
        "language": get_language(),
        "sprite": static(SPRITE),
        "tiles": {"url": settings.MAP_TILES_URL, "credit": settings.MAP_TILES_CREDIT},
        "outlines": reverse("regions:outlines"),
        "projects": {
            "points": reverse("projects:map_points"),
            "page": reverse("projects:detail", args=[HERE]),
            "photos": reverse("projects:map_photos", args=[HERE]),
            "states": {state.value: [str(state.label), state.tone, state.icon] for state in State},
        },
        "activities": {
            "points": reverse("funds:activities_points"),
            "page": reverse("funds:activity", args=[HERE]),
            "states": {status.value: [str(status.label), status.tone, status.icon] for status in ActivityStatus},
        }
        if reads_activities
        else None,
        "words": words(),
    }


def words() -> dict[str, str]:
    return {
        "zoomIn": _("Agrandir"),
        "zoomOut": _("Réduire"),
        "close": _("Fermer"),
        "activity": _("Activité d’un partenaire"),
        "approximate": _("position approximative"),
        "here": _("{count} à cet endroit : agrandir pour les distinguer"),
        "same": _("{count} au même endroit"),
        "others": _("et {count} autres, à chercher dans le tableau"),
        "asked": _("demandé"),
        "approved": _("approuvé"),
        "photo": _("Photo : {stage}"),
        "noPhoto": _("Aucune photo avant ou après les travaux."),
        "loadingPhotos": _("Chargement des photos…"),
        "failed": _("La carte n’a pas pu être chargée. Le tableau ci-dessous dit la même chose ; rechargez la page pour réessayer."),
        "failedPhotos": _("Les photos n’ont pas pu être chargées."),
        "shown": _("{count} projets sur la carte"),
        "shownOne": _("1 projet sur la carte"),
        "shownNone": _("Aucun projet sur la carte"),
        "gathered": _("{count} projets, comptés par zone : agrandissez pour voir chacun d’eux."),
        "nowhere": _("{count} activités concernent tout le pays et ne sont pas sur la carte."),
    }  # fmt: skip
