"""The columns of a spreadsheet of activities: what each is called, what it holds, how an activity says it."""

from django.utils.translation import gettext_lazy as _

from sr_portal.spreadsheets.columns import Column

COLUMNS: tuple[Column, ...] = (
    Column(
        "external_id", _("Identifiant"), lambda a: a.external_id,
        help=_("Le numéro que l’organisation donne à l’activité : il la fait reconnaître au prochain import."),
        example="UNICEF-ML-2026-014", others=("id", "code", "reference", "numero", "activity id", "project code"),
    ),
    Column(
        "organisation", _("Organisation"), lambda a: a.organisation.name, required=True,
        help=_("Nom ou sigle, tel qu’au registre des partenaires."), example="UNICEF",
        others=("qui", "who", "ptf", "partenaire", "agence", "organization", "lead organisation"),
    ),
    Column(
        "implementer", _("Réalisée par"), lambda a: a.implementer, example="Association Kanuya",
        others=("partenaire de mise en oeuvre", "implementing partner", "implementer", "operateur"),
    ),
    Column("funder", _("Financée par"), lambda a: a.funder, others=("bailleur", "donateur", "donor", "funding")),
    Column(
        "title", _("Intitulé"), lambda a: a.title, required=True, example="Réhabilitation de trois points d’eau",
        others=("quoi", "what", "activite", "titre", "title", "activity", "projet", "project"),
    ),
    Column("description", _("Description"), lambda a: a.description, others=("details", "resume")),
    Column(
        "sector", _("Secteur"), lambda a: a.sector_id or "", help=_("Code CAD à cinq chiffres, ou nom du secteur."),
        example="14031", others=("sector", "code cad", "dac code", "domaine"),
    ),
    Column(
        "region", _("Région"), lambda a: a.region.name if a.region else "",
        help=_("Nom ou code ISO (ML-7) ; vide pour tout le pays."), example="Gao", others=("ou", "where", "admin1", "adm1"),
    ),
    Column("cercle", _("Cercle"), lambda a: a.cercle.name if a.cercle else "", example="Bourem", others=("admin2", "adm2")),
    Column(
        "locality", _("Localité"), lambda a: a.locality, example="Téméra",
        others=("commune", "village", "lieu", "commune ou localite", "location", "site"),
    ),
    Column("latitude", _("Latitude"), lambda a: a.latitude, others=("lat", "y")),
    Column("longitude", _("Longitude"), lambda a: a.longitude, others=("lon", "long", "lng", "x")),
    Column(
        "starts_on", _("Début"), lambda a: a.starts_on, required=True, help=_("Jour/mois/année ou AAAA-MM-JJ."),
        example="2026-03-01", others=("date de debut", "debut", "start", "start date", "quand"),
    ),
    Column("ends_on", _("Fin"), lambda a: a.ends_on, example="2026-12-31", others=("date de fin", "end", "end date")),
    Column(
        "status", _("État"), lambda a: str(a.get_status_display()), help=_("Prévue, En cours, Terminée ou Abandonnée."),
        example="En cours", others=("statut", "status", "etat d avancement"),
    ),
    Column(
        "amount", _("Montant"), lambda a: a.amount, example=250000,
        others=("budget", "amount", "cout", "combien", "montant total"),
    ),
    Column("currency", _("Monnaie"), lambda a: a.currency, help=_("USD, EUR, XOF…"), example="USD", others=("devise", "currency")),
    Column(
        "amount_usd", _("Montant en USD"), lambda a: a.amount_usd,
        help=_("Vide pour USD, XOF et EUR : le taux ONU du mois s’applique."), others=("montant usd", "budget usd", "usd"),
    ),
    Column("beneficiaries", _("Bénéficiaires"), lambda a: a.beneficiaries, example=4200, others=("beneficiaires", "people reached")),
)  # fmt: skip
