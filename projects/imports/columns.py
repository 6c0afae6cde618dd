"""The sheets of an existing portfolio: partners, projects, their budgets, their instalments, and contributions."""

from django.utils.translation import gettext_lazy as _

from funds.imports.contribution_columns import CONTRIBUTIONS
from sr_portal.imports.kinds import SheetKind
from sr_portal.spreadsheets.columns import Column

REFERENCE = Column(
    "reference", _("Référence"), required=True, example="QIP-2018-GAO-012", others=("ref", "reference", "numero", "code"),
    help=_("Celle du projet ; elle le fait reconnaître d’une feuille à l’autre et au prochain import."),
)  # fmt: skip

PARTNERS = SheetKind(
    "partners",
    _("Partenaires"),
    (
        Column("name", _("Nom"), required=True, example="Association Kanuya", others=("partenaire", "name", "organisation")),
        Column("acronym", _("Sigle"), others=("acronym",)),
        Column("kind", _("Type"), required=True, help=_("Un code de la liste « Type »."), example="association", others=("type d organisation", "kind")),
        Column("region", _("Région du siège"), example="Gao", others=("region",)),
        Column("contact_name", _("Personne à contacter"), others=("contact",)),
        Column("contact_phone", _("Téléphone"), others=("phone",)),
        Column("contact_email", _("Courriel"), others=("email", "adresse electronique")),
        Column("address", _("Adresse"), others=("address",)),
    ),
)  # fmt: skip

PROJECTS = SheetKind(
    "projects",
    _("Projets"),
    (
        REFERENCE,
        Column("mechanism", _("Mécanisme"), required=True, example="QIP", help=_("Code : QIP, TF, PBF…"), others=("fonds", "mechanism", "type")),
        Column("facility", _("Guichet"), help=_("Un code de la liste « Guichet », pour un fonds qui en a."), example="", others=("facilite", "facility")),
        Column("title", _("Intitulé"), required=True, example="Réhabilitation du marché de Bourem", others=("titre", "title", "projet")),
        Column("region", _("Région"), required=True, example="Gao"),
        Column("cercle", _("Cercle"), example="Bourem"),
        Column("locality", _("Localité"), others=("commune", "lieu", "commune ou localite")),
        Column("latitude", _("Latitude"), others=("lat",)),
        Column("longitude", _("Longitude"), others=("lon", "long")),
        Column("sector", _("Secteur"), help=_("Code CAD à cinq chiffres, ou nom du secteur."), example="14031", others=("sector",)),
        Column("sponsor", _("Composante marraine"), help=_("Un code de la liste « Composante »."), others=("composante", "sponsor")),
        Column("partner", _("Partenaire"), required=True, example="Association Kanuya", help=_("Nom ou sigle, au registre ou sur la feuille des partenaires."), others=("partenaire de mise en oeuvre", "partner")),
        Column("objective", _("Objectif"), others=("objective", "description")),
        Column("starts_on", _("Début"), required=True, example="2018-03-01", others=("date de debut", "start")),
        Column("duration_months", _("Durée (mois)"), required=True, example=6, others=("duree", "mois", "duration")),
        Column("state", _("État"), required=True, example="closed", help=_("Un code de la liste « État »."), others=("statut", "status")),
        Column("approved_on", _("Approuvé le"), required=True, example="2018-02-10", help=_("Il dit l’exercice, et donc l’enveloppe."), others=("date d approbation", "approved on")),
        Column("since", _("Dans cet état depuis"), example="2018-11-30", help=_("Vide : le jour de l’approbation."), others=("depuis",)),
        Column("direct_women", _("Femmes"), others=("femmes beneficiaires directes",)),
        Column("direct_men", _("Hommes"), others=("hommes beneficiaires directs",)),
        Column("direct_girls", _("Filles")),
        Column("direct_boys", _("Garçons")),
    ),
)  # fmt: skip

BUDGET = SheetKind(
    "budget",
    _("Budget"),
    (
        REFERENCE,
        Column("category", _("Rubrique"), required=True, example="works", help=_("Un code de la liste « Rubrique »."), others=("categorie", "category")),
        Column("label", _("Désignation"), required=True, example="Travaux", others=("ligne", "libelle", "label")),
        Column("unit", _("Unité"), example="forfait", others=("unit",)),
        Column("quantity", _("Quantité"), help=_("Vide : 1."), example=1, others=("qte", "quantity")),
        Column("unit_cost", _("Coût unitaire"), required=True, example=25000, others=("cout", "prix unitaire", "montant", "unit cost")),
        Column("currency", _("Monnaie"), help=_("USD ou XOF ; vide : USD."), example="USD", others=("devise",)),
        Column("rate", _("Taux"), help=_("XOF pour 1 USD ; vide : le taux ONU du mois de l’approbation."), others=("taux de change",)),
    ),
)  # fmt: skip

INSTALMENTS = SheetKind(
    "instalments",
    _("Tranches"),
    (
        REFERENCE,
        Column("position", _("Rang"), required=True, example=1, others=("numero de tranche", "tranche")),
        Column("amount_usd", _("Montant en USD"), required=True, example=20000, others=("montant", "amount")),
        Column("planned_on", _("Prévue le"), others=("date prevue",)),
        Column("paid_usd", _("Payé en USD"), example=20000, others=("paye",)),
        Column("justified_usd", _("Justifié en USD"), example=20000, others=("justifie",)),
        Column("refunded_usd", _("Remboursé en USD"), others=("rembourse",)),
    ),
)  # fmt: skip

SHEETS = (PARTNERS, PROJECTS, BUDGET, INSTALMENTS, CONTRIBUTIONS)
