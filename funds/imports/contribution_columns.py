"""The sheet of contributions in an existing portfolio."""

from django.utils.translation import gettext_lazy as _

from sr_portal.imports.kinds import SheetKind
from sr_portal.spreadsheets.columns import Column

RATE_HELP = _("Unités de la monnaie pour 1 USD ; vide en USD.")
RATE_DAY_HELP = _("Vide : le jour de l’opération.")

CONTRIBUTIONS = SheetKind(
    "contributions",
    _("Contributions"),
    (
        Column("reference", _("Référence"), required=True, example="CTB-2019-03", help=_("Elle la fait reconnaître au prochain import."), others=("ref", "numero", "code")),
        Column("title", _("Objet"), required=True, example="Appui à la stabilisation de Gao", others=("titre", "intitule", "title")),
        Column("donor", _("Donateur"), required=True, example="Royaume de Norvège", help=_("Nom ou sigle, au registre ou sur la feuille des partenaires (type « donor »)."), others=("bailleur", "donor")),
        Column("mechanism", _("Mécanisme"), required=True, example="TF", help=_("Code d’un fonds que des contributions financent."), others=("fonds", "mechanism")),
        Column("region", _("Affectée à la région"), example="Gao", help=_("Vide : toutes."), others=("region", "affectation region")),
        Column("theme", _("Affectée au thème"), help=_("Un nom de la liste « Thème » ; vide : tous."), example="", others=("theme", "affectation theme")),
        Column("currency", _("Monnaie"), example="NOK", help=_("Un code de la liste « Monnaie » ; vide : USD."), others=("devise", "currency")),
        Column("pledged_amount", _("Montant annoncé"), required=True, example=5_000_000, others=("annonce", "pledged", "montant")),
        Column("pledged_on", _("Annoncée le"), required=True, example="2019-01-15", others=("date d annonce", "pledged on")),
        Column("pledged_rate", _("Taux à l’annonce"), example=8.6, help=RATE_HELP),
        Column("pledged_rate_on", _("Date du taux à l’annonce"), help=RATE_DAY_HELP),
        Column("signed_amount", _("Montant signé"), example=5_000_000, others=("signe", "signed")),
        Column("signed_on", _("Signée le"), example="2019-03-02", others=("date de signature", "signed on")),
        Column("signed_rate", _("Taux à la signature"), example=8.55, help=RATE_HELP),
        Column("signed_rate_on", _("Date du taux à la signature"), help=RATE_DAY_HELP),
        Column("received_amount", _("Montant reçu"), example=4_000_000, help=_("Tout ce qui est arrivé, en une somme."), others=("recu", "received")),
        Column("received_on", _("Reçue le"), example="2019-04-20", help=_("Le jour du dernier virement."), others=("date de reception", "received on")),
        Column("received_rate", _("Taux à la réception"), example=8.5, help=RATE_HELP),
        Column("received_rate_on", _("Date du taux à la réception"), help=RATE_DAY_HELP),
        Column("note", _("Note"), others=("remarque", "commentaire")),
    ),
)  # fmt: skip
