"""The sample concept notes: a draft, one that a donor reads, one accepted, one declined, one that became a project."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from funds.models import ConceptNote, Mechanism, Organisation, Prospect
from funds.services import concept_notes as services
from projects.services.from_concept_note import draft_from_note

from .contributions import morning
from .prospects import aim
from .story import Story


@dataclass(frozen=True)
class Idea:
    """`prospect` is the title of the one that it is for; `state` where it stands; `lines` in thousands of USD."""

    title: str
    prospect: str
    regions: tuple[str, ...]
    theme: str
    months: int
    begun: int  # days ago
    by: str
    need: str
    objective: str
    results: str
    beneficiaries: str
    count: int
    lines: tuple[tuple[str, str, str], ...]
    state: str = "draft"
    answer: str = ""
    aim: tuple[str, str] | None = None  # region and code of the priority that it serves
    becomes: str = ""  # the title of the proposal that is drafted from it


IDEAS: tuple[Idea, ...] = (
    Idea("Routes sûres entre Konna et Douentza", "Routes sûres entre Konna et Douentza", ("ML-5",), "Gouvernance et sécurité", 18, 30,
         "gestionnaire",
         "Depuis 2024, les marchés de Konna, Boré et Douentza ne sont plus reliés que par convois. Les prix du mil y ont "
         "augmenté et les services de l’État n’atteignent plus les communes rurales.\n\nLes comités de sécurité existent mais "
         "n’ont ni moyens de communication, ni local, ni relation suivie avec la gendarmerie.",
         "Rouvrir à la circulation civile l’axe Konna–Douentza et rétablir la confiance entre usagers, communes et forces de sécurité intérieure.",
         "Huit comités de sécurité équipés et formés\nTrois postes de gendarmerie réhabilités\nDeux marchés hebdomadaires rouverts",
         "Habitants de neuf communes riveraines, commerçants et transporteurs de l’axe ; une attention particulière aux femmes qui vendent aux marchés.", 46_000,
         (("works", "Réhabilitation de trois postes", "940"), ("equipment", "Radios, éclairage et véhicules légers", "1180"),
          ("training", "Formation des comités et dialogue avec la gendarmerie", "520"), ("supervision", "Suivi et évaluation", "310"),
          ("visibility", "Information des usagers de la route", "90")), "shared", aim=("ML-5", "1.2")),
    Idea("Paix et sécurité au nord, 2027–2029", "Paix et sécurité au nord, troisième phase 2027–2029", ("ML-6", "ML-7"), "", 36, 55,
         "chef.section",
         "La deuxième phase s’achève fin 2026. Les résultats obtenus à Tombouctou et à Gao restent fragiles sans présence durable "
         "des services publics.",
         "Consolider les acquis des deux premières phases dans les cercles de Gourma-Rharous et de Bourem.",
         "Douze services publics rouverts\nVingt-quatre conflits locaux réglés par la médiation",
         "Populations des cercles de Gourma-Rharous et de Bourem.", 118_000,
         (("works", "Bâtiments publics", "3900"), ("equipment", "Équipement des services", "1450"), ("training", "Médiation et cohésion sociale", "980"),
          ("supervision", "Suivi", "520"))),
    Idea("Eau pour les communes de Bourem et Ansongo", "Eau pour les communes de Bourem et Ansongo", ("ML-7",), "Eau et assainissement", 12, 75,
         "gestionnaire",
         "Vingt-deux forages sur quarante sont en panne dans les communes riveraines. Les éleveurs et les agriculteurs se disputent "
         "les points d’eau restants.",
         "Réduire les conflits autour de l’eau en remettant en service les points d’eau partagés.",
         "Quinze forages remis en service\nQuinze comités de gestion mixtes formés",
         "Ménages et éleveurs de six communes.", 31_500,
         (("works", "Réhabilitation des forages", "640"), ("supplies", "Pièces de rechange", "180"), ("training", "Comités de gestion", "95"),
          ("supervision", "Suivi technique", "70")), "accepted", "La Délégation retient la note pour 2027.", aim=("ML-7", "1.1")),
    Idea("Appui général 2026", "Appui général 2026", (), "", 12, 190, "chef.section",
         "Le Fonds fiduciaire a besoin de moyens non affectés pour répondre aux urgences.", "Donner au Fonds une réserve d’intervention rapide.",
         "Dix interventions en moins de trente jours", "Communes touchées par des incidents.", 20_000,
         (("works", "Réserve d’intervention", "1500"),), "declined", "Le budget de la coopération a été réduit."),
    Idea("Périmètres maraîchers de Bourem et d’Ansongo", "Stabilisation et relèvement, deuxième phase", ("ML-7",), "Agriculture et élevage", 12, 40,
         "gestionnaire",
         "Quatre périmètres au bord du fleuve sont abandonnés depuis 2022, faute de pompes et d’un accord sur les droits "
         "d’usage entre familles rentrées et familles restées.",
         "Remettre en culture quatre périmètres partagés, avec des règles écrites par leurs usagers.",
         "Quatre périmètres irrigués à l’énergie solaire\nQuatre conventions d’usage signées",
         "Six cents ménages, dont la moitié conduits par des femmes ; familles déplacées rentrées.", 3_900,
         (("equipment", "Pompes solaires et réseaux", "310"), ("works", "Remise en état des parcelles", "185"),
          ("training", "Conventions d’usage et formation", "70"), ("supervision", "Suivi technique", "35")),
         "project", "La Norvège retient la note pour la deuxième phase.", ("ML-7", "2.2"),
         "Remise en culture des périmètres maraîchers de Bourem et d’Ansongo"),
)  # fmt: skip


def tell_notes(story: Story) -> None:
    for idea in IDEAS:
        tell(story, idea)


def tell(story: Story, idea: Idea) -> None:
    begun_on = story.today - dt.timedelta(days=idea.begun)
    prospect = Prospect.objects.select_related("donor").get(title=idea.prospect)
    donors = [prospect.donor] if prospect.donor else list(Organisation.objects.filter(is_donor=True)[:1])
    values = {
        "title": idea.title, "mechanism": Mechanism.objects.get(pk=prospect.mechanism_id), "theme": idea.theme,
        "priority": aim(*idea.aim) if idea.aim else None, "months": idea.months, "donors": donors,
        "regions": [story.regions[code] for code in idea.regions],
    }  # fmt: skip
    sections = {
        "need": {"need": idea.need},
        "objective": {"objective": idea.objective, "results": idea.results},
        "beneficiaries": {"beneficiaries": idea.beneficiaries, "beneficiaries_count": idea.count},
    }
    with morning(begun_on), story.acting(idea.by) as author:
        note = services.create(by=author, values=values, prospect=None if prospect.contribution_id else prospect)
        for section, told in sections.items():
            seen = services.section_version(note, section)
            services.save_section(by=author, note=note, section=section, values=told, seen=seen)
        rows = [(category, label, Decimal(thousands) * 1000) for category, label, thousands in idea.lines]
        services.save_budget(by=author, note=note, rows=rows, seen=services.section_version(note, services.BUDGET))
    if idea.state != "draft":
        with morning(begun_on + dt.timedelta(days=12)), story.acting(idea.by) as author:
            services.share(by=author, note=ConceptNote.objects.get(pk=note.pk))
    if idea.answer:
        with morning(begun_on + dt.timedelta(days=25)), story.acting(idea.by) as author:
            status = "accepted" if idea.becomes else idea.state
            services.answer(by=author, note=note, status=status, words=idea.answer)
    if idea.becomes:
        with morning(begun_on + dt.timedelta(days=32)), story.acting("point.focal") as focal:
            region = story.regions[idea.regions[0]]
            draft_from_note(by=focal, note=ConceptNote.objects.get(pk=note.pk), region=region, title=idea.becomes)
