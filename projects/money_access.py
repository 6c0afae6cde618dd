"""Who asks for, authorises, pays and justifies the money of a project: predicates (domain guide §2, §7).

`who` opens an act to a role, over (user, project); a bar closes it to a person, over (user, record).
"""

import rules
from django.utils.translation import gettext_lazy as _

from funds import access as funds
from projects import access, report_access, visit_access
from sr_portal.accounts.roles import Role, holds

officer = access.in_scope(Role.PROGRAMME_OFFICER)
finance = access.in_scope(Role.FINANCE_OFFICER)
# The authority that approved the project lets its money go, or finance does, in the person of another than the payer.
authority = access.is_competent_approver | finance

reads_payments_due = holds(
    Role.PROGRAMME_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER, Role.REGIONAL_MANAGER, Role.SECTION_HEAD, Role.AUDITOR
)


@rules.predicate
def keeps_receipts(user, project) -> bool:
    """Enters the partner's receipts: who wrote the project, as its focal point, or a programme officer."""
    return officer(user, project) or (Role.PROPOSER in user.scopes and access.is_writer(user, project))


@rules.predicate
def handles_bank_details(user, project) -> bool:
    return funds.enters_bank_details(user, project.partner) or funds.verifies_bank_details(user, project.partner)


# Who deals with what a closed gate asks for: its code, as `rules.gates` says it → who acts on the page it leads to.
MENDS = {
    "state": officer | access.is_competent_approver,
    "agreement": officer,
    "bank": handles_bank_details,
    "order": officer | authority,
    "finding": visit_access.oversees | visit_access.follows,
    "final_report": report_access.writes_reports | report_access.judges_here,
    "report": report_access.writes_reports | report_access.judges_here,
    "justified": keeps_receipts | finance,
    "spent": report_access.writes_reports | report_access.judges_here,
    "visit": visit_access.oversees | visit_access.follows,
}


# --- On an instalment -----------------------------------------------------------------------------------------------
@rules.predicate
def asked_for_it(user, instalment) -> bool:
    return instalment.requested_by_id == user.pk


@rules.predicate
def authorised_it(user, instalment) -> bool:
    return instalment.authorised_by_id == user.pk


# --- On a payment, on a receipt -------------------------------------------------------------------------------------
@rules.predicate
def recorded_it(user, payment) -> bool:
    return payment.recorded_by_id == user.pk


@rules.predicate
def entered_it(user, receipt) -> bool:
    return receipt.entered_by_id == user.pk


BARS = {
    "asked_for_it": _("Vous avez demandé cette tranche : quelqu’un d’autre doit s’en charger."),
    "authorised_it": _("Vous avez autorisé cette tranche : quelqu’un d’autre doit la payer."),
    "recorded_it": _("Vous avez enregistré cette écriture : quelqu’un d’autre des finances doit l’annuler."),
    "entered_it": _("Vous avez saisi cette pièce : quelqu’un d’autre des finances doit la vérifier."),
}
