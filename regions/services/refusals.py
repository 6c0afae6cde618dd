"""What a refusal of the database about plans and studies means to the person whose act it stopped."""

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from regions import rules
from sr_portal.web.refusals import Refusals, meaning

REFUSALS: Refusals = {
    "plan_one_in_force": (None, rules.ONE_IN_FORCE_MESSAGE),
    "plan_fixed_once_validated": (None, _("Ce plan est validé : il ne change plus que par une nouvelle version.")),
    "plan_has_priorities": (None, _("Un plan se valide avec au moins une priorité.")),
    "plan_kept": (None, _("Un plan qui a été en vigueur ne se supprime pas.")),
    "plan_one_draft": (None, _("Une nouvelle version de ce plan est déjà en cours de rédaction.")),
    "plan_period_in_order": ("ends_on", rules.PERIOD_MESSAGE),
    "axis_number_once": ("number", _("Un axe de ce plan porte déjà ce numéro.")),
    "axis_of_its_plan": ("axis", _("Cet axe est celui d’un autre plan.")),
    "priority_code_once": ("code", _("Une priorité de ce plan porte déjà ce code.")),
    "priority_need_not_negative": ("need_usd", rules.NEED_MESSAGE),
    "indicator_goes_its_way": ("target", rules.DIRECTION_MESSAGE),
    "indicator_latest_dated": ("latest_on", rules.LATEST_MESSAGE),
    "finding_number_once": ("number", _("Un constat de cette étude porte déjà ce numéro.")),
    "priority_was_validated": ("priorities", _("Un constat ne se lie qu’aux priorités d’un plan qui a été validé.")),
}


def as_refusal(error: DatabaseError) -> ValidationError:
    """The form error that a refusal of the database means; an unknown one is raised again."""
    return meaning(error, REFUSALS, of="regions")
