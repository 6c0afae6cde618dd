"""What is told when something happens: to whom it hands the turn, and who else hears of it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from projects.deadlines.turns import Party
from projects.guards import Words

WRITERS, OFFICERS, SECRETARIES, FINANCE = Party.WRITERS, Party.OFFICERS, Party.SECRETARIES, Party.FINANCE


@dataclass(frozen=True)
class Event:
    """`done` is what happened, and may hold {detail}, which instalment or amendment. `turn` (of `deadlines.turns.TURNS`) is what is now asked, and of whom; those of `informs`
    only learn of it, the `members` of the committee in charge too. `route` is the page that the mail leads to, by
    default that of the turn."""

    done: Words
    turn: str = ""
    informs: tuple[Party, ...] = ()
    members: bool = False
    urgent: bool = False
    route: str = ""


# The steps of the life cycle bear the names of `lifecycle.TRANSITIONS`; a test holds that none is missing.
STEPS: dict[str, Event] = {
    "submit": Event(_("Une proposition est soumise"), "take_up"),
    "start_screening": Event(_("La proposition est prise en examen"), informs=(WRITERS,)),
    "send_back": Event(_("La proposition est renvoyée pour complément"), "mend"),
    "admit": Event(_("La proposition est déclarée recevable"), "put_on_agenda", (WRITERS,)),
    "declare_inadmissible": Event(_("La proposition est déclarée irrecevable"), informs=(WRITERS,)),
    "put_on_agenda": Event(
        _("La proposition est inscrite à l’ordre du jour du comité"), informs=(WRITERS,), members=True
    ),
    "recommend": Event(_("Le comité recommande la proposition"), "decide", (WRITERS, OFFICERS)),
    "not_recommend": Event(_("Le comité ne recommande pas la proposition"), "refuse", (WRITERS, OFFICERS)),
    "defer": Event(_("Le comité ajourne la proposition"), "put_on_agenda", (WRITERS,)),
    "approve": Event(_("Le projet est approuvé"), "sign", (WRITERS, FINANCE)),
    "refuse": Event(_("Le projet est refusé"), informs=(WRITERS, OFFICERS)),
    "withdraw": Event(_("La proposition est retirée par son auteur"), informs=(OFFICERS, SECRETARIES)),
    "sign_agreement": Event(_("Le protocole d’accord est signé"), "start", (WRITERS, FINANCE)),
    "start": Event(_("Le projet démarre"), "first_visit", (OFFICERS,)),
    "suspend": Event(_("Le projet est suspendu"), informs=(WRITERS, OFFICERS, FINANCE), urgent=True),
    "resume": Event(_("Le projet reprend"), informs=(WRITERS, OFFICERS, FINANCE)),
    "complete": Event(_("L’achèvement des travaux est constaté"), "write_final", (OFFICERS, FINANCE)),
    "close": Event(_("Le projet est clôturé"), informs=(WRITERS, OFFICERS)),
    "cancel": Event(_("Le projet est annulé"), informs=(WRITERS, OFFICERS, FINANCE), urgent=True),
}

FOLLOW_UP: dict[str, Event] = {
    "request_instalment": Event(_("La tranche {detail} est demandée"), "authorise_instalment"),
    "authorise_instalment": Event(_("La tranche {detail} est autorisée"), "pay_instalment", (OFFICERS,)),
    "send_back_instalment": Event(_("La demande de la tranche {detail} est renvoyée"), informs=(OFFICERS,), route="projects:money"),
    "pay_instalment": Event(_("La tranche {detail} est payée"), informs=(WRITERS, OFFICERS), route="projects:money"),
    "submit_report": Event(_("Un rapport est soumis"), "judge_report"),
    "return_report": Event(_("Un rapport est renvoyé à ses auteurs"), "mend_report"),
    "accept_report": Event(_("Un rapport est accepté"), informs=(WRITERS,), route="projects:reports"),
    "submit_amendment": Event(_("L’avenant {detail} est soumis"), "decide_amendment"),
    "approve_amendment": Event(_("L’avenant {detail} est approuvé"), informs=(WRITERS, OFFICERS, FINANCE), route="projects:amendments"),
    "refuse_amendment": Event(_("L’avenant {detail} est refusé"), informs=(WRITERS, OFFICERS), route="projects:amendments"),
    "finding": Event(_("Un constat est à lever"), "lift_finding"),
    "blocking_finding": Event(_("Un constat bloque les paiements"), "lift_finding", (OFFICERS, FINANCE), urgent=True),
    "close_finding": Event(_("Un constat est levé"), informs=(OFFICERS,), route="projects:visits"),
    "give_visit": Event(_("Une visite vous est confiée"), "visit"),
    "receipts": Event(_("Des pièces justificatives sont saisies"), "judge_receipts"),
}  # fmt: skip

EVENTS: dict[str, Event] = STEPS | FOLLOW_UP
