"""Guards before the agreement is signed (domain guide §4), each answered from what hangs on the project.

They read whole relations, so that a page that has read them (`life.PARTS`) asks nothing more of the database. Those of
completion and closure are facts: one SQL condition each (see `facts`).
"""

from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.rules import plan
from sr_portal.web.templatetags.portal import usd

from . import Words
from .facts import BEFORE_CLOSURE, BEFORE_COMPLETION, final_visit_done, photos_after

__all__ = ["BEFORE_CLOSURE", "BEFORE_COMPLETION", "BEFORE_SIGNATURE", "final_visit_done", "photos_after"]


# --- Before the agreement is signed ---------------------------------------------------------------------------------
def agreement_prepared(project) -> list[Words]:
    return [] if getattr(project, "agreement", None) else [_("Le protocole d’accord n’est pas préparé.")]


def signatures_on_file(project) -> list[Words]:
    agreement = getattr(project, "agreement", None)
    if agreement is None:
        return []
    signed = {copy.signatory for copy in agreement.copies.all() if copy.document.withdrawn_at is None}
    if "both" in signed or {"partner", "mission"} <= signed:
        return []
    return [_("Il manque au dossier l’exemplaire du protocole signé par les deux parties.")]


def bank_verified(project) -> list[Words]:
    from funds.models import BankAccount

    known = BankAccount.objects.filter(organisation_id=project.partner_id, status="verified").exists()
    return [] if known else [_("Les coordonnées bancaires du partenaire ne sont pas vérifiées par les finances.")]


def lines_are_the_budget(project) -> list[Words]:
    agreed = sum((line.amount_usd for line in project.agreed_lines.all()), Decimal(0))
    if agreed == project.approved_usd:
        return []
    return [
        format_lazy(
            _("Les lignes du budget convenu font {sum}, et non le montant approuvé, {approved}."),
            sum=usd(agreed), approved=usd(project.approved_usd),
        )
    ]  # fmt: skip


def plan_is_whole(project) -> list[Words]:
    amounts = [instalment.amount_usd for instalment in project.instalments.all()]
    return plan.lacks(project.approved_usd or Decimal(0), amounts, plan.limits_of(project))


BEFORE_SIGNATURE = (agreement_prepared, signatures_on_file, bank_verified, lines_are_the_budget, plan_is_whole)
