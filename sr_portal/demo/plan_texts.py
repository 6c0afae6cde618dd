"""What the sample plans and studies say: facts of the four regions where the mission works most, told briefly."""

from dataclasses import dataclass, field

WATER, HEALTH, SCHOOL = "Eau et assainissement", "Santé", "Éducation"
POWER, ROADS, FARMS = "Énergie", "Transport", "Agriculture et élevage"
TRADE, ORDER, PEACE, UNITY = "Économie", "Gouvernance et sécurité", "Paix", "Cohésion sociale"


@dataclass(frozen=True)
class Measure:
    """An indicator: name, unit, baseline, target, latest (None: not measured yet); smaller targets are to be reduced."""

    name: str
    unit: str
    baseline: str
    target: str
    latest: str | None
    source: str = ""


@dataclass(frozen=True)
class Aim:
    """A priority: its need in USD, the family of sectors that serves it, who leads it."""

    code: str
    title: str
    need: int
    theme: str
    lead: str
    about: str = ""
    measures: tuple[Measure, ...] = field(default=())


Axes = tuple[tuple[str, tuple[Aim, ...]], ...]


@dataclass(frozen=True)
class Region:
    code: str
    title: str
    lead: str
    summary: str
    axes: Axes


SERVICES, LIVING, TRUST = "Services sociaux de base", "Relance économique", "Cohésion sociale, justice et sécurité"

PLANS = (
    Region("ML-7", "Plan régional de stabilisation et de relèvement de Gao 2025–2028", "Gouvernorat de Gao",
        "Le plan réunit l’État, les collectivités et les partenaires autour de trois axes : rendre l’eau, la santé et "
        "l’école aux cercles de Gao, Bourem et Ansongo, relancer les marchés du fleuve, et rapprocher la justice et "
        "les forces de sécurité de la population.",
        ((SERVICES, (
            Aim("1.1", "Eau potable le long du fleuve et dans les sites de déplacés", 2_600_000, WATER, "Direction régionale de l’hydraulique",
                "Forages, adductions et bornes-fontaines à Gao, Bourem et Ansongo.",
                (Measure("Population ayant accès à un point d’eau amélioré", "%", "48", "75", "57", "Direction régionale de l’hydraulique"),)),
            Aim("1.2", "Centres de santé rouverts et équipés", 1_450_000, HEALTH, "Direction régionale de la santé", "",
                (Measure("Centres de santé communautaires ouverts", "centres", "41", "68", "52", "District sanitaire"),)),
            Aim("1.3", "Écoles rouvertes", 1_900_000, SCHOOL, "Académie d’enseignement de Gao", "",
                (Measure("Écoles fermées pour cause d’insécurité", "écoles", "122", "40", "97", "Académie d’enseignement"),)))),
         (LIVING, (
            Aim("2.1", "Éclairage et énergie solaire des lieux publics", 800_000, POWER, "Mairie de Gao"),
            Aim("2.2", "Élevage et cultures du fleuve", 2_200_000, FARMS, "Direction régionale de l’agriculture", "",
                (Measure("Périmètres irrigués remis en culture", "hectares", "310", "900", "455"),)),
            Aim("2.3", "Métiers, petites entreprises et épargne des femmes", 1_100_000, TRADE, "Chambre de commerce de Gao"))),
         (TRUST, (
            Aim("3.1", "Justice, police de proximité et collectivités", 1_300_000, ORDER, "Gouvernorat de Gao", "",
                (Measure("Délai moyen d’une première audience", "jours", "190", "60", "140", "Tribunal de grande instance"),)),
            Aim("3.2", "Dialogue entre communautés et réintégration", 1_600_000, PEACE, "Équipe régionale d’appui à la réconciliation"))))),
    Region("ML-6", "Plan régional de stabilisation et de relèvement de Tombouctou 2025–2027", "Gouvernorat de Tombouctou",
        "Rouvrir les services, désenclaver la rive gauche et rendre à Tombouctou son patrimoine et ses foires.",
        ((SERVICES, (
            Aim("1.1", "Eau et assainissement de Tombouctou, Diré et Niafunké", 1_750_000, WATER, "Direction régionale de l’hydraulique", "",
                (Measure("Localités de plus de 2 000 habitants sans eau potable", "localités", "64", "25", "51"),)),
            Aim("1.2", "Écoles et internats", 1_200_000, SCHOOL, "Académie d’enseignement de Tombouctou"),
            Aim("1.3", "Santé de base et référence", 900_000, HEALTH, "Direction régionale de la santé"))),
         (LIVING, (
            Aim("2.1", "Riz, maraîchage et pêche du Niger", 1_400_000, FARMS, "Office du développement rural", "",
                (Measure("Rendement du riz en casier", "tonnes par hectare", "3.2", "5", "3.9"),)),
            Aim("2.2", "Pistes et bacs", 2_400_000, ROADS, "Direction régionale des routes"))),
         (TRUST, (
            Aim("3.1", "Patrimoine, culture et jeunesse", 650_000, UNITY, "Mission culturelle de Tombouctou", "",
                (Measure("Mausolées et manuscrits restaurés", "% du programme", "35", "90", "72", "UNESCO"),)),
            Aim("3.2", "Justice et sécurité au service des citoyens", 950_000, ORDER, "Gouvernorat de Tombouctou"))))),
    Region("ML-8", "Plan régional de stabilisation et de relèvement de Kidal 2025–2027", "Comité régional de suivi de Kidal",
        "Dans une région où l’État revient à peine, le plan commence par l’eau des pasteurs, la lumière et la parole.",
        (("Eau, énergie et services", (
            Aim("1.1", "Puits pastoraux et eau de Kidal, Tessalit et Abeïbara", 1_300_000, WATER, "Mairie de Kidal", "",
                (Measure("Puits pastoraux en état de marche", "puits", "58", "110", "71"),)),
            Aim("1.2", "Énergie solaire des services publics", 600_000, POWER, "Mairie de Kidal"),
            Aim("1.3", "Santé et vaccination", 850_000, HEALTH, "District sanitaire de Kidal"))),
         ("Économie pastorale", (
            Aim("2.1", "Santé animale et marchés à bétail", 900_000, FARMS, "Service vétérinaire", "",
                (Measure("Cheptel vacciné chaque année", "%", "22", "60", None),)),)),
         ("Paix", (
            Aim("3.1", "Dialogue, femmes et jeunes dans les commissions de paix", 750_000, PEACE, "Commission régionale de réconciliation"),
            Aim("3.2", "Radios et accès à l’information", 300_000, ORDER, "Radio Tisdas"))))),
    Region("ML-5", "Plan régional de stabilisation et de relèvement de Mopti 2026–2029", "Gouvernorat de Mopti",
        "Au centre, le plan cherche d’abord à arrêter le cycle des violences entre communautés et à rouvrir ce qui fait "
        "vivre le delta : les pistes du bétail, les marchés, les écoles.",
        (("Protection et réconciliation", (
            Aim("1.1", "Médiation entre éleveurs, agriculteurs et pêcheurs", 2_000_000, PEACE, "Équipe régionale d’appui à la réconciliation", "",
                (Measure("Incidents entre communautés par trimestre", "incidents", "86", "30", "61", "Gouvernorat de Mopti"),)),
            Aim("1.2", "Justice, police et lutte contre les violences faites aux femmes", 1_500_000, ORDER, "Gouvernorat de Mopti"))),
         ("Services de base", (
            Aim("2.1", "Écoles rouvertes et cantines", 2_800_000, SCHOOL, "Académie d’enseignement de Mopti", "",
                (Measure("Écoles fermées pour cause d’insécurité", "écoles", "498", "200", "431", "Académie d’enseignement"),)),
            Aim("2.2", "Eau de Konna, Douentza et Bandiagara", 1_650_000, WATER, "Direction régionale de l’hydraulique"),
            Aim("2.3", "Santé des populations déplacées", 1_100_000, HEALTH, "Direction régionale de la santé"))),
         ("Relèvement économique", (
            Aim("3.1", "Pêche, élevage et irrigation du delta", 2_300_000, FARMS, "Office riz Mopti"),
            Aim("3.2", "Petites entreprises et épargne villageoise", 700_000, TRADE, "Chambre de commerce de Mopti"),
            Aim("3.3", "Foires, sport et culture", 450_000, UNITY, "Direction régionale de la jeunesse"))))),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What a study found; `aims` are the priorities that it bears on, as (region, code)."""

    statement: str
    asks: str
    aims: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Paper:
    title: str
    acronyms: tuple[str, ...]  # of the registry
    others: str
    regions: tuple[str, ...]  # none: the whole country
    months: tuple[int, int | None, int | None]  # began, ended, published: months before the last day of the sample
    abstract: str
    found: tuple[Found, ...]


STUDIES = (
    Paper("Étude conjointe de l’impact socio-économique de la mission sur l’économie malienne", (), "Banque mondiale\nInstitut national de la statistique", (), (26, 14, 11),
        "Menée avec la Banque mondiale, l’étude mesure ce que la présence de la mission change pour l’économie du pays : "
        "dépenses locales, emplois, prix, marchés de Gao, Mopti et Tombouctou, et ce qu’il en restera à son départ.",
        (Found("À Gao, un emploi formel sur neuf dépend directement ou indirectement de la mission.",
               "Préparer la reconversion des travailleurs locaux bien avant la réduction des effectifs.", (("ML-7", "2.3"),)),
         Found("Les achats locaux de la mission se concentrent sur six fournisseurs de Bamako.",
               "Ouvrir les petits marchés aux entreprises des régions.", (("ML-7", "2.3"), ("ML-5", "3.2"))),
         Found("Les projets à impact rapide sont jugés utiles par 71 % des ménages qui en connaissent un, mais un ménage sur deux n’en connaît aucun.",
               "Rendre les projets visibles là où la sécurité le permet."))),
    Paper("Enquête de perception sur la confiance envers l’État et les forces de sécurité au centre et au nord", ("PNUD",), "Institut Afrobaromètre", ("ML-5", "ML-6", "ML-7"), (15, 10, 8),
        "Plus de 3 200 entretiens en cinq langues : ce que les habitants attendent de l’État, qui rend la justice, et à quelles conditions ils font confiance aux patrouilles.",
        (Found("Six habitants de Mopti sur dix s’adressent d’abord au chef de village pour un conflit foncier.",
               "Appuyer les mécanismes locaux de médiation avant les tribunaux.", (("ML-5", "1.1"), ("ML-5", "1.2"))),
         Found("La confiance envers la police est deux fois plus forte là où un poste de proximité a rouvert.",
               "Rouvrir les postes avec un comité d’usagers.", (("ML-7", "3.1"), ("ML-6", "3.2"))))),
    Paper("Étude des marchés à bétail et des routes de transhumance de Kidal à Ménaka", ("FAO",), "", ("ML-8", "ML-9"), (12, 7, 6),
        "Cartographie des puits, des marchés et des couloirs de transhumance, prix du bétail et coûts de passage.",
        (Found("Un tiers des puits des couloirs de transhumance est tari ou disputé de mars à juin.",
               "Réhabiliter d’abord les puits partagés, avec un accord écrit des fractions.", (("ML-8", "1.1"), ("ML-8", "2.1"))),)),
    Paper("Écoles fermées : coûts et conditions de la réouverture dans le delta intérieur", ("UNICEF",), "Académie d’enseignement de Mopti", ("ML-5",), (9, 4, 3),
        "Chiffrage de la réouverture de 180 écoles, école par école, et de ce que les comités villageois demandent.",
        (Found("La moitié des écoles fermées n’a besoin que de mobilier, d’eau et d’un accord local.",
               "Commencer par les 90 écoles dont le bâtiment est sain.", (("ML-5", "2.1"), ("ML-5", "2.2"))),)),
    Paper("Évaluation à mi-parcours des besoins en eau de la boucle du Niger", (), "Direction nationale de l’hydraulique", ("ML-6", "ML-7"), (4, None, None),
        "Relevé des points d’eau de 140 localités, de leur débit et de leur gestion ; l’étude est en cours.", ()),
)  # fmt: skip
