"""What a device is told of a visit, so that its report can be written there: data as plain JSON, and the words."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.forms.visits import ReportForm
from projects.models import Finding, Visit, VisitState
from projects.services.visit_reports import REPORTED
from sr_portal.web.templatetags.portal import day


def raw_values(visit: Visit) -> dict[str, str]:
    """The report on file as the form's controls would send it."""
    form = ReportForm(visit=None)
    values = {name: form.fields[name].prepare_value(getattr(visit, name)) for name in REPORTED}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def described(visit: Visit, people: list[tuple[int, str]], findings: list[Finding]) -> dict[str, Any]:
    """A visit with the little of its project that a visitor needs on site."""
    project = visit.project
    keys = [project.pk, visit.pk]
    return {
        "id": visit.pk,
        "kind": visit.title,
        "state": visit.state,
        "version": visit.version,
        "plannedOn": visit.planned_on.isoformat(),
        "plannedText": day(visit.planned_on),
        "doneText": day(visit.done_on),
        "address": reverse("projects:visit", args=keys),
        "report": reverse("projects:visit_report", args=keys),
        "photos": reverse("projects:visit_photos", args=keys),
        "values": raw_values(visit) if visit.state == VisitState.DONE else {},
        "people": [[str(key), name] for key, name in people],
        "findings": [
            {
                "text": finding.text,
                "severity": finding.severity,
                "label": str(finding.severity_label.label),
                "due": _("à corriger avant le %(day)s") % {"day": day(finding.due_on)},
            }
            for finding in findings
        ],
        "project": {
            "id": project.pk,
            "reference": project.reference or "",
            "title": project.title,
            "place": project.locality or project.region.name,
            "partner": str(project.partner) if project.partner else "",
            "latitude": None if project.latitude is None else float(project.latitude),
            "longitude": None if project.longitude is None else float(project.longitude),
        },
    }


def person_data(user) -> dict[str, str]:
    return {"id": str(user.pk), "name": user.name or user.email}


def device_data(user, visit: Visit, findings: list[Finding]) -> dict[str, Any]:
    """For the page of one report: its people stand in the form already."""
    return {"visit": described(visit, [], findings), "person": person_data(user)}


def words() -> dict[str, str]:
    """Every text that the scripts show, in the reader's language."""
    return {
        "title": _("Carnet de visite"),
        "nobody": _("Personne n’est connecté sur cet appareil."),
        "online": _("En ligne"),
        "offline": _("Hors ligne"),
        "keptPage": _("Le carnet est prêt à s’ouvrir sans réseau."),
        "readAt": _("Liste relue le {at}."),
        "impossible": _("Ce navigateur ne garde rien sur l’appareil : écrivez les comptes rendus en ligne."),
        "unsentOne": _("{n} compte rendu de cet appareil n’est pas encore au portail."),
        "unsentMany": _("{n} comptes rendus de cet appareil ne sont pas encore au portail."),
        "signIn": _("Connectez-vous pour envoyer. Ce qui est écrit reste sur cet appareil."),
        "signInAction": _("Se connecter"),
        "signInUrl": f"{reverse('account_login')}?next={reverse('projects:visit_field')}",
        "sending": _("Envoi en cours…"),
        "sent": _("Le compte rendu est arrivé au portail."),
        "waiting": _("Pas de réseau : le compte rendu est gardé et partira dès que la connexion revient."),
        "refused": _("Le portail n’a pas accepté le compte rendu : corrigez ce qui est signalé, puis renvoyez-le."),
        "conflict": _("Ce compte rendu a été corrigé entre-temps : comparez les deux versions."),
        "conflictBy": _("{who} l’a corrigé pendant que vous écriviez."),
        "conflictSelf": _("Vous l’avez vous-même enregistré ailleurs."),
        "mine": _("Votre version"),
        "stored": _("Version enregistrée"),
        "keptStored": _("La version enregistrée est gardée."),
        "kept": _("Gardé sur cet appareil."),
        "restored": _("Voici le brouillon gardé sur cet appareil."),
        "discard": _("Effacer ce brouillon et ses photos de l’appareil ?"),
        "todo": _("À faire"),
        "done": _("Compte rendu déposé"),
        "writing": _("Brouillon"),
        "ready": _("En attente du réseau"),
        "refusedShort": _("À corriger"),
        "conflictShort": _("Deux versions"),
        "write": _("Écrire"),
        "resume": pgettext("brouillon", "Reprendre"),
        "mend": _("Corriger"),
        "plannedOn": _("Prévue le {day}"),
        "late": _("En retard : prévue le {day}"),
        "doneOn": _("Faite le {day}"),
        "toCheck": _("Constats ouverts à vérifier sur place : {n}"),
        "photoOf": _("Photo {n} sur {all}"),
        "photoOne": _("{n} photo"),
        "photoMany": _("{n} photos"),
        "photoSent": _("Envoyée"),
        "unreadable": _("« {name} » ne peut pas être lue comme une photo."),
        "full": _("L’appareil n’a plus de place : « {name} » n’est pas gardée."),
        "locating": _("Recherche de la position…"),
        "located": _("Position relevée, à {m} m près."),
        "far": _("Vous êtes à {km} km du point du projet."),
        "forbidden": _("L’appareil refuse de donner sa position : autorisez-la, ou écrivez-la."),
        "notLocated": _("La position n’a pas été trouvée : allez dehors et recommencez, ou écrivez-la."),
    }
