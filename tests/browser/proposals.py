"""The three projects of the section's own page, as a focal point types them (real_projects: what is public of them)."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Proposal:
    title: str
    region: str
    locality: str
    sector: str
    need: str
    objective: str
    partner: str
    partner_kind: str
    months: int
    lines: tuple[tuple[str, str, str, int, int], ...]  # category, label, unit, quantity, unit cost in USD
    people: dict[str, int] = field(default_factory=dict)
    mechanism: str = "QIP"
    facility: str = ""  # its label in the form
    also: tuple[tuple[str, int], ...] = ()  # other recipients by their label, and their shares in percent

    @property
    def total(self) -> int:
        return sum(quantity * cost for *_rest, quantity, cost in self.lines)


GAO_POWER = Proposal(
    title="Construction de deux bâtiments techniques pour Énergie du Mali à Gao",
    region="Gao",
    locality="Gao",
    sector="23631",
    need="Le réseau de Gao ne dessert plus les nouveaux quartiers : les installations techniques manquent de place.",
    objective="Raccorder 3 000 ménages de plus au réseau électrique de la ville.",
    partner="Énergie du Mali, direction régionale de Gao",
    partner_kind="company",
    months=5,
    lines=(
        ("works", "Gros œuvre de deux bâtiments", "bâtiment", 2, 19000),
        ("equipment", "Équipement", "lot", 1, 9000),
    ),
    people={"direct_women": 7800, "direct_men": 7200},
)
ANSONGO_GENERATOR = Proposal(
    title="Groupe électrogène pour le centre de santé de référence d’Ansongo",
    region="Gao",
    locality="Ansongo",
    sector="12230",
    need="Les coupures de courant arrêtent la chaîne du froid, le bloc opératoire et la maternité.",
    objective="Donner au centre de santé de référence du courant de jour comme de nuit.",
    partner="Centre de santé de référence d’Ansongo, comité de gestion",
    partner_kind="state_service",
    months=3,
    lines=(("equipment", "Groupe électrogène", "unité", 1, 24000), ("works", "Abri", "forfait", 1, 3500)),
    people={"direct_women": 82400, "direct_men": 77600},
)
TOMBOUCTOU_STADIUM = Proposal(
    title="Éclairage et réhabilitation partielle du stade municipal de Tombouctou",
    region="Tombouctou",
    locality="Tombouctou",
    sector="16065",
    need="Le stade, sans éclairage ni mur sûr, ne sert plus le soir et se dégrade.",
    objective="Rouvrir le stade aux jeunes, en soirée, dans un lieu clos et éclairé.",
    partner="Commune urbaine de Tombouctou, service des sports",
    partner_kind="local_authority",
    months=6,
    lines=(("equipment", "Mâts et projecteurs", "mât", 8, 3000), ("works", "Murs et tribune", "forfait", 1, 21000)),
    people={"direct_women": 4000, "direct_men": 9000, "direct_girls": 2500, "direct_boys": 4500},
)
REAL = (GAO_POWER, ANSONGO_GENERATOR, TOMBOUCTOU_STADIUM)

# --- The other two mechanisms ----------------------------------------------------------------------------------------
MOPTI_DIALOGUE = Proposal(
    title="Dialogue et services partagés entre éleveurs et agriculteurs du delta",
    region="Mopti",
    locality="Sévaré",
    sector="15220",
    need="Les conflits d’usage se multiplient autour des points d’eau et des bourgoutières.",
    objective="Des accords locaux respectés et des services que les communautés gèrent ensemble.",
    partner="Agence des communautés du delta",
    partner_kind="un_agency",
    months=30,
    lines=(
        ("training", "Dialogues et formations", "cercle", 8, 100000),
        ("works", "Points d’eau", "ouvrage", 16, 50000),
    ),
    people={"direct_women": 21000, "direct_men": 19000},
    mechanism="PBF",
    facility="Mécanisme de consolidation et de relèvement (PRF)",
    also=(("ONG Delta Survie", 25),),
)
MENAKA_MARKET = Proposal(
    title="Relance du marché à bétail et des filières de Ménaka",
    region="Ménaka",
    locality="Ménaka",
    sector="31163",
    need="Le marché, pillé en 2018, ne fait plus vivre la ville ni les éleveurs des alentours.",
    objective="Un marché couvert, gardé et géré par les commerçantes et les éleveurs.",
    partner="Coopérative des éleveurs de Ménaka",
    partner_kind="association",
    months=14,
    lines=(("works", "Halle et parc à bétail", "lot", 1, 90000), ("equipment", "Équipements", "lot", 1, 30000)),
    people={"direct_women": 900, "direct_men": 1600},
    mechanism="TF",
)
