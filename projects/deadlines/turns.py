"""Whose turn it is, and to do what: the turns that `table` gives out, by the names that stand in the view."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from projects.guards import Words


class Party(StrEnum):
    """Who must act on a project; `people` finds them, `DeadlineQuerySet.for_user` asks the same of the database."""

    WRITERS = "writers"  # its author and co-authors
    OFFICERS = "officers"  # the programme officers there
    SCREENER = "screener"  # who opened its screening
    SECRETARIES = "secretaries"  # of the review committee there
    JUDGES = "judges"  # who sit in the open session and have not voted yet
    APPROVERS = "approvers"  # the authority that may decide on this amount
    AUTHORITY = "authority"  # that authority, or finance: who lets an instalment go
    FINANCE = "finance"
    NOBODY = "nobody"  # shown, never asked of anybody


OFFICES: dict[Party, Words] = {
    Party.WRITERS: _("Point focal"),
    Party.OFFICERS: _("Gestionnaire du programme"),
    Party.SCREENER: _("Gestionnaire du programme"),
    Party.SECRETARIES: _("Secrétariat du comité"),
    Party.JUDGES: _("Comité de revue"),
    Party.APPROVERS: _("Autorité d’approbation"),
    Party.AUTHORITY: _("Autorité d’approbation ou chargé des finances"),
    Party.FINANCE: _("Chargé des finances"),
}


@dataclass(frozen=True)
class Turn:
    """`route` takes the project's key and leads where it is done; the project's page where there is none yet."""

    party: Party
    what: Words
    route: str = "projects:detail"


TURNS: dict[str, Turn] = {
    # The road to a decision
    "write": Turn(Party.WRITERS, _("Compléter la proposition et la soumettre")),
    "mend": Turn(Party.WRITERS, _("Corriger la proposition et la soumettre à nouveau")),
    "take_up": Turn(Party.OFFICERS, _("Prendre la proposition en examen")),
    "screen": Turn(Party.SCREENER, _("Remplir la grille de présélection et conclure"), "projects:screening"),
    "put_on_agenda": Turn(Party.SECRETARIES, _("Inscrire la proposition à l’ordre du jour d’une séance")),
    "judge": Turn(Party.JUDGES, _("Noter, voter et formuler une recommandation")),
    "decide": Turn(Party.APPROVERS, _("Approuver ou refuser")),
    "refuse": Turn(Party.APPROVERS, _("Prononcer le refus, motifs à l’appui")),
    "vet": Turn(Party.OFFICERS, _("Vérifier à nouveau le partenaire avant que sa vérification expire")),
    "whole_road": Turn(Party.NOBODY, _("Décider dans les six semaines qui suivent la soumission")),
    # From the agreement to closure
    "sign": Turn(Party.OFFICERS, _("Préparer le protocole d’accord et le faire signer"), "projects:agreement"),
    "start": Turn(Party.OFFICERS, _("Demander la première tranche ou constater le démarrage"), "projects:money"),
    "first_visit": Turn(Party.WRITERS, _("Faire la première visite et en rendre compte"), "projects:visits"),
    "visit": Turn(Party.WRITERS, _("Faire la visite et en rendre compte"), "projects:visits"),
    "lift_finding": Turn(Party.WRITERS, _("Lever le constat et dire ce qui a été fait"), "projects:visits"),
    "write_interim": Turn(Party.WRITERS, _("Soumettre le rapport intermédiaire"), "projects:reports"),
    "write_periodic": Turn(Party.WRITERS, _("Soumettre le rapport périodique"), "projects:reports"),
    "write_final": Turn(Party.WRITERS, _("Soumettre les rapports finaux, narratif et financier"), "projects:reports"),
    "mend_report": Turn(Party.WRITERS, _("Corriger le rapport et le soumettre à nouveau"), "projects:reports"),
    "judge_report": Turn(Party.OFFICERS, _("Accepter le rapport ou le renvoyer"), "projects:reports"),
    "request_instalment": Turn(Party.OFFICERS, _("Demander la tranche"), "projects:money"),
    "authorise_instalment": Turn(Party.AUTHORITY, _("Autoriser la tranche ou la renvoyer"), "projects:money"),
    "pay_instalment": Turn(Party.FINANCE, _("Payer la tranche"), "projects:money"),
    "judge_receipts": Turn(Party.FINANCE, _("Vérifier les pièces justificatives"), "projects:money"),
    "refund": Turn(Party.FINANCE, _("Obtenir le remboursement de ce qui n’est pas justifié"), "projects:money"),
    "decide_amendment": Turn(Party.APPROVERS, _("Approuver ou refuser l’avenant"), "projects:amendments"),
    "resume": Turn(Party.APPROVERS, _("Décider de la reprise ou de l’annulation")),
    "complete": Turn(Party.OFFICERS, _("Constater l’achèvement des travaux"), "projects:completion"),
    "lift_reservations": Turn(Party.OFFICERS, _("Faire lever les réserves et tenir la réception définitive"), "projects:completion"),
    "close": Turn(Party.FINANCE, _("Réunir les pièces finales et clôturer"), "projects:completion"),
    "check_sustainability": Turn(Party.OFFICERS, _("Vérifier que l’ouvrage sert et qu’il est entretenu"), "projects:completion"),
}  # fmt: skip

ASKED = tuple(name for name, turn in TURNS.items() if turn.party is not Party.NOBODY)  # of somebody
