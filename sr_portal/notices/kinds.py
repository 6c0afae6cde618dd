"""What the portal writes to people about, and how each of them may choose to hear of it."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a mail is about; `DIGEST` is the one that gathers others, and is nobody's choice."""

    TURN = "turn", _("C’est à moi d’agir")
    PROGRESS = "progress", _("Ce que deviennent les projets que je suis")
    REMINDER = "reminder", _("Échéances qui approchent")
    LATE = "late", _("Échéances dépassées")
    ESCALATION = "escalation", _("Retards d’autrui portés à ma connaissance")
    DIGEST = "digest", _("Récapitulatif")


class Way(models.TextChoices):
    NOW = "now", _("Aussitôt")
    DAILY = "daily", _("Dans le récapitulatif du jour")
    WEEKLY = "weekly", _("Dans le récapitulatif du lundi")
    NEVER = "never", _("Jamais")


@dataclass(frozen=True)
class Choice:
    """How a kind reaches who chose nothing, and among which ways they may choose."""

    default: Way
    help: str
    ways: tuple[Way, ...] = tuple(Way)


# A late file is told to the next role whatever they prefer: escalation is what auditors ask for (domain guide §4, §9).
ALWAYS = (Way.NOW, Way.DAILY, Way.WEEKLY)

CHOICES: dict[Kind, Choice] = {
    Kind.TURN: Choice(Way.NOW, _("Une étape vient de passer à votre rôle : examen, décision, paiement, rapport, constat.")),
    Kind.PROGRESS: Choice(Way.DAILY, _("Une décision ou une étape sur un projet que vous suivez, sans rien à faire pour vous.")),
    Kind.REMINDER: Choice(Way.DAILY, _("Quelques jours avant l’échéance, puis le jour même.")),
    Kind.LATE: Choice(Way.DAILY, _("Le lendemain de l’échéance, puis chaque semaine tant que le retard dure.")),
    Kind.ESCALATION: Choice(Way.DAILY, _("Quand un retard dure plus de trois jours, le rôle suivant en est averti : cela ne se désactive pas."), ALWAYS),
}  # fmt: skip
