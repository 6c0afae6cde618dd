"""What the pages of the steps from the agreement to closure say and ask."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.forms.agreement import SignatureForm
from projects.forms.road import ReasonsForm, RemarkForm
from projects.models import Project
from projects.rules import ends_on
from projects.services import agreements
from projects.services import implementation as services
from sr_portal.web.templatetags.portal import day, usd

from .step_page import StepPage, says


def after_signature(project: Project, user) -> list[str]:
    told = [_("Le montant approuvé, %(amount)s, est engagé.") % {"amount": usd(project.approved_usd)}]
    agreement = agreements.agreement_of(project)
    if agreement and project.duration_months:
        last_day = ends_on(agreement.starts_on, project.duration_months)
        text = _("Le début, le %(start)s, fixe le dernier jour possible : le %(end)s.")
        told.append(text % {"start": day(agreement.starts_on), "end": day(last_day)})
    return [
        *told,
        _("Rien ne change plus dans le protocole, ni ses exemplaires signés ; la suite passe par un avenant."),
    ]


def after_start(project: Project, user) -> list[str]:
    return [
        _("Le projet est « En cours ». Il démarre de lui-même au premier paiement."),
        _("Le dernier jour possible reste le %(day)s.") % {"day": day(project.ends_on)},
    ]


def after_suspension(project: Project, user) -> list[str]:
    return [
        _("Aucune tranche ne peut plus être demandée, autorisée ni payée."),
        _("Le délai continue de courir : le dernier jour possible reste le %(day)s.") % {"day": day(project.ends_on)},
    ]


def after_resumption(project: Project, user) -> list[str]:
    return [
        _("Les travaux et les paiements reprennent."),
        _("Le dernier jour possible reste le %(day)s.") % {"day": day(project.ends_on)},
    ]


def after_completion(project: Project, user) -> list[str]:
    days = {"report": project.mechanism.final_report_days, "closure": project.mechanism.closure_days}
    return [
        _("Le rapport final est attendu sous %(report)s jours, la clôture sous %(closure)s jours.") % days,
        _("Aucun avenant n’est plus possible."),
    ]


def after_closure(project: Project, user) -> list[str]:
    released = (project.approved_usd or 0) - project.paid_usd + project.refunded_usd
    return [
        _("Le projet est clos pour de bon : plus rien ne s’y paie ni ne s’y corrige."),
        _("%(amount)s non dépensés retournent à l’enveloppe.") % {"amount": usd(released)},
    ]


def after_cancellation(project: Project, user) -> list[str]:
    net = project.paid_usd - project.refunded_usd
    told = [
        _("Le projet prend fin. %(amount)s non payés retournent à l’enveloppe.")
        % {"amount": usd((project.approved_usd or 0) - net)}
    ]
    if net > project.justified_usd:
        told.append(
            _("Le partenaire doit rembourser %(amount)s, payés et non justifiés.")
            % {"amount": usd(net - project.justified_usd)}
        )
    return told


PAGES: dict[str, StepPage] = {
    "sign_agreement": StepPage(
        icon="clipboard-check",
        button=gettext_lazy("Constater la signature du protocole"),
        consequences=after_signature,
        form=SignatureForm,
        act=lambda project, user, data: services.sign_agreement(project=project, user=user, **data),
        done=says(gettext_lazy("Le protocole d’accord est signé : le projet peut démarrer.")),
    ),
    "start": StepPage(
        icon="play-circle",
        button=gettext_lazy("Démarrer le projet"),
        consequences=after_start,
        form=ReasonsForm,
        act=lambda project, user, data: services.start(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("Le projet est en cours.")),
    ),
    "suspend": StepPage(
        icon="pause-circle",
        button=gettext_lazy("Suspendre le projet"),
        consequences=after_suspension,
        form=ReasonsForm,
        act=lambda project, user, data: services.suspend(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("Le projet est suspendu.")),
    ),
    "resume": StepPage(
        icon="play-circle",
        button=gettext_lazy("Reprendre le projet"),
        consequences=after_resumption,
        form=ReasonsForm,
        act=lambda project, user, data: services.resume(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("Le projet reprend.")),
    ),
    "complete": StepPage(
        icon="flag",
        button=gettext_lazy("Constater l’achèvement"),
        consequences=after_completion,
        form=RemarkForm,
        act=lambda project, user, data: services.complete(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("L’achèvement des travaux est constaté.")),
    ),
    "close": StepPage(
        icon="lock",
        button=gettext_lazy("Clôturer le projet"),
        consequences=after_closure,
        form=RemarkForm,
        act=lambda project, user, data: services.close(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("Le projet est clôturé.")),
    ),
    "cancel": StepPage(
        icon="x-circle",
        button=gettext_lazy("Annuler le projet"),
        consequences=after_cancellation,
        form=ReasonsForm,
        act=lambda project, user, data: services.cancel(project=project, user=user, note=data["note"]),
        done=says(gettext_lazy("Le projet est annulé.")),
    ),
}
