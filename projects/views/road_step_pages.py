"""What the page of each step says and asks, and which service it calls. The rules stay in `projects.lifecycle`."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.access import reads_money
from funds.models import Envelope
from projects.forms.decision import ApprovalForm, recommendation_of
from projects.forms.road import AgendaForm, ReasonsForm, RemarkForm
from projects.forms.screening import ReturnForm
from projects.funding import carrying_plan
from projects.lifecycle import Transition
from projects.models import Project, ReviewSession
from projects.services import committee as committees
from projects.services import decisions, screening, submission
from projects.services.steps import withdraw
from projects.states import State
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import usd

from . import agreement_page, implementation_step_pages, road_page
from .step_page import StepPage, says, to_project


def to_screening(project: Project, data: dict) -> str:
    return reverse("projects:screening", args=[project.pk])


def to_session(project: Project, data: dict) -> str:
    return road_page.route_to("projects:session", data["session"].pk) or to_project(project, data)


def page_context(step: Transition, project: Project, user) -> dict[str, Any]:
    """What stands beside the form: the recommendation and the envelope for a decision, sessions for an agenda."""
    if step.name in ("approve", "refuse"):
        item = recommendation_of(project)
        envelope = envelope_for(project) if step.name == "approve" else None
        return {
            "recommendation": item,
            "recommendation_url": road_page.with_session_urls(user, [item])[0][1] if item else "",
            "envelope": envelope,
            "envelope_after": envelope.available_usd - (project.recommended_usd or 0) if envelope else None,
            "plan": carrying_plan(project, project.recommended_usd or Decimal(0)) if step.name == "approve" else None,
            "reads_money": reads_money(user),
        }
    if step.name == "put_on_agenda":
        return {"committee": road_page.committee_awaited(project)}
    if step.name == "sign_agreement" and State(project.state) in step.sources:
        return {"checks": agreement_page.checks(project), "may_prepare": step.is_allowed(user, project)}
    return {}


def envelope_for(project: Project) -> Envelope | None:
    """The envelope on which an approval of today would be reserved."""
    return Envelope.objects.for_day(project.mechanism, clock.today()).select_related("mechanism").first()


# --- What follows from each step -----------------------------------------------------------------------------------


def after_submit(project: Project, user) -> list[str]:
    first = (
        _("Elle repart en présélection sous la même référence, %(reference)s.") % {"reference": project.reference}
        if project.reference
        else _("Elle reçoit sa référence et part en présélection.")
    )
    return [first, _("Elle ne se modifie plus, sauf si la section vous la renvoie.")]


def after_start(project: Project, user) -> list[str]:
    told = [
        _("L’examen vous est confié : vous seul pourrez remplir la grille et conclure."),
        _("Vous ne pourrez ensuite ni voter en comité sur cette proposition, ni l’approuver."),
    ]
    if project.screenings.all():
        told.append(_("Les réponses du tour précédent sont reprises, à confirmer ou à changer."))
    return told


def after_admit(project: Project, user) -> list[str]:
    return [
        _("La présélection est close ; la grille reste lisible sur la page du projet."),
        _("La proposition attend son inscription à l’ordre du jour du comité de revue."),
    ]


def after_return(project: Project, user) -> list[str]:
    return [
        _("L’auteur peut de nouveau modifier la proposition, puis la soumettre à nouveau."),
        _("Ce tour d’examen est clos et conservé, avec vos réponses."),
    ]


def after_inadmissible(project: Project, user) -> list[str]:
    return [
        _("La proposition s’arrête ici, pour de bon."),
        _("Ce tour d’examen est clos et conservé, avec vos réponses."),
    ]


def after_agenda(project: Project, user) -> list[str]:
    return [
        _("La proposition passe en comité."),
        _("Les membres peuvent l’étudier et déclarer leurs intérêts dès maintenant."),
    ]


def after_approve(project: Project, user) -> list[str]:
    return [
        _("Le montant approuvé est réservé aussitôt sur l’enveloppe de l’exercice."),
        _("La décision est définitive et porte votre nom."),
    ]


def after_refuse(project: Project, user) -> list[str]:
    return [
        _("La proposition s’arrête ici, pour de bon ; aucun montant n’est réservé."),
        _("La décision porte votre nom."),
    ]


def after_withdraw(project: Project, user) -> list[str]:
    told = [_("La proposition s’arrête ici : elle ne pourra plus être reprise.")]
    if project.state == State.SCREENING:
        told.append(_("L’examen en cours prend fin ; ses réponses sont conservées."))
    if project.state == State.IN_REVIEW:
        told.append(_("Elle quitte l’ordre du jour du comité."))
    return told


def after_approval(project: Project) -> str:
    amount = usd(project.approved_usd)
    return _("Le projet est approuvé : %(amount)s sont réservés sur l’enveloppe.") % {"amount": amount}


def put_on_agenda(project: Project, user, data: dict) -> Project:
    session: ReviewSession = data["session"]
    return committees.put_on_agenda(project=project, session=session, user=user)


def send_back(project: Project, user, data: dict) -> Project:
    return screening.send_back(project=project, user=user, reasons=data)


PAGES: dict[str, StepPage] = {
    "submit": StepPage(
        icon="send",
        button=gettext_lazy("Soumettre la proposition"),
        consequences=after_submit,
        act=lambda project, user, data: submission.submit(project=project, user=user),
        done=lambda p: _("La proposition est soumise sous la référence %(ref)s.") % {"ref": p.reference},
    ),
    "start_screening": StepPage(
        icon="search",
        button=gettext_lazy("Prendre en examen"),
        consequences=after_start,
        act=lambda project, user, data: screening.start_screening(project=project, user=user),
        done=says(gettext_lazy("L’examen de la proposition vous est confié.")),
        target=to_screening,
    ),
    "admit": StepPage(
        icon="check-circle",
        button=gettext_lazy("Déclarer recevable"),
        consequences=after_admit,
        form=RemarkForm,
        act=lambda project, user, data: screening.admit(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("La proposition est déclarée recevable.")),
    ),
    "send_back": StepPage(
        icon="arrow-return-left",
        button=gettext_lazy("Renvoyer pour complément"),
        consequences=after_return,
        form=ReturnForm,
        quiet=True,
        act=send_back,
        done=says(gettext_lazy("La proposition est renvoyée à son auteur, avec ce qui est à corriger.")),
        intro=gettext_lazy(
            "Écrivez, pour chaque section concernée, ce que l’auteur doit corriger ou compléter. Les points auxquels "
            "vous avez répondu « Non » y figurent déjà : relisez-les, car l’auteur les lira tels quels."
        ),
    ),
    "declare_inadmissible": StepPage(
        icon="x-circle",
        button=gettext_lazy("Déclarer irrecevable"),
        consequences=after_inadmissible,
        form=ReasonsForm,
        act=lambda project, user, data: screening.declare_inadmissible(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("La proposition est déclarée irrecevable.")),
    ),
    "put_on_agenda": StepPage(
        icon="people",
        button=gettext_lazy("Inscrire à l’ordre du jour"),
        consequences=after_agenda,
        form=AgendaForm,
        act=put_on_agenda,
        done=says(gettext_lazy("La proposition est inscrite à l’ordre du jour.")),
        target=to_session,
        refused_field="session",
    ),
    "approve": StepPage(
        icon="patch-check",
        button=gettext_lazy("Approuver le projet"),
        consequences=after_approve,
        form=ApprovalForm,
        act=lambda project, user, data: decisions.approve(project=project, user=user, **data),
        done=after_approval,
        refused_field="amount_usd",
    ),
    "refuse": StepPage(
        icon="x-circle",
        button=gettext_lazy("Refuser le projet"),
        consequences=after_refuse,
        form=ReasonsForm,
        act=lambda project, user, data: decisions.refuse(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("Le projet est refusé.")),
    ),
    "withdraw": StepPage(
        icon="archive",
        button=gettext_lazy("Retirer la proposition"),
        consequences=after_withdraw,
        form=ReasonsForm,
        act=lambda project, user, data: withdraw(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("La proposition est retirée.")),
    ),
} | implementation_step_pages.PAGES
