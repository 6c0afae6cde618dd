"""What a refusal of the database means to the person whose act it stopped."""

from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from projects import rules
from projects.rules import recipients
from projects.rules.publication import TITLE_NAMES_PLACE
from regions.rules import PRIORITY_REGION_MESSAGE

# What a trigger may refuse: the name that begins its message → (field, what the person reads). The message of a
# constraint stands beside the constraint itself (`violation_error_message`); it is here when a field is to be named.
REFUSALS: dict[str, tuple[str | None, Any]] = {
    "qip_budget_ceiling": (None, rules.CEILING_MESSAGE),
    "qip_six_months": ("duration_months", rules.LENGTH_MESSAGE),
    "fund_ceiling": (None, _("Ce montant dépasse le plafond que le fonds permet.")),
    "fund_length": ("duration_months", _("Cette durée dépasse celle que le fonds permet.")),
    "facility_of_its_mechanism": ("facility", rules.OTHER_FACILITY),
    "focus_of_its_mechanism": ("focus_area", rules.OTHER_FOCUS),
    "facility_before_submission": ("facility", _("Choisissez le guichet avant de soumettre.")),
    "focus_before_submission": ("focus_area", _("Choisissez le domaine d’action avant de soumettre.")),
    "answers_before_submission": (None, _("Il manque une réponse à ce que le fonds demande.")),
    "answers_of_its_mechanism": (None, _("Ce mécanisme ne demande pas cela : rechargez la page.")),
    "answers_fixed_once_submitted": (None, _("La proposition est soumise : ses réponses au fonds ne changent plus.")),
    "headquarters_cleared_first": (None, _("Le siège n’a pas donné son accord pour ce montant.")),
    "documents_before_each_step": (None, _("Un document exigé par le fonds manque au dossier.")),
    "asked_by_its_mechanism": ("kind", _("Ce mécanisme ne demande pas ce document : rechargez la page.")),
    "recipients_are_the_whole": (None, recipients.NOTHING_LEFT),
    "recipients_are_others": (None, recipients.LEAD_AGAIN),
    "facility_for_good": (
        None,
        _("La proposition est soumise : son guichet et son domaine d’action ne changent plus."),
    ),
    "priority_in_force": ("priority", PRIORITY_REGION_MESSAGE),
    "cercle_in_region": ("cercle", _("Ce cercle se trouve dans une autre région.")),
    "point_in_region": (
        "latitude",
        _("Ce point se trouve hors de la région choisie : vérifiez la position ou la région."),
    ),
    "project_point_whole": ("longitude", _("Donnez la latitude et la longitude, ou aucune des deux.")),
    "reference_is_for_good": (None, _("La proposition a sa référence : sa région et son mécanisme ne changent plus.")),
    "lines_fixed_once_submitted": (None, _("La proposition est soumise : son budget ne change plus.")),
    "organisation_name_unique": ("new_name", _("Une organisation porte déjà ce nom.")),
    "partner_is_retired": (
        "partner",
        _("Cette fiche vient d’être réunie à une autre : choisissez celle qui la remplace."),
    ),
    "partner_does_not_implement": ("partner", _("Cette organisation n’est pas un partenaire de mise en œuvre.")),
    "numeric field overflow": (None, _("Un montant est trop grand.")),
    # From the agreement to closure
    "signed_for_good": (None, _("Le protocole est signé : il ne change plus que par un avenant.")),
    "start_is_agreed": (None, _("Le début du projet est celui du protocole signé : il ne change plus.")),
    "amended_under_way": (None, _("Le projet ne s’amende pas dans son état actuel.")),
    "lines_are_the_budget": (None, _("Les lignes du budget convenu doivent faire le montant approuvé, au centime.")),
    "plan_is_the_budget": (None, _("Les tranches doivent faire le montant approuvé, au centime.")),
    "plan_fixed_once_asked": (None, _("Une tranche déjà demandée ne change plus.")),
    "first_share": (None, _("La première tranche dépasse la part permise.")),
    "last_share": (None, _("La dernière tranche est en dessous de la part à retenir.")),
    "agreement_is_whole": (
        None,
        _("Le protocole n’est pas complet : il lui manque une signature ou un compte vérifié."),
    ),
    "shift_within_share": (None, _("Ce virement dépasse la part permise sans avenant : préparez un avenant.")),
    "instalment_gate": (None, _("Cette tranche est retenue : une de ses conditions n’est plus remplie.")),
    "paid_by_another": (
        None,
        _("Vous avez demandé ou autorisé cette tranche : quelqu’un d’autre doit en enregistrer le paiement."),
    ),
    "paid_after_signature": ("paid_on", _("Rien ne se paie avant la signature du protocole.")),
    "reversal_mirrors": (None, _("Une contre-passation annule une écriture entière de la même tranche.")),
    "reversed_by_another": (None, _("Qui a enregistré une écriture ne l’annule pas seul.")),
    "recorded_once_moved": ("paid_on", _("La date est dans l’avenir : enregistrez l’argent quand il a bougé.")),
    "payment_reference_once": (
        "reference",
        _("Un paiement porte déjà cette référence : il n’est pas payé deux fois."),
    ),
    "refund_reference_once": ("reference", _("Un remboursement de cette tranche porte déjà cette référence.")),
    "receipt_counted_once": (
        "number",
        _("Cette pièce du même fournisseur est déjà enregistrée pour cette tranche."),
    ),
    "closed_for_good": (None, _("Le projet est clôturé : plus rien ne s’y paie ni ne s’y corrige.")),
    "belongs_to_the_project": (None, _("Cette ligne et cette tranche sont de deux projets différents.")),
    "judged_once": (None, _("Cette pièce est déjà vérifiée.")),
    "handover_signed_for_good": (None, _("L’exemplaire signé est au dossier : ce procès-verbal ne change plus.")),
    "completion_by_another": (None, _("Qui a rédigé le projet ne le réceptionne, ne l’évalue ni ne le contrôle.")),
    "completion_in_its_time": (None, _("L’état du projet ne le permet pas : rechargez la page.")),
    "sustainability_too_early": ("checked_on", _("Le contrôle de pérennité se fait plus tard, après l’achèvement.")),
    "fixed_once_submitted": (None, _("Ce rapport est soumis : il ne change plus, sauf s’il est renvoyé.")),
    "report_of_its_project": (None, _("Cette tranche ou ce résultat est d’un autre projet.")),
    "report_of_the_calendar": (None, _("Le mécanisme n’attend aucun rapport de cette sorte ce jour-là.")),
    "declared_within_approved": (
        "declared_committed_usd",
        _("Ce qui est dépensé et engagé dépasse le montant approuvé."),
    ),
    "accepted_for_good": (None, _("Ce rapport est accepté : il ne change plus.")),
    "mandatory_visit_replaced": (
        "replaced_on",
        _("Cette visite est obligatoire : donnez la date de celle qui la remplace."),
    ),
    "report_version_grows": (None, _("Quelqu’un vient de corriger ce compte rendu : rechargez la page.")),
    "decided_for_good": (None, _("Cet avenant est déjà décidé.")),
    "steps_follow_the_table": (None, _("Quelqu’un vient de faire avancer ce dossier : rechargez la page.")),
    "public_title_tells_no_place": ("public_title", TITLE_NAMES_PLACE),
    "published_for_good": (None, _("Ce projet est publié : il ne disparaît plus et garde son identifiant.")),
    "published_with_its_project": (None, _("Le projet n’est pas encore publié.")),
    "publishable_file_of_the_project": (None, _("Ce fichier n’est pas de ceux qui se publient.")),
    "published_file_once": (None, _("Ce fichier est déjà publié.")),
    # Money in
    "contributions_cover": (
        None,
        _("Aucune contribution signée que ce projet puisse utiliser ne couvre ce montant : il en faut une autre."),
    ),
    "contribution_allocated_within_signed": (
        None,
        _("Aucune contribution signée que ce projet puisse utiliser ne couvre ce montant : il en faut une autre."),
    ),
    "earmark_holds": (None, _("Une contribution de ce projet est affectée à une autre région ou à un autre thème.")),
    "approved_moves_by_amendment": (None, _("Le montant approuvé ne change que par un avenant approuvé.")),
}


@cache
def _constraint_messages() -> dict[str, Any]:
    """Name of each constraint of the apps → what it says to people, where it says something of its own."""
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
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
