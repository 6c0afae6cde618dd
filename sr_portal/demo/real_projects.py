"""Fifteen real projects: facts of the section's own page, public reports and the press, retyped.

Amounts in XOF as published; where none was, a plausible one is used and the source says « montant estimé ».
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class RealProject:
    mechanism: str
    title: str
    region: str
    cercle: str
    locality: str
    sector: str
    sponsor: str
    partner: str
    xof: int
    direct: int
    objective: str
    decision: str  # ISO day of the committee's or authority's decision in the sample data
    source: str
    women: int | None = None


REAL_PROJECTS: tuple[RealProject, ...] = (
    RealProject(
        "QIP", "Construction de deux nouveaux bâtiments techniques pour Énergie du Mali à Gao", "ML-7", "Gao", "Gao",
        "23631", "civil_affairs", "Énergie du Mali (EDM)", 27_600_000, 18_000,
        "Remplacer deux bâtiments vétustes, rétablir l’éclairage public et raccorder 3 000 foyers supplémentaires au réseau.",
        "2026-02-12", "Page de la section ; montant estimé",
    ),
    RealProject(
        "QIP", "Renforcement du réseau électrique autonome du Centre de santé de référence d’Ansongo", "ML-7", "Ansongo",
        "Ansongo", "12230", "civil_affairs", "Centre de santé de référence d’Ansongo", 24_900_000, 160_000,
        "Installer un générateur pour alimenter sans coupure la salle d’opération d’urgence d’un centre qui dessert 160 000 personnes.",
        "2026-02-12", "Page de la section ; montant estimé",
    ),
    RealProject(
        "QIP", "Réhabilitation partielle des infrastructures et éclairage du stade municipal de Tombouctou", "ML-6",
        "Tombouctou", "Tombouctou", "16065", "civil_affairs", "Commune urbaine de Tombouctou", 26_800_000, 30_000,
        "Rendre le stade à la jeunesse : éclairage, latrines, vestiaires, murs et accès, pour la cohésion et la sécurité.",
        "2026-02-19", "Page de la section ; montant estimé",
    ),
    RealProject(
        "QIP", "Adduction d’eau potable de Kani-Gougouna", "ML-5", "Bandiagara", "Kani-Gougouna (commune de Wadouba)",
        "14031", "civil_affairs", "Commune de Wadouba", 23_110_200, 3_200,
        "Donner de l’eau potable au village et à son école.", "2025-03-30", "Communiqué du 3 avril 2015",
    ),
    RealProject(
        "QIP", "Dotation en vaches et réhabilitation de la ferme laitière de la coopérative Yiriwèrè nema", "ML-5",
        "Douentza", "Boni", "31163", "civil_affairs", "Coopérative des femmes Yiriwèrè nema", 16_952_400, 240,
        "Relancer la production laitière tenue par les femmes de Boni.", "2025-03-30", "Communiqué du 3 avril 2015",
        women=240,
    ),
    RealProject(
        "QIP", "Électrification de l’administration municipale et du centre de santé de Konna", "ML-5", "Mopti", "Konna",
        "23230", "civil_affairs", "Commune de Konna", 12_134_750, 9_500,
        "Éclairer la mairie et le centre de santé par l’énergie solaire.", "2025-03-30", "Communiqué du 3 avril 2015",
    ),
    RealProject(
        "QIP", "Construction d’un atelier de mécanique générale pour les jeunes d’Aguelhok", "ML-8", "Tessalit", "Aguelhok",
        "11330", "cimic", "Association des jeunes d’Aguelhok", 16_842_000, 25,
        "Réinsérer vingt-cinq jeunes par un métier.", "2025-07-10", "Presse humanitaire, juillet 2019", women=0,
    ),
    RealProject(
        "TF", "Installation de 70 lampadaires solaires à Aguelhok", "ML-8", "Tessalit", "Aguelhok", "23230",
        "civil_affairs", "Effes N Tamadrite", 88_000_000, 6_000,
        "Éclairer les rues d’Aguelhok ; contribution du Danemark.", "2025-07-18", "Presse humanitaire, juillet 2019",
    ),
    RealProject(
        "QIP", "Fourniture de deux moulins aux femmes d’Amachache et d’Ahamboubar", "ML-8", "Tessalit", "Tessalit",
        "31120", "gender", "Association des femmes de Tessalit", 13_639_500, 320,
        "Alléger le travail des femmes de deux quartiers.", "2025-04-09", "Presse malienne, 2019", women=320,
    ),
    RealProject(
        "TF", "Centre multifonctionnel d’épanouissement pour les femmes de Tessalit", "ML-8", "Tessalit", "Tessalit",
        "15170", "gender", "Association des femmes de Tessalit", 41_000_000, 450,
        "Former au recyclage, à la couture, au tissage et à la confection de tentes ; 32 emplois locaux.",
        "2025-05-14", "Presse malienne, 2019", women=430,
    ),
    RealProject(
        "TF", "Éclairage public solaire des grandes artères de Ménaka", "ML-9", "Ménaka", "Ménaka", "23230",
        "civil_affairs", "Nouveaux Horizons", 100_000_000, 22_000,
        "Rendre sûres les grandes artères de la ville la nuit.", "2025-07-22", "Presse malienne, 2018",
    ),
    RealProject(
        "QIP", "Adduction d’eau sommaire du 1er quartier de Ménaka", "ML-9", "Ménaka", "Ménaka (1er quartier)", "14031",
        "civil_affairs", "Direction régionale de l’hydraulique de Ménaka", 24_750_000, 2_352,
        "Un des quatre QIP d’eau de Ménaka : forage, panneaux solaires, château de 10 m³ et trois bornes-fontaines.",
        "2025-09-30", "Communiqué du 30 septembre 2021", women=1_517,
    ),
    RealProject(
        "TF", "Kits solaires pour 3 000 familles des cercles de Gao, Bourem, Ménaka et Ansongo", "ML-7", "Gao",
        "24 communes", "23230", "stabilisation", "Nouveaux Horizons", 263_000_000, 18_000,
        "Éclairer les familles dont les enfants vont à l’école.", "2025-12-13", "Communiqué du 13 décembre 2016",
    ),
    RealProject(
        "TF", "Réhabilitation et éclairage de la route de l’aéroport de Tombouctou", "ML-6", "Tombouctou", "Tombouctou",
        "21010", "stabilisation", "Commune urbaine de Tombouctou", 1_264_000_000, 54_000,
        "Réhabiliter et éclairer 4,6 km ; contribution du Danemark.", "2026-02-12", "Presse humanitaire",
    ),
    RealProject(
        "QIP", "Réfection du commissariat de police de Bandiagara", "ML-5", "Bandiagara", "Bandiagara", "15132",
        "police", "Direction régionale de la police de Mopti", 21_500_000, 12_000,
        "Rapprocher la police de la population.", "2025-12-16", "Communiqué du 8 janvier 2016 ; montant estimé",
    ),
)  # fmt: skip
