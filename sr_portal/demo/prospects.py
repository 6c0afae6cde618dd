"""The sample pipeline: donors that the section approaches, what they said, and what became of it, by the real services."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from funds.models import Mechanism, Organisation, Prospect
from funds.services import prospects
from funds.services.prospects import Contact
from regions.models import Priority
from sr_portal.web import clock

from .contributions import morning
from .story import Story


@dataclass(frozen=True)
class Spoken:
    """A contact `days` ago: the channel, with whom, what was said, and the stage that it led to."""

    days: int
    channel: str
    whom: str
    text: str
    stage: str = ""


@dataclass(frozen=True)
class Hope:
    """Millions of `currency`; `within` days from the end of the story to the next step (negative: late)."""

    title: str
    donor: str  # of the registry, or a name that is not there yet
    mechanism: str
    currency: str
    millions: str
    rate: str
    likelihood: int
    expected_on: str
    next_step: str
    within: int
    owner: str = "chef.section"
    region: str | None = None
    theme: str = ""
    spoken: tuple[Spoken, ...] = field(default=())
    lost: str = ""
    won: bool = False
    aim: str = ""  # the code of the priority that it serves, in the plan of its region


HOPES: tuple[Hope, ...] = (
    Hope("Paix et sécurité au nord, troisième phase 2027–2029", "Danemark", "TF", "DKK", "45", "6.41", 70, "2027-03-01",
         "Transmettre la note conceptuelle révisée à l’ambassade", -4, spoken=(
             Spoken(64, "meeting", "Chef de la coopération", "Le ministère prépare son plan Sahel 2027–2029 et garde une ligne pour la stabilisation.", "contacted"),
             Spoken(23, "meeting", "Conseillère politique", "Intérêt confirmé pour Tombouctou et Gao ; une note de cinq pages est attendue.", "negotiating"))),
    Hope("Routes sûres entre Konna et Douentza", "Allemagne", "TF", "EUR", "3", "0.86", 60, "2027-02-15",
         "Organiser la visite du chargé de programme à Sévaré", 9, "gestionnaire", "ML-5", "Gouvernance et sécurité", (
             Spoken(40, "call", "Chargé de programme", "La ligne « stabilisation » de 2027 s’ouvre en janvier.", "contacted"),
             Spoken(12, "mail", "Chargé de programme", "Les termes de la visite conjointe sont envoyés.", "negotiating")), aim="1.2"),
    Hope("Participation des femmes, deuxième phase", "Canada", "TF", "CAD", "3.5", "1.40", 85, "2027-01-20",
         "Relire le projet d’accord reçu du haut-commissariat", 5, spoken=(
             Spoken(80, "event", "Directrice Sahel", "Table ronde de Bamako : le Canada veut prolonger la première phase.", "negotiating"),
             Spoken(9, "mail", "Haut-commissariat", "Promesse écrite, projet d’accord joint.", "promised"))),
    Hope("Eau pour les communes de Bourem et Ansongo", "UE", "TF", "EUR", "2.2", "0.86", 35, "2027-05-10",
         "Rencontrer la section coopération de la Délégation", 16, "gestionnaire", "ML-7", "Eau et assainissement", (
             Spoken(27, "meeting", "Section coopération", "L’eau est couverte par d’autres instruments ; Bourem les intéresse pourtant.", "contacted"),), aim="1.1"),
    Hope("Retour des services de l’État à Ménaka", "Royaume-Uni", "TF", "GBP", "1.6", "0.76", 40, "2027-04-01",
         "Envoyer le bilan de la contribution de 2025", -11, "chef.section", "ML-9", "Gouvernance et sécurité", (
             Spoken(35, "call", "Attaché", "Rien de nouveau avant le bilan de la contribution en cours.", "contacted"),)),
    Hope("Jeunes et emploi à Mopti", "Fondation Sahel Avenir", "TF", "USD", "0.75", "1", 20, "2027-06-15",
         "Prendre rendez-vous avec le directeur des programmes", 21, "gestionnaire", "ML-5", "Agriculture et élevage", aim="3.1"),
    Hope("Énergie solaire des centres de santé", "Principauté de Monaco", "TF", "EUR", "0.4", "0.86", 15, "2027-09-01",
         "Trouver le bon interlocuteur à la Direction de la coopération", 30, theme="Énergie"),
    Hope("Plan prioritaire, troisième tranche", "PBSO", "PBF", "USD", "12", "1", 75, "2027-02-01",
         "Présenter le bilan de la deuxième tranche au comité de pilotage", 3, spoken=(
             Spoken(48, "meeting", "Bureau d’appui", "La troisième tranche dépend des résultats de la deuxième.", "negotiating"),)),
    Hope("Dialogue communautaire dans le Liptako", "PBSO", "PBF", "USD", "2.5", "1", 30, "2026-12-15",
         "Confirmer l’intérêt des deux organisations bénéficiaires", -2, "gestionnaire", "ML-7", spoken=(
             Spoken(19, "call", "Chargée de portefeuille", "Le cofinancement transfrontalier est ouvert jusqu’à la fin de l’année.", "contacted"),), aim="3.2"),
    Hope("Appui général 2026", "Pays-Bas", "TF", "EUR", "1.5", "0.92", 50, "2026-06-30", "Attendre l’arbitrage budgétaire", 10, spoken=(
             Spoken(150, "meeting", "Premier secrétaire", "Le poste est en discussion au parlement.", "negotiating"),),
         lost="Le budget de la coopération a été réduit par le parlement néerlandais."),
    Hope("Stabilisation et relèvement, deuxième phase", "Norvège", "TF", "NOK", "40", "10.12", 80, "2026-11-30",
         "Recevoir la lettre d’annonce", 5, spoken=(
             Spoken(110, "meeting", "Ambassadeur", "La deuxième phase est acquise sur le principe.", "promised"),), won=True),
)  # fmt: skip


def tell_prospects(story: Story) -> None:
    """Each prospect with its journal, then what became of it, each step on its day."""
    for hope in HOPES:
        tell(story, hope)


def tell(story: Story, hope: Hope) -> None:
    donor = (
        Organisation.objects.filter(name=hope.donor).first() or Organisation.objects.filter(acronym=hope.donor).first()
    )
    first = max([spoken.days for spoken in hope.spoken], default=14) + 6
    begun_on = story.today - dt.timedelta(days=first)
    due_on = story.today + dt.timedelta(days=hope.within)
    step = {"next_step": hope.next_step, "next_step_on": due_on}
    values = {
        "title": hope.title, "donor": donor, "donor_name": "" if donor else hope.donor,
        "mechanism": Mechanism.objects.get(pk=hope.mechanism), "theme": hope.theme,
        "region": story.regions[hope.region] if hope.region else None, "currency": hope.currency,
        "amount": Decimal(hope.millions) * 1_000_000, "rate": Decimal(hope.rate), "rate_on": begun_on,
        "likelihood": hope.likelihood, "expected_on": dt.date.fromisoformat(hope.expected_on), "stage": "identified",
        "responsible": story.people[hope.owner], "priority": aim(hope.region, hope.aim), "concept_note": None, "note": "", **step,
    }  # fmt: skip
    with morning(begun_on), story.acting(hope.owner) as owner:
        prospect = prospects.register(by=owner, values=values)
    for spoken in hope.spoken:
        day = story.today - dt.timedelta(days=spoken.days)
        with morning(day), story.acting(hope.owner) as owner:
            contact = Contact(day, spoken.channel, spoken.whom, spoken.text)
            prospects.note_contact(by=owner, prospect=prospect, contact=contact, step=step)
            if spoken.stage:
                stands = Prospect.objects.get(pk=prospect.pk).stage
                prospects.move(by=owner, prospect=prospect, stage=spoken.stage, seen_stage=stands)
    with morning(story.today - dt.timedelta(days=1)), story.acting(hope.owner) as owner:
        if hope.lost:
            prospects.lose(by=owner, prospect=prospect, reason=hope.lost)
        if hope.won:
            prospects.win(by=owner, prospect=prospect, values=_pledge(prospect, clock.today()))


def aim(region: str | None, code: str) -> Priority | None:
    """The priority of that code in the plan in force of the region."""
    if not code:
        return None
    in_force = Priority.objects.select_related("plan__region").filter(plan__status="validated")
    return in_force.get(plan__region__code=region, code=code)


def _pledge(prospect: Prospect, day: dt.date) -> dict:
    row = Prospect.objects.get(pk=prospect.pk)
    return {
        "reference": f"CTB-{day.year}-12", "title": row.title, "donor": row.donor, "mechanism": row.mechanism,
        "region": row.region, "theme": row.theme, "currency": row.currency, "pledged_amount": row.amount,
        "pledged_on": day, "pledged_rate": row.rate, "pledged_rate_on": row.rate_on, "note": "",
    }  # fmt: skip
