"""The life of a project as one table (domain guide §4): from it come buttons, permissions, trigger and diagram."""

from dataclasses import dataclass

import rules
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects import access
from projects.guards import Guard, Words, implementation, mechanism, proposal
from projects.lifecycle_table import ROAD
from projects.states import State
from sr_portal.accounts.roles import Role


@dataclass(frozen=True)
class Transition:
    """One way to go on. `role` opens it; `barred` predicates close it, each with its reason; guards say what lacks."""

    name: str
    label: Words
    role: rules.Predicate
    barred: tuple[rules.Predicate, ...] = ()
    guards: tuple[Guard, ...] = ()
    needs_note: bool = False
    by_system: bool = False  # made by closing an agenda item, never by a button of the project's page
    danger: bool = False

    @property
    def sources(self) -> tuple[State, ...]:
        return ROAD[self.name][0]

    @property
    def target(self) -> State:
        return ROAD[self.name][1]

    def is_allowed(self, user, project) -> bool:
        """Who may: the role here, and none of the bars. Says nothing of the state or of the guards."""
        return self.role(user, project) and not any(bar(user, project) for bar in self.barred)

    def reasons_against(self, user, project) -> list[Words]:
        """Why this user cannot do it to this project now; empty when they can."""
        if State(project.state) not in self.sources:
            return [format_lazy(_("Le projet est à l’état « {state} »."), state=State(project.state).label)]
        if not self.role(user, project):
            return [_("Votre rôle ne le permet pas ici.")]
        against: list[Words] = [access.SEPARATION[bar.name] for bar in self.barred if bar(user, project)]
        return against or [reason for guard in self.guards for reason in guard(project)]


proposer = access.in_scope(Role.PROPOSER) & access.is_writer
officer = access.in_scope(Role.PROGRAMME_OFFICER)
secretary = access.in_scope(Role.COMMITTEE_SECRETARY)
chair = access.in_scope(Role.COMMITTEE_CHAIR)
finance = access.in_scope(Role.FINANCE_OFFICER)
SEPARATE = (access.is_writer, access.has_interest)

TRANSITIONS: dict[str, Transition] = {
    transition.name: transition
    for transition in (
        Transition("submit", _("Soumettre la proposition"), proposer, guards=(proposal.is_complete, proposal.partner_not_excluded, mechanism.documents_before("submit"))),
        Transition("start_screening", _("Prendre en examen"), officer, SEPARATE),
        Transition("admit", _("Déclarer recevable"), officer & access.is_its_screener, SEPARATE, (proposal.checklist_complete, proposal.nothing_blocking)),
        Transition("send_back", _("Renvoyer pour complément"), officer & access.is_its_screener, SEPARATE, needs_note=True),
        Transition("declare_inadmissible", _("Déclarer irrecevable"), officer & access.is_its_screener, SEPARATE, needs_note=True, danger=True),
        Transition("put_on_agenda", _("Inscrire à l’ordre du jour"), secretary),
        Transition("recommend", _("Recommander"), chair, by_system=True),
        Transition("not_recommend", _("Ne pas recommander"), chair, by_system=True),
        Transition("defer", _("Ajourner"), chair, by_system=True),
        Transition("approve", _("Approuver"), access.is_competent_approver, (*SEPARATE, access.has_screened, access.has_voted), (proposal.partner_cleared, proposal.envelope_covers, proposal.contributions_cover, mechanism.headquarters_cleared, mechanism.documents_before("approve"))),
        Transition("refuse", _("Refuser"), access.is_competent_approver, (*SEPARATE, access.has_screened, access.has_voted), needs_note=True, danger=True),
        Transition("withdraw", _("Retirer"), proposer, needs_note=True, danger=True),
        Transition("sign_agreement", _("Signer le protocole d’accord"), officer, SEPARATE, (*implementation.BEFORE_SIGNATURE, mechanism.documents_before("sign_agreement"))),
        Transition("start", _("Démarrer"), officer, SEPARATE, needs_note=True),
        Transition("suspend", _("Suspendre"), access.is_competent_approver, SEPARATE, needs_note=True, danger=True),
        Transition("resume", pgettext_lazy("projet", "Reprendre"), access.is_competent_approver, SEPARATE, needs_note=True),
        Transition("complete", _("Constater l’achèvement"), officer, SEPARATE, (*implementation.BEFORE_COMPLETION, mechanism.documents_before("complete"))),
        Transition("close", _("Clôturer"), finance, SEPARATE, (*implementation.BEFORE_CLOSURE, mechanism.documents_before("close")), danger=True),
        Transition("cancel", _("Annuler"), access.is_competent_approver, SEPARATE, needs_note=True, danger=True),
    )
}  # fmt: skip
