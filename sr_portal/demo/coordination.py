"""The sample coordination: partners that give and coordinate, their groups, some meetings and what these decided."""

import datetime as dt
import random
from dataclasses import dataclass, field

from django.utils import timezone

from funds.models import CapacityCriterion, CoordinationGroup, Meeting, Organisation, Vetting
from funds.services import coordination, partners
from funds.services.vetting import assess
from sr_portal.web import clock

from .story import Story

# name, acronym, kind, roles: those that coordinate without carrying out the section's projects
PTF = (
    ("Programme des Nations Unies pour le développement", "PNUD", "un_agency", ("is_ptf",)),
    ("Fonds des Nations Unies pour l’enfance", "UNICEF", "un_agency", ("is_ptf",)),
    ("Organisation des Nations Unies pour l’alimentation et l’agriculture", "FAO", "un_agency", ("is_ptf",)),
    ("Bureau de la coordination des affaires humanitaires", "OCHA", "un_agency", ("is_ptf",)),
    ("Délégation de l’Union européenne", "UE", "donor", ("is_donor", "is_ptf")),
    ("Coopération allemande au développement", "GIZ", "donor", ("is_donor", "is_ptf")),
)

GROUPS = {
    "stabilisation": ("Groupe des partenaires de la stabilisation", "Stabilisation et relèvement", None,
                      "Qui fait quoi dans les régions du centre et du nord ; les besoins sans financement."),
    "eau": ("Groupe eau et services de base", "Eau, santé, éducation", None,
            "Éviter les doubles emplois sur les points d’eau, les centres de santé et les écoles."),
    "gao": ("Coordination régionale de Gao", "", "ML-7", "Les partenaires présents à Gao, avec le gouvernorat."),
    "mopti": ("Coordination régionale de Mopti", "", "ML-5", "Les partenaires présents à Mopti, avec le gouvernorat."),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A decision: its words, who carries it out (a login or an acronym), days from the meeting, what became of it."""

    text: str
    owner: str
    within: int
    done: str = ""


@dataclass(frozen=True)
class Held:
    group: str
    title: str
    days_ago: int  # negative: to come
    place: str
    by: str
    agenda: tuple[str, ...]
    present: tuple[str, ...] = ()
    minutes: str = ""
    decisions: tuple[Told, ...] = field(default=())
    cancelled: str = ""


MEETINGS = (
    Held("stabilisation", "Revue trimestrielle des partenaires de la stabilisation", 128, "Bamako, salle Niger", "chef.section",
         ("Plan régional de Mopti", "Financements attendus", "Calendrier des missions conjointes"), ("PNUD", "UE", "GIZ", "OCHA"),
         "Les partenaires confirment leurs interventions au centre. L’axe Konna–Douentza reste sans financement pour l’eau.",
         (Told("Transmettre la liste des besoins de Konna et Douentza aux bailleurs", "chef.section", 21, "Liste envoyée le jour dit, avec les coûts."),
          Told("Partager le calendrier des missions conjointes du semestre", "PNUD", 14, "Calendrier reçu et diffusé."))),
    Held("gao", "Coordination de Gao : préparation de l’hivernage", 96, "Gao, bureau régional", "chef.bureau.gao",
         ("Pistes coupées", "Stocks de pompes", "Projets en cours"), ("UNICEF", "FAO"),
         "Les pistes vers Ansongo seront coupées dès juillet. Les pompes de rechange doivent être à pied d’œuvre avant.",
         (Told("Établir la carte des points d’eau réhabilités depuis 2024", "gestionnaire", 45),
          Told("Prépositionner les pompes de rechange à Ansongo", "UNICEF", 30, "Douze pompes livrées."))),
    Held("eau", "Points d’eau : qui fait quoi", 71, "Bamako, en ligne", "chef.section",
         ("Doublons constatés", "Normes de construction"), ("UNICEF", "PNUD", "OCHA"),
         "Deux forages ont été proposés au même village par deux partenaires. Chacun déclare désormais ses points d’eau avant les travaux.",
         (Told("Ouvrir à l’équipe de pays le registre des points d’eau", "UNICEF", 60),
          Told("Vérifier les doubles emplois avec les projets à impact rapide en cours", "gestionnaire", 20, "Aucun doublon restant."))),
    Held("mopti", "Coordination de Mopti : retour des services de l’État", 52, "Sévaré", "gestionnaire",
         ("Bâtiments publics", "Cohésion sociale", "Questions diverses"), ("PNUD", "GIZ", "UE"),
         "Le gouvernorat demande de donner la priorité aux mairies de Bankass et de Koro.",
         (Told("Visiter les mairies de Bankass et de Koro avec le génie rural", "point.focal.centre", 30),
          Told("Chiffrer la remise en état des deux mairies", "GIZ", 60))),
    Held("gao", "Coordination de Gao : bilan de l’hivernage", 24, "Gao, bureau régional", "chef.bureau.gao",
         ("Projets retardés", "Accès", "Prochaines missions"), ("UNICEF", "FAO", "OCHA"),
         "Trois projets ont pris du retard à cause des crues ; les visites finales sont à replacer.",
         (Told("Replacer les visites finales des trois projets retardés", "gestionnaire", 14),
          Told("Donner les nouveaux accès par la piste de Bourem", "OCHA", 40))),
    Held("stabilisation", "Revue des partenaires avant la fin de l’année", 8, "Bamako, salle Niger", "chef.section",
         ("Bilan de l’année", "Priorités sans financement", "Réunions de l’an prochain"), ("PNUD", "UE", "GIZ", "FAO"),
         "Le bilan est partagé. Les bailleurs annoncent une réponse sur les priorités du nord avant la fin de janvier.",
         (Told("Envoyer la note sur les priorités sans financement", "chef.section", 15),
          Told("Répondre sur l’axe Ménaka", "UE", 70))),
    Held("eau", "Normes des points d’eau solaires", 15, "Bamako, en ligne", "chef.section",
         ("Cahier des charges commun",), cancelled="Les ingénieurs de deux partenaires sont en mission ; reportée en janvier."),
    Held("mopti", "Coordination de Mopti : programme du trimestre", -16, "Sévaré", "gestionnaire",
         ("Programme du trimestre", "Projets proposés", "Accès"), ("PNUD", "GIZ")),
)  # fmt: skip


def add_coordination(story: Story) -> None:
    """Groups, meetings and decisions, written at their days by those who keep them."""
    known = {acronym: _partner(*row) for row in PTF for acronym in [row[1]]}
    groups = {}
    with _at(story, 200), story.acting("chef.section") as head:
        for key, (name, theme, code, purpose) in GROUPS.items():
            values = {"name": name, "theme": theme, "region": story.regions[code] if code else None, "purpose": purpose}
            groups[key] = coordination.make_group(by=head, values={**values, "is_active": True})
    for held in MEETINGS:
        _tell(story, held, groups[held.group], known)
    _assess(story)
    _exclude(story)


def _assess(story: Story) -> None:
    """What was checked of each implementing partner, and how able it was found."""
    draw, criteria = random.Random(2026), list(CapacityCriterion.objects.filter(is_active=True))
    for rank, partner in enumerate(Organisation.objects.implementing().order_by("pk")):
        with _at(story, 30 + rank * 9), story.acting("gestionnaire") as officer:
            if partner.vetted_on:
                Vetting.objects.create(
                    organisation=partner, status=partner.vetting_status, vetted_on=partner.vetted_on,
                    note="Récépissé, statuts et compte bancaire au nom du partenaire.", recorded_by=officer,
                )  # fmt: skip
            scores = {one: draw.choice((1, 2, 2, 2, 3, 3)) for one in criteria}
            notes = {1: "Un appui est prévu dans le protocole.", 2: "", 3: ""}
            assess(
                by=officer, organisation=partner, scores={one: (value, notes[value]) for one, value in scores.items()},
                values={"assessed_on": clock.today(), "valid_months": 24, "conclusion": "Peut porter un projet à impact rapide."},
            )  # fmt: skip


def _exclude(story: Story) -> None:
    """One partner is excluded for two years; it carried out no project."""
    shut_out = Organisation.objects.create(
        name="Entreprise Sahel Travaux (fictive)", kind="company", region=story.regions["ML-6"],
        vetting_status="rejected", vetting_note="Factures au nom d’une entreprise qui n’existe pas.",
    )  # fmt: skip
    with _at(story, 210), story.acting("chef.section") as head:
        until = story.today + dt.timedelta(days=520)
        partners.exclude(by=head, organisation=shut_out, reason="Fausses factures constatées par l’audit.", until=until)


def _partner(name: str, acronym: str, kind: str, roles: tuple[str, ...]) -> Organisation:
    """The organisation of that name; one that is there already gains these roles."""
    found = Organisation.objects.filter(name=name).first() or Organisation(name=name, acronym=acronym, kind=kind)
    for role in roles:
        setattr(found, role, True)
    found.save()
    return found


def _tell(story: Story, told: Held, group: CoordinationGroup, known: dict[str, Organisation]) -> None:
    day = story.today - dt.timedelta(days=told.days_ago)
    with _at(story, max(told.days_ago, 0) + 12), story.acting(told.by) as user:
        values = {"group": group, "title": told.title, "held_on": day, "starts_at": dt.time(10), "place": told.place}
        meeting = coordination.plan_meeting(by=user, values={**values, "agenda": "\n".join(told.agenda)})
        guests = [
            {
                "organisation": known[name],
                "name": "",
                "function": "",
                "presence": "present" if told.minutes else "invited",
            }
            for name in told.present
        ]
        coordination.add_participants(by=user, meeting=meeting, rows=guests)
        if told.cancelled:
            coordination.cancel_meeting(by=user, meeting=meeting, reason=told.cancelled)
    if told.minutes:
        _write_up(story, told, meeting, known)


def _write_up(story: Story, told: Held, meeting: Meeting, known: dict[str, Organisation]) -> None:
    with _at(story, max(told.days_ago - 2, 0)), story.acting(told.by) as user:
        own = {"organisation": None, "name": user.name, "function": user.job_title, "presence": "present"}
        coordination.add_participants(by=user, meeting=meeting, rows=[own])
        coordination.write_minutes(by=user, meeting=meeting, text=told.minutes, upload=None, seen=meeting.version)
        made = []
        for one in told.decisions:
            values = {"text": one.text, "owner": story.people.get(one.owner), "organisation": known.get(one.owner)}
            due = meeting.held_on + dt.timedelta(days=one.within)
            made.append((one, coordination.add_decision(by=user, meeting=meeting, values={**values, "due_on": due})))
    for one, decision in made:
        if one.done:
            with _at(story, max(told.days_ago - one.within, 0)), story.acting(told.by) as user:
                coordination.close_decision(by=user, decision=decision, state="done", outcome=one.done)


def _at(story: Story, days_ago: int):
    day = story.today - dt.timedelta(days=days_ago)
    return clock.at(dt.datetime.combine(day, dt.time(11), tzinfo=timezone.get_default_timezone()))
