"""What the people of the sample data write along the lives of their projects."""

import random
from typing import Any

from projects.models import Project

SUPPLIERS = (
    "Quincaillerie du Fleuve", "Transport Sonko et frères", "Établissements Dicko", "Menuiserie de la Paix",
    "Sahel Énergie solaire", "Imprimerie du Delta", "Groupement des maçons de Gao",
)  # fmt: skip
PEOPLE = ("Mariam Maïga", "Aliou Touré", "Kadidia Coulibaly", "Mohamed Ag Intalla", "Hawa Sidibé", "Boubacar Guindo")
CAPTIONS = {"before": "Le site avant les travaux", "during": "Le chantier à mi-parcours", "after": "L’ouvrage remis"}

HALT = "Deux incidents armés sur l’axe d’accès : le chantier est arrêté jusqu’au rétablissement de l’escorte."
EARLY_END = "La commune a obtenu le même ouvrage d’un autre bailleur : le projet n’a plus d’objet."
CUT_SHORT = "Le site n’est plus accessible et le partenaire s’est retiré de la zone."
REMARK = "Précisez combien de femmes siègent au comité de gestion et joignez la liste de présence."
MENDED = "Le comité de gestion compte huit membres, dont quatre femmes ; la liste est affichée à la mairie."

FINDINGS = (
    "Fissure dans le mur nord : à reprendre avant la pose de l’enduit.",
    "Le panneau du chantier manque : les habitants ne savent pas qui finance.",
    "Déchets de chantier non évacués près de l’école.",
    "Le béton de la dalle n’a pas été arrosé : essai de résistance à faire.",
)
MIDWAY = (
    "Les fondations sont coulées et les murs montés à mi-hauteur ; les femmes du comité demandent une clôture.",
    "Les équipements sont arrivés de Bamako et entreposés à la mairie ; la formation commence la semaine prochaine.",
    "Le chantier tient son calendrier ; vingt-deux jeunes du village y travaillent, dont six femmes.",
)
FINAL = (
    "L’ouvrage est achevé et en service ; les clés sont prêtes à être remises. Les usagers sont formés.",
    "Tout ce qui était prévu est en place ; le comité de gestion tient son cahier et sa caisse.",
)


def person(draw: random.Random) -> str:
    return draw.choice(PEOPLE)


def finding(draw: random.Random) -> str:
    return draw.choice(FINDINGS)


def midway(draw: random.Random) -> str:
    return draw.choice(MIDWAY)


def final(draw: random.Random) -> str:
    return draw.choice(FINAL)


PERIOD = (
    "Les comités sont installés dans toutes les communes ; onze dialogues sur dix-huit sont tenus, avec un accord écrit pour sept.",
    "Les équipements sont livrés et pris en charge par les comités ; les premiers ouvrages choisis en assemblée sont en chantier.",
    "Les activités suivent le calendrier ; deux communes restent d’accès difficile et sont suivies par les relais locaux.",
)


def report(kind: str, project: Project, draw: random.Random) -> dict[str, Any]:
    """The texts and headcounts of a report, besides what it opened with."""
    if kind == "final_financial":
        return {
            "spending": "Les écarts entre lignes restent sous dix pour cent ; ils viennent du prix du ciment et du transport."
        }
    under_way = kind in ("interim", "periodic")
    share = 60 if under_way else draw.randint(88, 106)
    reached = {
        f"reached_{name}": getattr(project, f"direct_{name}") * share // 100
        for name in ("women", "men", "girls", "boys")
    }
    said = {
        "difficulties": draw.choice(("La piste a été coupée deux semaines par les pluies ; le transport a été replanifié.", "Le prix du ciment a augmenté de dix pour cent ; le partenaire a pris l’écart à sa charge.", "Aucune difficulté majeure.")),
        "inclusion": "Les femmes ont choisi l’emplacement et forment la moitié du comité de gestion.",
        "visibility": "Panneau posé à l’entrée du site ; message à la radio locale en songhoy et en tamasheq.",
        **reached, "reached_displaced": project.displaced * min(share, 100) // 100,
        "reached_disabled": project.disabled * min(share, 100) // 100,
    }  # fmt: skip
    if kind == "periodic":
        said["done"] = draw.choice(PERIOD)
    if under_way:
        return said | {
            "next_steps": "Achever le gros œuvre, poser les équipements, former le comité de gestion avant la réception."
        }
    return said | {
        "confidence": "Les deux fractions ont travaillé sur le même chantier ; le maire dit que le marché s’y tient de nouveau.",
        "sustainability": "Caisse d’entretien ouverte, deux réparateurs formés, pièces de rechange achetées.",
        "lessons": draw.choice(LESSONS)["text"],
    }


def handover(project: Project, draw: random.Random) -> dict[str, Any]:
    from sr_portal.web import clock

    place = project.locality or project.region.name
    return {
        "held_on": clock.today(), "place": place, "owner": f"Commune de {place}", "owner_signatory": f"{person(draw)}, maire",
        "maintained_by": project.maintained_by, "attendees": "Le maire\nLe chef de village\nLa présidente du comité de gestion\nLe point focal de la mission",
        "works": f"{project.title} : ouvrage et équipements, clés, notices et garanties.", "reservations": "", "reservations_due_on": None,
    }  # fmt: skip


def evaluation(draw: random.Random) -> dict[str, Any]:
    asked = draw.randint(18, 60)
    return {
        **{name: draw.choice((3, 4, 4, 5)) for name in ("confidence", "need_met", "quality", "inclusion", "visibility")},
        "perception": draw.choice(("Les habitants disent que l’ouvrage sert à tous les quartiers et que le choix du site a été juste.", "Les femmes interrogées disent perdre deux heures de moins par jour ; les jeunes demandent une suite.")),
        "people_asked": asked, "women_asked": asked * 55 // 100,
        "went_well": "La participation de la population, de la première réunion à la remise.",
        "went_badly": draw.choice(("", "Le transport des équipements a pris trois semaines de retard.")),
    }  # fmt: skip


def check(draw: random.Random) -> dict[str, Any]:
    in_use, kept_up, findings, actions = draw.choice((
        ("fully", True, "L’ouvrage sert chaque jour ; la caisse d’entretien a payé deux réparations.", ""),
        ("fully", True, "En bon état ; le comité se réunit chaque mois et affiche ses comptes.", ""),
        ("partly", False, "Une partie des équipements est à l’arrêt, faute de pièces ; le comité ne se réunit plus.", "Relancer le comité avec la mairie et commander les pièces."),
    ))  # fmt: skip
    return {"in_use": in_use, "kept_up": kept_up, "findings": findings, "actions": actions}


LESSONS = (
    {"theme": "works", "title": "Commander les équipements avant la saison des pluies", "text": "Les pistes sont coupées d’août à octobre : une commande passée en mai arrive à temps, une commande passée en juillet attend novembre."},
    {"theme": "community", "title": "Choisir le site avec les femmes évite de déplacer l’ouvrage", "text": "Le premier emplacement, choisi par les seuls notables, était trop loin des concessions ; le second a été choisi en assemblée."},
    {"theme": "partner", "title": "Former le partenaire à la tenue des pièces dès la première tranche", "text": "Une demi-journée avec les finances au démarrage a évité les rejets de factures qui avaient retardé le projet voisin."},
    {"theme": "sustainability", "title": "Ouvrir la caisse d’entretien avant la remise", "text": "Quand la caisse existe déjà le jour de la réception, la première panne est réparée ; sinon, personne ne paie."},
    {"theme": "security", "title": "Prévoir une escorte de rechange pour la visite finale", "text": "Deux visites sur trois ont été repoussées faute d’escorte : la date de réception doit avoir une date de repli."},
    {"theme": "inclusion", "title": "Réserver des postes de chantier aux femmes", "text": "Six femmes ont tenu le transport de l’eau et la cuisine du chantier, payées au même taux : les familles l’ont demandé ailleurs."},
    {"theme": "design", "title": "Chiffrer le transport à part", "text": "Le transport a dépassé son estimation de 30 % ; une ligne propre permet de le voir et de le négocier."},
)  # fmt: skip


def lesson(draw: random.Random) -> dict[str, Any]:
    return dict(draw.choice(LESSONS))
