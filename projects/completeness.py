"""What a proposal must say before it can be submitted (domain guide §3, §4 « complete »)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funds.asked import asked_by
from projects.fund_answers import MARKER, QUESTION, answers_of


@dataclass(frozen=True)
class Requirement:
    """Something required: in which step of the form, on which field, and what the author reads when it lacks."""

    step: str
    field: str
    message: str
    met: Callable


def filled(*fields: str) -> Callable:
    return lambda project: all(getattr(project, field) not in (None, "") for field in fields)


def _requirement(step: str, field: str, message: str) -> Requirement:
    return Requirement(step, field, message, filled(field))


REQUIREMENTS: tuple[Requirement, ...] = (
    _requirement("essentials", "title", _("l’intitulé")),
    _requirement("essentials", "sponsor", _("la composante marraine")),
    _requirement("essentials", "sector_id", _("le secteur")),
    Requirement("essentials", "cercle", _("le cercle ou la localité"), lambda p: bool(p.cercle_id or p.locality)),
    _requirement("need", "need", _("le contexte et le besoin")),
    _requirement("need", "need_expressed_by", _("qui a exprimé le besoin")),
    _requirement("need", "objective", _("l’objectif")),
    _requirement("need", "confidence", _("la contribution à la confiance")),
    Requirement("plan", "results", _("au moins un résultat attendu"), lambda p: bool(p.results.all())),
    Requirement("plan", "activities", _("au moins une activité"), lambda p: bool(p.activities.all())),
    _requirement("plan", "starts_on", _("la date de début souhaitée")),
    _requirement("plan", "duration_months", _("la durée")),
    Requirement("people", "direct_women", _("le nombre de bénéficiaires directs"), lambda p: p.direct_total > 0),
    _requirement("partner", "partner_id", _("le partenaire de mise en œuvre")),
    _requirement("partner", "coordination", _("la coordination avec les autres acteurs")),
    Requirement("budget", "lines", _("au moins une ligne budgétaire"), lambda p: p.budget_usd > 0),
    _requirement("care", "gender", _("la note sur le genre et l’inclusion")),
    _requirement("care", "environment", _("la note sur l’environnement")),
    _requirement("care", "do_no_harm", _("la note « ne pas nuire »")),
    Requirement("care", "due_diligence", _("la diligence raisonnable, des forces de sécurité étant bénéficiaires"),
                lambda p: not p.security_forces or bool(p.due_diligence)),
    Requirement("care", "land", _("le terrain, des travaux étant prévus"), lambda p: not p.works or bool(p.land)),
    _requirement("care", "sustainability", _("la pérennité")),
    _requirement("care", "maintained_by", _("qui assurera l’entretien")),
    _requirement("care", "visibility", _("la visibilité")),
)  # fmt: skip


def of_the_fund(project) -> list[Requirement]:
    """What the project's mechanism asks for beside what all do; nothing, and no query, where it asks for nothing."""
    asked = asked_by(project.mechanism)
    answers = answers_of(project)
    wanted = []
    if asked.facilities:
        wanted.append(_requirement("fund", "facility_id", _("le guichet")))
    if asked.focus_areas:
        wanted.append(_requirement("fund", "focus_area_id", _("le domaine d’action")))
    wanted += [
        _answer(answers, f"{MARKER}{marker.key}", format_lazy(_("le marqueur « {name} »"), name=marker.name))
        for marker in asked.markers
    ]
    wanted += [
        _answer(
            answers, f"{QUESTION}{question.key}", format_lazy(_("la réponse à « {question} »"), question=question.name)
        )
        for question in asked.questions
        if question.required
    ]
    return wanted


def _answer(answers: dict[str, str], name: str, message) -> Requirement:
    return Requirement("fund", name, message, lambda _project: bool(answers.get(name, "").strip()))


def missing(project) -> list[Requirement]:
    """What is still to be written; empty when the proposal is complete."""
    return [requirement for requirement in (*REQUIREMENTS, *of_the_fund(project)) if not requirement.met(project)]
