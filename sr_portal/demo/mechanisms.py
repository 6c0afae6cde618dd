"""What the sample proposals answer to their mechanism: the facility, and whatever else its rows ask for."""

import random
from decimal import Decimal
from typing import Any

from funds.asked import asked_by
from funds.models import Facility, Mechanism, Organisation
from projects import asked_documents, clearance
from projects.models import Project, ProjectAnswer, ProjectMarker, Recipient
from projects.services.annexes import add_annex
from projects.services.clearances import record_clearance
from projects.services.dossier import file_piece
from sr_portal.accounts.models import User
from sr_portal.web import clock

from .plausible import Plausible


class FundAnswers:
    """Read once for the whole sample; the same answers at each load, drawn from the title alone."""

    def __init__(self) -> None:
        self.mechanisms = {mechanism.code: mechanism for mechanism in Mechanism.objects.all()}
        self.organisations = list(Organisation.objects.implementing().order_by("pk").values_list("pk", flat=True))
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
        if asked.several_recipients and draw.random() < 0.7:
            others = [key for key in self.organisations if key != project.partner_id]
            Recipient.objects.create(
                project=project, organisation_id=draw.choice(others), share=Decimal(draw.choice((20, 25, 30, 40)))
            )

    def file_asked(self, project: Project, step: str, by: User) -> None:
        """The documents that the fund waits for before a step, put on file."""
        from .course import pdf  # whose module needs the story, which needs this one

        for document in asked_documents.lacking(project, step):
            paper = pdf(document.name_fr.upper(), project.title, "(exemple)", name=f"{document.name_fr}.pdf")
            kind = f"{asked_documents.CHOICE}{document.key}"
            if step == "submit":
                add_annex(project=project, user=by, upload=paper, kind=kind)
            else:
                file_piece(project=project, user=by, upload=paper, kind=kind)

    def before_approval(self, project: Project, officer: User) -> None:
        """What the fund waits for before a decision: its documents on file, and the word of headquarters."""
        self.file_asked(project, "approve", officer)
        if clearance.is_asked_for(project):
            from .course import pdf

            amount = clearance.to_be_approved(project)
            letter = pdf(
                "ACCORD DU SIÈGE (exemple)", str(project.reference), f"{amount} USD", name="Accord du siège.pdf"
            )
            record_clearance(
                project=project, user=officer, reference=f"HQ/{project.reference}", cleared_on=clock.today(),
                amount_usd=amount, upload=letter,
            )  # fmt: skip


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
