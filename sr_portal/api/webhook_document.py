"""What webhooks send, for the OpenAPI document: one message, its headers, the answers that count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from .feed import change_schema
from .resources import Resource

EXAMPLE = {
    "type": "project.changed",
    "timestamp": "2026-11-23T14:05:12.310442+00:00",
    "data": {
        "changes": [
            {
                "kind": "project",
                "id": 118,
                "change": "updated",
                "at": "2026-11-23T14:05:12.310442+00:00",
                "url": "https://portail.example/api/v1/projects/118",
            }
        ]
    },
}


def webhooks(resources: Sequence[Resource]) -> dict[str, Any]:
    kinds = sorted(one.kind for one in resources if one.kind)
    return {
        "changed": {
            "post": {
                "operationId": "told_of_changes",
                "summary": _("Des fiches ont changé"),
                "description": _(
                    "Chaque envoi est signé selon « Standard Webhooks » 1.0 : HMAC-SHA256 de « webhook-id », point,"
                    " « webhook-timestamp », point et du corps tel qu’il est reçu, par le secret montré une fois à la"
                    " création. Une bibliothèque de standardwebhooks.com le vérifie en une ligne. Refusez un envoi dont"
                    " l’heure a plus de cinq minutes."
                ),
                "parameters": _headers(),
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": message_schema(kinds), "example": EXAMPLE}},
                },
                "responses": {
                    "2XX": {"description": _("Reçu.")},
                    "410": {"description": _("N’envoyez plus rien : le webhook est mis en pause.")},
                    "429": {"description": _("Plus tard : « Retry-After » est suivi, jusqu’à un jour.")},
                    "default": {"description": _("Pas reçu : l’envoi est tenté à nouveau.")},
                },
                "security": [],
            }
        }
    }


def message_schema(kinds: Sequence[str]) -> dict[str, Any]:
    """`type` is « test » for a message that somebody asked for to see whether it arrives: then `changes` is not there."""
    return {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {
                "type": "string",
                "enum": [*(f"{kind}.changed" for kind in kinds), "test"],
                "description": _("Le genre de fiches, puis « .changed » ; « test » pour un essai demandé à la main."),
            },
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": _("L’instant du dernier de ces changements."),
            },
            "data": {
                "type": "object",
                "properties": {
                    "changes": {
                        "type": "array",
                        "maxItems": 100,
                        "items": change_schema(kinds),
                        "description": _("Comme dans le fil des changements, chaque fiche une fois."),
                    },
                    "webhook": {"type": "string", "description": _("D’un essai seulement : le nom du webhook.")},
                },
            },
        },
    }


def _headers() -> list[dict[str, Any]]:
    told = {
        "webhook-id": _("Le numéro de l’envoi, le même à chaque essai : retenez ceux que vous avez déjà traités."),
        "webhook-timestamp": _("L’heure de cet essai, en secondes depuis 1970."),
        "webhook-signature": _(
            "« v1, » puis la signature en base64 ; pendant qu’un secret est renouvelé deux signatures, séparées par une"
            " espace, dont une suffit."
        ),
    }
    return [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": says}
        for name, says in told.items()
    ]
