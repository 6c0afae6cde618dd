"""What of a project partners may know, and who decides it (issue of the open formats; decision 0012)."""

import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Disclosure(models.TextChoices):
    """How much of a published project is told, from all to nothing but that it exists."""

    FULL = "full", _("Tout ce qui se publie, lieu exact compris")
    CERCLE = "cercle", _("Sans le lieu : le cercle seulement, et aucun texte libre")
    HIDDEN = "hidden", _("Rien de plus que son identifiant et son état")

    @property
    def tone(self) -> str:
        return {"full": "positive", "cercle": "warning", "hidden": "danger"}[self.value]

    @property
    def icon(self) -> str:
        return {"full": "check-circle", "cercle": "geo-alt", "hidden": "lock"}[self.value]

    @property
    def short(self):
        return SHORT[self]


SHORT = {
    Disclosure.FULL: pgettext_lazy("publication", "Publié"),
    Disclosure.CERCLE: pgettext_lazy("publication", "Publié sans le lieu"),
    Disclosure.HIDDEN: pgettext_lazy("publication", "Détail non publié"),
}

STRICTNESS = {Disclosure.FULL: 0, Disclosure.CERCLE: 1, Disclosure.HIDDEN: 2}
RISK_DECLARED = "La proposition déclare que la visibilité mettrait des personnes en danger."

TITLE_NAMES_PLACE = _("Cet intitulé nomme le lieu qu’il s’agit de taire : remplacez-le par le cercle.")
REASON_NEEDED = _("Dites pourquoi : le motif reste dans l’historique du projet.")


def loosens(before: str, after: str) -> bool:
    """More would be told than before."""
    return STRICTNESS[Disclosure(after)] < STRICTNESS[Disclosure(before)]


def names_place(title: str, locality: str) -> bool:
    """The title holds the locality's name, whatever its accents and capitals; as `unaccent(lower())` in the trigger."""
    place = plain(locality)
    return bool(place) and place in plain(title)


def plain(text: str) -> str:
    marks = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    return "".join(sign for sign in marks if not unicodedata.combining(sign)).strip()
