"""The screening checklist (domain guide §5) as data: the page, the guard and the documents read this table."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """A point to check. A « no » on a blocking point bars admission; `applies` says when it may not be « n/a »."""

    code: str
    label: str
    help: str
    blocking: bool = True
    required: Callable = lambda project: True


CHECKLIST: tuple[Item, ...] = (
    Item("eligibility", _("Objet admissible"), _("Renforce la confiance ; rapide, visible, non récurrent ; aucune dépense exclue.")),
    Item("ceiling", _("Plafond et durée"), _("50 000 USD et 6 mois au plus pour un QIP ; pas de dépassement prévisible.")),
    Item("budget", _("Budget complet et plausible"), _("Devis joints au-delà du seuil ; coûts unitaires comparables aux prix locaux.")),
    Item("technical", _("Avis technique d’un ingénieur"), _("Exigé pour tous travaux."), required=lambda project: project.works),
    Item("partner", _("Capacité du partenaire"), _("Expérience, rapports antérieurs, compte à son nom, vérification de moins de 12 mois, non sanctionné.")),
    Item("duplication", _("Absence de double emploi"), _("Ni avec nos projets, ni avec les activités connues des PTF.")),
    Item("splitting", _("Absence de fractionnement"), _("Aucun découpage pour rester sous le plafond.")),
    Item("gender", _("Genre et inclusion"), _("Femmes, jeunes, personnes déplacées et handicapées pris en compte."), blocking=False),
    Item("environment", _("Environnement"), _("Déchets, eau, bois, énergie : effets connus et limités.")),
    Item("do_no_harm", _("Ne pas nuire, protection"), _("Le projet n’attise pas les tensions et n’expose personne.")),
    Item("due_diligence", _("Diligence raisonnable (droits de l’homme)"), _("Exigée si des forces de sécurité en bénéficient."), required=lambda project: project.security_forces),
    Item("land", _("Terrain et entretien"), _("Terrain disponible, titre ou attestation ; entretien pris en charge par écrit.")),
    Item("authorities", _("Appui des autorités locales"), _("Lettre du maire, du préfet ou du service technique.")),
    Item("visibility", _("Visibilité"), _("Plan de visibilité, ou raison de s’en abstenir."), blocking=False),
    Item("regional_plan", _("Cohérence avec le plan régional"), _("Priorité du plan régional que le projet sert."), blocking=False),
)  # fmt: skip

ITEMS: dict[str, Item] = {item.code: item for item in CHECKLIST}


def unanswered(project, answers: dict[str, str]) -> list[Item]:
    """Points without an answer, or « n/a » where the project makes them required. `answers` is code → yes/no/na."""
    return [
        item
        for item in CHECKLIST
        if not answers.get(item.code) or (answers[item.code] == "na" and item.required(project) and item.blocking)
    ]


def blocking_noes(answers: dict[str, str]) -> list[Item]:
    """Blocking points answered « no »."""
    return [item for item in CHECKLIST if item.blocking and answers.get(item.code) == "no"]
