"""What may be done with an instalment, a payment or a receipt, as one table (domain guide §2, §7).

From it come the buttons with the reasons why one is greyed out, the refusals of the services and the pages' doors.
"""

from dataclasses import dataclass
from typing import Any

import rules
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects import access, money_access
from projects.models import InstalmentState, ReceiptState
from projects.rules.gates import Gate, Words
from projects.states import PAYABLE, UNDER_AGREEMENT, State

# While the money of a project may still move or be corrected: until it is closed.
OPEN_BOOKS = UNDER_AGREEMENT | {State.CANCELLED}
# Those who wrote the project or hold an interest in its partner decide on none of its money.
SEPARATE = (access.is_writer, access.has_interest)
PLANNED, REQUESTED, AUTHORISED = InstalmentState.PLANNED, InstalmentState.REQUESTED, InstalmentState.AUTHORISED


@dataclass(frozen=True)
class MoneyStep:
    """One act. `role` opens it, over (user, project). `separate`, over (user, project), and `barred`, over (user,
    record), close it to a person. `states` are those of the record from which it starts, any when empty, `projects`
    those of its project; a `gated` one waits for the instalment's gates."""

    name: str
    label: Words
    role: rules.Predicate
    separate: tuple[rules.Predicate, ...] = SEPARATE
    barred: tuple[rules.Predicate, ...] = ()
    states: frozenset[str] = frozenset()
    projects: frozenset[State] = OPEN_BOOKS
    gated: bool = False

    def bars(self, user, project, record) -> list[Words]:
        """Why this person, whose role opens it, must leave it to another."""
        return self.bars_of_project(user, project) + self.bars_of_record(user, record)

    def bars_of_project(self, user, project) -> list[Words]:
        """One query: who shows many buttons of one project asks once for each `separate`."""
        return [access.SEPARATION[bar.name] for bar in self.separate if bar(user, project)]

    def bars_of_record(self, user, record) -> list[Words]:
        return [money_access.BARS[bar.name] for bar in self.barred if bar(user, record)]

    def is_allowed(self, user, project, record) -> bool:
        """Who may: the role here, and none of the bars. Says nothing of the states or of the gates."""
        return bool(self.role(user, project)) and not self.bars(user, project, record)

    def reasons_not_now(self, project, record, gates: list[Gate]) -> list[Words]:
        """What the states and the gates have against it, whoever asks."""
        if State(project.state) not in self.projects:
            return [format_lazy(_("Le projet est à l’état « {state} »."), state=State(project.state).label)]
        if self.states and record.state not in self.states:
            return [format_lazy(_("Elle est à l’état « {state} »."), state=record.state_label.label)]
        return [gate.reason for gate in gates] if self.gated else []


def of_instalment(name: str, label: Any, role: rules.Predicate, *states: InstalmentState, **more: Any) -> MoneyStep:
    return MoneyStep(name, label, role, states=frozenset(states), **more)


asked, authorised = money_access.asked_for_it, money_access.authorised_it

INSTALMENT_STEPS: dict[str, MoneyStep] = {
    step.name: step
    for step in (
        of_instalment("request", _("Demander la tranche"), money_access.officer, PLANNED, projects=PAYABLE, gated=True),
        of_instalment("authorise", _("Autoriser la tranche"), money_access.authority, REQUESTED, barred=(asked,), projects=PAYABLE, gated=True),
        of_instalment("pay", _("Enregistrer un paiement"), money_access.finance, AUTHORISED, barred=(asked, authorised), projects=PAYABLE, gated=True),
        of_instalment("settle", _("Solder au montant payé"), money_access.finance, AUTHORISED, barred=(asked,)),
        of_instalment("send_back", _("Renvoyer la demande"), money_access.officer | money_access.authority, REQUESTED, AUTHORISED),
        of_instalment("refund", _("Enregistrer un remboursement"), money_access.finance, barred=(asked,)),
    )
}  # fmt: skip

REVERSE = MoneyStep("reverse", _("Annuler l’écriture"), money_access.finance, barred=(money_access.recorded_it,))
JOIN_SIGNED = MoneyStep(
    "join_signed",
    _("Joindre le reçu signé"),
    money_access.keeps_receipts | money_access.finance,
    (access.has_interest,),
)

ENTER = MoneyStep("enter", _("Saisir une pièce"), money_access.keeps_receipts, (access.has_interest,))
JUDGE = MoneyStep(
    "judge", _("Vérifier la pièce"), money_access.finance, barred=(money_access.entered_it,),
    states=frozenset({ReceiptState.SUBMITTED}),
)  # fmt: skip
REJECT_LATER = MoneyStep(
    "reject", _("Rejeter la pièce acceptée"), money_access.finance, barred=(money_access.entered_it,),
    states=frozenset({ReceiptState.ACCEPTED}),
)  # fmt: skip
