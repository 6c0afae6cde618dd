"""Plausible projects, drawn from named places and usual works with a fixed seed: always the same ones."""

import random
from dataclasses import dataclass
from decimal import Decimal

# region: (cercle, localities)
PLACES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "ML-7": (("Gao", ("Gao", "Wabaria", "Gounzoureye", "Sony Aliber", "Djebock")), ("Ansongo", ("Ansongo", "Ouattagouna", "Labbezanga", "Talataye")), ("Bourem", ("Bourem", "Bamba", "Temera", "Taboye"))),
    "ML-6": (("Tombouctou", ("Tombouctou", "Ber", "Alafia", "Lafia")), ("Diré", ("Diré", "Haïbongo", "Tindirma")), ("Goundam", ("Goundam", "Tonka", "Bintagoungou")), ("Niafunké", ("Niafunké", "Léré", "Soumpi")), ("Gourma-Rharous", ("Rharous", "Gossi", "Hamzakoma"))),
    "ML-5": (("Mopti", ("Sévaré", "Konna", "Fatoma", "Soye")), ("Bandiagara", ("Bandiagara", "Dourou", "Kendié", "Ningari")), ("Bankass", ("Bankass", "Ouenkoro", "Koulogon")), ("Koro", ("Koro", "Dinangourou", "Madougou")), ("Douentza", ("Douentza", "Hombori", "Boni")), ("Djenné", ("Djenné", "Sofara")), ("Ténenkou", ("Ténenkou", "Dioura"))),
    "ML-8": (("Kidal", ("Kidal", "Anéfis", "Essouk")), ("Tessalit", ("Tessalit", "Aguelhok", "Amachache")), ("Abeïbara", ("Abeïbara", "Boghassa")), ("Tin-Essako", ("Tin-Essako",))),
    "ML-9": (("Ménaka", ("Ménaka", "Andéramboukane", "Inékar", "Tidermène")),),
    "ML-10": (("", ("Taoudénit", "Araouane", "Foum-Alba")),),
    "ML-4": (("Niono", ("Niono", "Diabaly", "Sokolo")), ("Ségou", ("Ségou", "Markala")), ("Macina", ("Macina", "Kolongo"))),
    "ML-BKO": (("Bamako", ("Commune I", "Commune IV", "Commune VI")),),
}  # fmt: skip
WEIGHTS = {"ML-7": 20, "ML-6": 23, "ML-5": 34, "ML-8": 17, "ML-9": 6, "ML-10": 2, "ML-4": 5, "ML-BKO": 11}

# title, sector, works, security forces, lines (category, label, unit, share of the budget)
WORKS = (
    ("works", "Terrassement et gros œuvre", "forfait", 55),
    ("supplies", "Ciment, fers et agrégats", "lot", 20),
    ("labour", "Main-d’œuvre locale", "homme-jour", 12),
    ("supervision", "Suivi technique du chantier", "mois", 8),
    ("visibility", "Panneau et cérémonie de remise", "forfait", 5),
)
GOODS = (
    ("equipment", "Fourniture et pose des équipements", "lot", 62),
    ("transport", "Transport jusqu’au site", "voyage", 14),
    ("training", "Formation des utilisateurs", "session", 14),
    ("supervision", "Suivi technique", "mois", 6),
    ("visibility", "Panneau et cérémonie de remise", "forfait", 4),
)
SKILLS = (
    ("training", "Sessions de formation", "session", 48),
    ("equipment", "Kits d’installation", "kit", 30),
    ("supplies", "Fournitures pédagogiques", "lot", 12),
    ("transport", "Déplacements des participants", "forfait", 6),
    ("visibility", "Radio et supports", "forfait", 4),
)
IDEAS = (
    ("Réhabilitation du forage de {place}", "14031", True, False, WORKS),
    ("Adduction d’eau sommaire de {place}", "14031", True, False, GOODS),
    ("Électrification solaire du centre de santé de {place}", "23230", False, False, GOODS),
    ("Équipement de la maternité de {place}", "12230", False, False, GOODS),
    ("Construction de trois salles de classe à {place}", "11120", True, False, WORKS),
    ("Clôture et latrines de l’école fondamentale de {place}", "14032", True, False, WORKS),
    ("Éclairage public solaire du marché de {place}", "23230", False, False, GOODS),
    ("Réhabilitation de la maison des jeunes de {place}", "16065", True, False, WORKS),
    ("Aménagement du terrain de sport de {place}", "16065", True, False, WORKS),
    ("Périmètre maraîcher des femmes de {place}", "31140", True, False, GOODS),
    ("Moulin et batteuse pour la coopérative des femmes de {place}", "31120", False, False, GOODS),
    ("Banque de céréales de {place}", "31120", True, False, WORKS),
    ("Parc de vaccination du bétail de {place}", "31163", True, False, WORKS),
    ("Équipement de la radio communautaire de {place}", "15153", False, False, GOODS),
    ("Réfection du tribunal de paix de {place}", "15130", True, False, WORKS),
    ("Réhabilitation de la mairie de {place}", "15112", True, False, WORKS),
    ("Réfection du poste de gendarmerie de {place}", "15132", True, True, WORKS),
    ("Formation de jeunes artisans de {place}", "11330", False, False, SKILLS),
    ("Dialogue entre éleveurs et agriculteurs de {place}", "15220", False, False, SKILLS),
    ("Alphabétisation fonctionnelle des femmes de {place}", "11231", False, False, SKILLS),
    ("Centre d’écoute pour les survivantes de violences à {place}", "15180", True, False, WORKS),
    ("Digue de protection contre les crues à {place}", "41050", True, False, WORKS),
    ("Piste d’accès et radier de {place}", "21010", True, False, WORKS),
    ("Sensibilisation aux engins explosifs à {place}", "15250", False, False, SKILLS),
    ("Réhabilitation de la bibliothèque de manuscrits de {place}", "16066", True, False, WORKS),
    ("Assainissement du marché à bétail de {place}", "14050", True, False, WORKS),
)  # fmt: skip

PARTNERS = (
    ("ONG Greffa", "ngo_national", "ML-7"),
    ("Association Tassaght", "association", "ML-7"),
    ("ONG Azhar", "ngo_national", "ML-6"),
    ("AMSS – Association malienne pour la survie au Sahel", "ngo_national", "ML-6"),
    ("ONG Delta Survie", "ngo_national", "ML-5"),
    ("Association Yam-Giribolo-Tumo", "association", "ML-5"),
    ("Coopérative Annayou", "association", "ML-5"),
    ("ONG Assadek", "ngo_national", "ML-8"),
    ("Association Soro", "association", "ML-8"),
    ("ONG Norddev", "ngo_national", "ML-9"),
    ("Direction régionale de la santé de Gao", "state_service", "ML-7"),
    ("Académie d’enseignement de Tombouctou", "state_service", "ML-6"),
    ("Direction régionale du génie rural de Mopti", "state_service", "ML-5"),
    ("Commune urbaine de Gao", "local_authority", "ML-7"),
    ("Commune de Sévaré", "local_authority", "ML-5"),
    ("Union des femmes de Niono", "association", "ML-4"),
    ("Association des jeunes du District", "association", "ML-BKO"),
)

ENDS = (
    ("approved", 56), ("refused", 3), ("not_recommended", 2), ("recommended", 4), ("in_review", 4), ("eligible", 5),
    ("screening", 5), ("submitted", 5), ("returned", 4), ("inadmissible", 3), ("withdrawn", 3), ("draft", 6),
)  # fmt: skip


@dataclass(frozen=True)
class Plausible:
    mechanism: str
    title: str
    region: str
    cercle: str
    locality: str
    sector: str
    works: bool
    security: bool
    sponsor: str
    partner: int  # rank in PARTNERS
    lines: tuple[tuple[str, str, str, Decimal], ...]  # category, label, unit, XOF
    months: int
    people: int
    end: str
    partner_name: str = ""  # in the place of the one of that rank


SPONSORS = (
    "civil_affairs",
    "civil_affairs",
    "civil_affairs",
    "stabilisation",
    "police",
    "cimic",
    "gender",
    "human_rights",
)
XOF_RANGE = {"QIP": (6_000_000, 27_000_000), "PBF": (400_000_000, 1_500_000_000), "TF": (60_000_000, 500_000_000)}


def plausible_projects(count: int = 285, seed: int = 20261124) -> list[Plausible]:
    """`count` projects, the same at each call; amounts in XOF, rounded to 25,000."""
    draw = random.Random(seed)
    regions, weights = list(WEIGHTS), list(WEIGHTS.values())
    made: dict[str, Plausible] = {}
    while len(made) < count:
        region = draw.choices(regions, weights)[0]
        cercle, localities = draw.choice(PLACES[region])
        place = draw.choice(localities)
        idea, sector, works, security, plan = draw.choice(IDEAS)
        mechanism = draw.choices(("QIP", "TF", "PBF"), (82, 12, 6))[0]
        title = (
            idea.format(place=place)
            .replace("de A", "d’A")
            .replace("de I", "d’I")
            .replace("de O", "d’O")
            .replace("de E", "d’E")
        )
        low, high = XOF_RANGE[mechanism]
        total = draw.randrange(low, high, 25_000)
        lines = tuple(
            (category, label, unit, Decimal(total * share // 100 // 25_000 * 25_000 or 25_000))
            for category, label, unit, share in plan
        )
        near = [rank for rank, partner in enumerate(PARTNERS) if partner[2] == region] or list(range(len(PARTNERS)))
        made.setdefault(
            title,
            Plausible(
                mechanism=mechanism, title=title, region=region, cercle=cercle, locality=place, sector=sector,
                works=works, security=security, sponsor=draw.choice(SPONSORS), partner=draw.choice(near), lines=lines,
                months=draw.randint(2, 6) if mechanism == "QIP" else draw.randint(9, 18),
                people=draw.randrange(150, 12_000, 10), end=draw.choices(*zip(*ENDS, strict=True))[0],
            ),
        )  # fmt: skip
    return list(made.values())
