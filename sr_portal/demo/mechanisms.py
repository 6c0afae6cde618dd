"""What the sample proposals answer to their mechanism: the facility, and whatever else its rows ask for."""

import random
from typing import Any

from funds.asked import asked_by
from funds.models import Facility, Mechanism
from projects.models import Project, ProjectAnswer, ProjectMarker

from .plausible import Plausible


class FundAnswers:
    """Read once for the whole sample; the same answers at each load, drawn from the title alone."""

    def __init__(self) -> None:
        self.mechanisms = {mechanism.code: mechanism for mechanism in Mechanism.objects.all()}
        self.longest = dict(Facility.objects.values_list("pk", "max_months"))

    def fields(self, idea: Plausible) -> dict[str, Any]:
        """Columns of the project's own row: the facility that allows its length."""
        asked = asked_by(self.mechanisms[idea.mechanism])
        draw = random.Random(f"fund: {idea.title}")
        found: dict[str, Any] = {}
        fitting = [term for term in asked.facilities if idea.months <= (self.longest[term.key] or idea.months)]
        if fitting:
            found["facility_id"] = draw.choice(fitting).key
        if asked.focus_areas:
            found["focus_area_id"] = draw.choice(asked.focus_areas).key
        return found

    def answer(self, project: Project) -> None:
        """Markers and questions, where the mechanism has some."""
        asked = asked_by(self.mechanisms[project.mechanism_id])
        draw = random.Random(f"answers: {project.title}")
        ProjectMarker.objects.bulk_create(
            ProjectMarker(
                project=project, marker_id=marker.key, level_id=draw.choice(marker.parts[1:] or marker.parts).key
            )
            for marker in asked.markers
        )
        ProjectAnswer.objects.bulk_create(
            ProjectAnswer(project=project, question_id=question.key, text=draw.choice(ANSWERS[question.code]))
            for question in asked.questions
            if question.code in ANSWERS
        )


# By code of the question; two ways of saying it, so that pages do not all read alike.
ANSWERS: dict[str, tuple[str, ...]] = {
    "conflict": (
        (
            "Concurrence pour l’eau et les pâturages entre éleveurs et agriculteurs, aggravée par le retour des déplacés et "
            "l’absence des services de l’État. Analyse faite avec les chefs de village, les femmes et les jeunes."
        ),
        (
            "Défiance envers les institutions et rumeurs entre communautés voisines depuis 2012 ; l’analyse du bureau "
            "régional a été mise à jour avec les comités locaux de réconciliation."
        ),
    ),
    "plan": (
        "Axe « cohésion sociale » : renouer les liens entre communautés et ramener les services de base.",
        "Axe « retour de l’autorité de l’État » : des services visibles et équitables dans les cercles du projet.",
    ),
    "change": (
        (
            "Si les communautés décident et gèrent ensemble un service utile à toutes, alors leurs différends se règlent par "
            "le dialogue, parce qu’elles ont plus à perdre à la rupture qu’à l’entente."
        ),
        (
            "Si l’État et les communes rendent un service attendu, équitablement et au vu de tous, alors la confiance "
            "revient, parce que les promesses de l’accord de paix se voient au quotidien."
        ),
    ),
    "catalytic": (
        "La commune inscrit l’entretien à son budget et deux partenaires ont annoncé la suite de l’appui.",
        "Le comité mixte créé pour le projet reste le cadre de concertation du cercle.",
    ),
    "summary": (
        (
            "Le service manque depuis la crise ; le projet le rétablit, forme ceux qui le gèrent et laisse un comité "
            "représentatif avec un fonds d’entretien."
        ),
        "Répondre à un besoin exprimé par toutes les communautés, avec une main-d’œuvre locale et un suivi partagé.",
    ),
    "exit": (
        "La mairie reprend l’entretien dès la remise ; le service technique régional assure le contrôle annuel.",
        "Un comité de gestion élu perçoit une redevance modeste, contrôlée par la commune.",
    ),
}
