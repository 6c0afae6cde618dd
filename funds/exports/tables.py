"""The open tables of money and partners: what each column is called, holds and means, once for every format."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from funds.models import (
    ActivityStatus,
    Contribution,
    Envelope,
    Mechanism,
    OrganisationKind,
    PartnerActivity,
)
from sr_portal.spreadsheets.tables import Field, Kind, Table

MECHANISMS = Table(
    "fonds",
    _("Fonds"),
    _("Les mécanismes de financement et leurs règles."),
    (
        Field("code", _("Code"), "code", help=_("Il ouvre la référence des projets.")),
        Field("iati_identifier", _("Identifiant IATI"), "iati_identifier"),
        Field("name_fr", _("Nom en français"), "name_fr"),
        Field("name_en", _("Nom en anglais"), "name_en"),
        Field("ceiling_usd", _("Plafond par projet (USD)"), "ceiling_usd", Kind.AMOUNT, _("Vide : sans plafond.")),
        Field("max_months", _("Durée maximale (mois)"), "max_months", Kind.INTEGER),
        Field("fiscal_year_first_month", _("Premier mois de l’exercice"), "fiscal_year_first_month", Kind.INTEGER),
        Field("funded_by_contributions", _("Financé par des contributions"), "funded_by_contributions", Kind.YES_NO),
    ),
    ("code",),
)

ENVELOPES = Table(
    "enveloppes",
    _("Enveloppes"),
    _("Ce que chaque fonds a mis de côté par exercice, et ce que les projets approuvés en tiennent."),
    (
        Field("mechanism", _("Fonds"), "mechanism_id", help=_("Code du fonds.")),
        Field("fiscal_year", _("Exercice"), "fiscal_year", Kind.INTEGER, _("Année où l’exercice commence.")),
        Field("amount_usd", _("Montant (USD)"), "amount_usd", Kind.AMOUNT),
        Field("reserved_usd", _("Réservé (USD)"), "reserved_usd", Kind.AMOUNT, _("Tenu par les projets approuvés.")),
    ),
    ("mechanism", "fiscal_year"),
)

CONTRIBUTIONS = Table(
    "contributions",
    _("Contributions"),
    _("Ce que les donateurs ont annoncé, signé et versé, en USD au taux du jour de chaque opération."),
    (
        Field("reference", _("Référence"), "reference"),
        Field("title", _("Objet"), "title"),
        Field("donor", _("Donateur"), "donor__name"),
        Field("donor_iati_ref", _("Identifiant IATI du donateur"), "donor__iati_ref"),
        Field("mechanism", _("Fonds"), "mechanism_id", help=_("Code du fonds.")),
        Field(
            "region_code", _("Affectée à la région"), "region__code", help=_("Code ISO 3166-2 ; vide : sans région.")
        ),
        Field("theme", _("Affectée au thème"), "theme", help=_("Famille de secteurs ; vide : sans thème.")),
        Field("currency", _("Monnaie du donateur"), "currency", help=_("Code ISO 4217.")),
        Field("pledged_on", _("Annoncée le"), "pledged_on", Kind.DAY),
        Field("pledged_usd", _("Annoncé (USD)"), "pledged_usd", Kind.AMOUNT),
        Field("signed_on", _("Signée le"), "signed_on", Kind.DAY),
        Field("signed_usd", _("Signé (USD)"), "signed_usd", Kind.AMOUNT),
        Field("received_usd", _("Reçu (USD)"), "received_usd", Kind.AMOUNT),
    ),
    ("reference",),
)

ORGANISATIONS = Table(
    "organisations",
    _("Organisations"),
    _("Donateurs, partenaires de la coordination et partenaires qui réalisent les projets publiés."),
    (
        Field("number", _("Numéro"), "pk", Kind.INTEGER),
        Field("name", _("Nom"), "name", hxl="#org+name"),
        Field("acronym", _("Sigle"), "acronym", hxl="#org+acronym"),
        Field("iati_ref", _("Identifiant IATI"), "iati_ref", hxl="#org+code"),
        Field("kind", _("Type"), "kind", hxl="#org+type+code"),
        Field("kind_label", _("Libellé du type"), "kind", said=lambda code: OrganisationKind(code).label, hxl="#org+type"),
        Field("is_donor", _("Donateur"), "is_donor", Kind.YES_NO),
        Field("is_ptf", _("PTF"), "is_ptf", Kind.YES_NO, _("Partenaire technique et financier.")),
        Field("is_implementing", _("Mise en œuvre"), "is_implementing", Kind.YES_NO),
        Field("region_code", _("Région du siège"), "region__code", help=_("Vide : nationale ou hors du pays."), hxl="#adm1+code"),
    ),
    ("number",),
)  # fmt: skip

ACTIVITIES = Table(
    "activites-ptf",
    _("Activités des PTF"),
    _("Qui fait quoi, où, quand et pour combien, selon les partenaires techniques et financiers."),
    (
        Field("number", _("Numéro"), "pk", Kind.INTEGER, hxl="#activity+id"),
        Field("external_id", _("Identifiant chez le partenaire"), "external_id", hxl="#activity+code"),
        Field("organisation", _("Organisation"), "organisation__name", hxl="#org+name"),
        Field("implementer", _("Réalisée par"), "implementer", hxl="#org+impl"),
        Field("funder", _("Financée par"), "funder", hxl="#org+funder"),
        Field("title", _("Intitulé"), "title", hxl="#activity+name"),
        Field("sector_code", _("Code du secteur"), "sector_id", help=_("Code CAD à cinq chiffres."), hxl="#sector+code"),
        Field("sector", _("Secteur"), "sector__name_fr", hxl="#sector+name"),
        Field("region_code", _("Code de la région"), "region__code", help=_("ISO 3166-2 ; vide : tout le pays."), hxl="#adm1+code+iso"),
        Field("region", _("Région"), "region__name", hxl="#adm1+name"),
        Field("region_pcode", _("P-code de la région"), "region__pcode", hxl="#adm1+code"),
        Field("cercle", _("Cercle"), "cercle__name", hxl="#adm2+name"),
        Field("cercle_pcode", _("P-code du cercle"), "cercle__pcode", hxl="#adm2+code"),
        Field("locality", _("Localité"), "locality", hxl="#loc+name"),
        Field("latitude", _("Latitude"), "latitude", Kind.NUMBER, _("Degrés, WGS 84."), "#geo+lat"),
        Field("longitude", _("Longitude"), "longitude", Kind.NUMBER, _("Degrés, WGS 84."), "#geo+lon"),
        Field("starts_on", _("Début"), "starts_on", Kind.DAY, hxl="#date+start"),
        Field("ends_on", _("Fin"), "ends_on", Kind.DAY, hxl="#date+end"),
        Field("status", _("État"), "status", hxl="#status+code"),
        Field("status_label", _("Libellé de l’état"), "status", said=lambda code: ActivityStatus(code).label, hxl="#status"),
        Field("amount", _("Montant"), "amount", Kind.AMOUNT, hxl="#value"),
        Field("currency", _("Monnaie"), "currency", hxl="#currency"),
        Field("amount_usd", _("Montant (USD)"), "amount_usd", Kind.AMOUNT, hxl="#value+usd"),
        Field("beneficiaries", _("Bénéficiaires"), "beneficiaries", Kind.INTEGER, hxl="#reached"),
    ),
    ("number",),
)  # fmt: skip


def open_mechanisms() -> QuerySet:
    return Mechanism.objects.all()


def open_envelopes() -> QuerySet:
    return Envelope.objects.all()


def open_contributions() -> QuerySet:
    """Those that donors did not take back."""
    return Contribution.objects.filter(withdrawn_on__isnull=True)


def open_activities() -> QuerySet:
    return PartnerActivity.objects.all()
