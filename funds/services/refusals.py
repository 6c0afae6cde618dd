"""What a refusal of the database about contributions means to the person whose act it stopped."""

from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext_lazy as _

from regions.rules import PRIORITY_REGION_MESSAGE

# The name that begins a trigger's message → (field, what the person reads).
REFUSALS: dict[str, tuple[str | None, Any]] = {
    "contribution_mechanism": ("mechanism", _("Ce mécanisme n’est pas financé par des contributions.")),
    "contribution_theme": ("theme", _("Ce thème n’existe plus : choisissez-en un autre.")),
    "contribution_once_happened": (None, _("La date est dans l’avenir : enregistrez ce qui a eu lieu.")),
    "contribution_terms": (None, _("La contribution est signée : ses termes ne changent plus.")),
    "contribution_receipt_once": (
        "reference", _("Un encaissement de cette contribution porte déjà cette référence.")
    ),
    "received_after_signature": ("received_on", _("Rien ne s’encaisse avant la signature.")),
    "received_by_another": (
        None, _("Vous avez inscrit cette contribution : quelqu’un d’autre en enregistre les encaissements.")
    ),
    "contribution_received_within_signed": ("amount", _("On ne peut recevoir plus que ce qui est signé.")),
    "contribution_allocated_within_signed": (None, _("Des projets tiennent déjà davantage de cette contribution.")),
    "contribution_usd_at_one": ("rate", _("Un montant en USD n’a pas de taux : 1 USD pour 1 USD.")),
    "envelopes_within_received": (
        None,
        _("Des enveloppes comptent sur cet argent : réduisez-les d’abord, elles ne peuvent dépasser les fonds reçus."),
    ),
    "prospect_begins_open": ("stage", _("Un prospect s’inscrit en cours, avant d’être gagné ou perdu.")),
    "prospect_stage_follows": ("stage", _("Un prospect gagné le reste ; un prospect perdu se reprend d’abord.")),
    "prospect_won_by_its_donor": (None, _("La contribution est d’un autre donateur ou d’un autre mécanisme.")),
    "prospect_won_stays": (None, _("Ce prospect est gagné : sa fiche ne change plus.")),
    "concept_note_stays": (None, _("Le donateur a répondu : la note ne change plus.")),
    "concept_note_for_a_donor": (None, _("Dites d’abord à quel donateur la note s’adresse.")),
    "priority_in_force": ("priority", PRIORITY_REGION_MESSAGE),
    "cancelled_for_good": (None, _("Cet encaissement est déjà annulé.")),
    "donor_report_said": (None, _("Ce rapport est déjà transmis, ou le donateur en a dispensé.")),
    "donor_report_undone": (None, _("Aucun envoi n’est enregistré pour ce rapport.")),
    "donor_report_begins": (None, _("Un rapport est dû avant d’être transmis.")),
    "donor_report_of_money": (None, _("Cette annonce est retirée.")),
    "donor_report_after_signature": ("sent_on", _("Rien ne se rapporte au donateur avant la signature.")),
    "numeric field overflow": (None, _("Un montant est trop grand.")),
}  # fmt: skip


@cache
def _constraint_messages() -> dict[str, Any]:
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_app_config("funds").get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }


def as_refusal(error: DatabaseError) -> ValidationError:
    """The form error that a refusal of the database means; an unknown one is raised again."""
    text = str(error)
    for name, (field_name, message) in REFUSALS.items():
        if name in text:
            refusal = ValidationError(message, code=name)
            return ValidationError({field_name: refusal}) if field_name else refusal
    for name, message in _constraint_messages().items():
        if f'"{name}"' in text:
            return ValidationError(message, code=name)
    raise error


def save_checked(record: models.Model, *fields: str) -> None:
    """Check the record and write it (`fields` alone where named); a refusal of the database is the form error it means."""
    record.full_clean()
    try:
        with transaction.atomic():
            record.save(update_fields=[*fields] or None)
    except DatabaseError as error:
        raise as_refusal(error) from error
