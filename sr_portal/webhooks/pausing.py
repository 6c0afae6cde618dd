"""A webhook stops by itself: its owner is told, and nothing is lost while it sleeps."""

from django.urls import reverse
from django.utils.translation import gettext as _

from sr_portal.notices.kinds import Kind
from sr_portal.notices.telling import Message, tell
from sr_portal.web import clock

from .models import Endpoint, PauseReason


def pause_unasked(endpoint: Endpoint, why: PauseReason) -> None:
    """The row is locked by the caller. Nothing when it is paused already."""
    if endpoint.paused_at is not None:
        return
    endpoint.paused_at, endpoint.paused_why = clock.now(), why
    endpoint.save(update_fields=["paused_at", "paused_why"])

    def write(_kind: Kind) -> tuple[str, str]:
        named = {"name": endpoint.name, "why": why.label}
        return _("Le webhook « %(name)s » est en pause") % named, _(
            "Le portail n’envoie plus rien au webhook « %(name)s » : %(why)s.\n\nVoyez les derniers envois, réparez le"
            " destinataire, envoyez un essai, puis reprenez : ce qui a changé entre-temps partira alors."
        ) % named

    path = reverse("webhooks:endpoint", args=[endpoint.pk])
    tell(Message(f"webhook:{endpoint.pk}:{endpoint.paused_at.isoformat()}", write, path), {endpoint.user: Kind.TURN})
