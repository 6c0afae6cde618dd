"""The table of projects: for partners what is published of them, for staff what their roles let them read."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from funds.models import OrganisationKind
from projects.models import Sponsor
from projects.querysets import ProjectQuerySet
from projects.states import State
from sr_portal.spreadsheets.tables import Field, Kind, Table


def _state(code: str) -> str:
    return str(State(code).label)


WHAT = (
    Field("mechanism", _("Fonds"), "mechanism_id", help=_("Code du fonds."), hxl="#activity+fund"),
    Field("facility", _("Guichet"), "facility__code", help=_("Guichet du fonds, s’il en a.")),
    Field("state", _("État"), "state", help=_("Code de l’état."), hxl="#status+code"),
    Field("state_label", _("Libellé de l’état"), "state", said=_state, hxl="#status"),
    Field("state_since", _("Dans cet état depuis"), "state_since", Kind.DAY, hxl="#date+status"),
    Field("sector_code", _("Code du secteur"), "sector_id", help=_("Code CAD à cinq chiffres."), hxl="#sector+code"),
    Field("sector", _("Secteur"), "sector__name_fr", hxl="#sector+name"),
    Field("sponsor", _("Composante marraine"), "sponsor", said=lambda code: Sponsor(code).label if code else "", hxl="#org+sponsor"),
    Field("region_code", _("Code de la région"), "region__code", help=_("ISO 3166-2."), hxl="#adm1+code+iso"),
    Field("region_pcode", _("P-code de la région"), "region__pcode", help=_("OCHA."), hxl="#adm1+code"),
    Field("region", _("Région"), "region__name", hxl="#adm1+name"),
    Field("cercle_pcode", _("P-code du cercle"), "cercle__pcode", help=_("OCHA."), hxl="#adm2+code"),
    Field("cercle", _("Cercle"), "cercle__name", hxl="#adm2+name"),
)  # fmt: skip
WITH_WHOM = (
    Field("partner", _("Partenaire de mise en œuvre"), "partner__name", hxl="#org+impl+name"),
    Field("partner_acronym", _("Sigle du partenaire"), "partner__acronym", hxl="#org+impl+acronym"),
    Field(
        "partner_kind", _("Type du partenaire"), "partner__kind",
        said=lambda code: OrganisationKind(code).label, hxl="#org+impl+type",
    ),
)  # fmt: skip
WHEN = (
    Field("starts_on", _("Début"), "starts_on", Kind.DAY, _("Prévu, puis celui du protocole signé."), "#date+start"),
    Field("ends_on", _("Fin prévue"), "ends_on", Kind.DAY, hxl="#date+end"),
    Field("duration_months", _("Durée (mois)"), "duration_months", Kind.INTEGER),
)
MONEY = (
    Field("approved_usd", _("Approuvé (USD)"), "approved_usd", Kind.AMOUNT, _("Avenants compris."), "#value+approved+usd"),
    Field(
        "obligated_usd", _("Engagé (USD)"), "obligated_usd", Kind.AMOUNT,
        _("Par le protocole signé ; après la clôture, ce qui a été dépensé."), "#value+committed+usd",
    ),
    Field("paid_usd", _("Payé (USD)"), "paid_usd", Kind.AMOUNT, hxl="#value+paid+usd"),
    Field("refunded_usd", _("Remboursé (USD)"), "refunded_usd", Kind.AMOUNT, hxl="#value+refunded+usd"),
    Field("justified_usd", _("Justifié (USD)"), "justified_usd", Kind.AMOUNT, _("Pièces acceptées."), "#value+justified+usd"),
)  # fmt: skip
FOR_WHOM = (
    Field("direct_women", _("Femmes (directes)"), "direct_women", Kind.INTEGER, hxl="#targeted+f+adults"),
    Field("direct_men", _("Hommes (directs)"), "direct_men", Kind.INTEGER, hxl="#targeted+m+adults"),
    Field("direct_girls", _("Filles (directes)"), "direct_girls", Kind.INTEGER, hxl="#targeted+f+children"),
    Field("direct_boys", _("Garçons (directs)"), "direct_boys", Kind.INTEGER, hxl="#targeted+m+children"),
    Field("direct_total", _("Bénéficiaires directs"), "direct_total", Kind.INTEGER, hxl="#targeted"),
    Field("indirect_total", _("Bénéficiaires indirects"), "indirect_total", Kind.INTEGER, hxl="#targeted+indirect"),
    Field("displaced", _("Dont déplacés"), "displaced", Kind.INTEGER, hxl="#targeted+idps"),
    Field("disabled", _("Dont handicapés"), "disabled", Kind.INTEGER, hxl="#targeted+disabled"),
)
UPDATED = Field("updated_at", _("Modifié le"), "updated_at", Kind.MOMENT, _("UTC."), "#date+updated")

PROJECTS = Table(
    "projets",
    _("Projets"),
    _("Les projets approuvés, quel que soit leur état depuis. Un lieu sensible est celui du cercle ; ce qui est caché manque."),
    (
        Field("iati_identifier", _("Identifiant IATI"), "iati_identifier", help=_("Il ne change jamais."), hxl="#activity+code+iati"),
        Field("reference", _("Référence"), "reference", hxl="#activity+code"),
        Field("title", _("Intitulé"), "shown_title", hxl="#activity+name"),
        *WHAT,
        Field("locality", _("Commune ou localité"), "shown_locality", help=_("Vide si le lieu est sensible."), hxl="#loc+name"),
        Field("latitude", _("Latitude"), "shown_latitude", Kind.NUMBER, _("Degrés, WGS 84."), "#geo+lat"),
        Field("longitude", _("Longitude"), "shown_longitude", Kind.NUMBER, _("Degrés, WGS 84."), "#geo+lon"),
        Field(
            "place_is_exact", _("Lieu exact"), "shown_exactly", Kind.YES_NO,
            _("Non : le point est celui du cercle ou de la région."), "#geo+exact",
        ),
        *WITH_WHOM,
        Field("published_on", _("Publié le"), "published_on", Kind.DAY, _("Jour de la première approbation."), "#date+approved"),
        *WHEN,
        *MONEY,
        *FOR_WHOM,
        Field("objective", _("Objectif"), "shown_objective", hxl="#description"),
        UPDATED,
    ),
    ("iati_identifier",),
)  # fmt: skip

STAFF_PROJECTS = Table(
    "projets",
    _("Projets"),
    _("Les projets que vos rôles vous laissent lire, tels qu’ils sont dans le portail."),
    (
        Field("reference", _("Référence"), "reference", hxl="#activity+code"),
        Field("title", _("Intitulé"), "title", hxl="#activity+name"),
        *WHAT,
        Field("locality", _("Commune ou localité"), "locality", hxl="#loc+name"),
        Field("latitude", _("Latitude"), "latitude", Kind.NUMBER, _("Degrés, WGS 84."), "#geo+lat"),
        Field("longitude", _("Longitude"), "longitude", Kind.NUMBER, _("Degrés, WGS 84."), "#geo+lon"),
        *WITH_WHOM,
        Field("submitted_on", _("Soumis le"), "submitted_at", Kind.DAY, hxl="#date+submitted"),
        Field("published_on", _("Publié le"), "published_on", Kind.DAY, _("Jour de la première approbation."), "#date+approved"),
        *WHEN,
        Field("budget_usd", _("Budget demandé (USD)"), "budget_usd", Kind.AMOUNT, hxl="#value+requested+usd"),
        Field("community_usd", _("Apport de la communauté (USD)"), "community_usd", Kind.AMOUNT, hxl="#value+community+usd"),
        Field("recommended_usd", _("Recommandé (USD)"), "recommended_usd", Kind.AMOUNT, hxl="#value+recommended+usd"),
        Field("reserved_usd", _("Réservé (USD)"), "reserved_usd", Kind.AMOUNT, hxl="#value+reserved+usd"),
        *MONEY,
        *FOR_WHOM,
        Field("disclosure", _("Publication"), "disclosure", help=_("full, cercle ou hidden.")),
        UPDATED,
    ),
    ("reference",),
)  # fmt: skip


def open_projects(language: str | None = None) -> ProjectQuerySet:
    """What partners are shown, with its `shown_…` columns."""
    from projects.models import Project

    return Project.objects.open_to_partners().with_shown(language)


def carrying_out() -> QuerySet:
    """The organisations that donors, coordination or published projects make public."""
    from funds.models import Organisation
    from projects.models import Project, Recipient

    shown = Project.objects.open_to_partners()
    return Organisation.objects.current().filter(
        Q(is_donor=True)
        | Q(is_ptf=True)
        | Q(pk__in=shown.order_by().values("partner_id"))
        | Q(pk__in=Recipient.objects.filter(project__in=shown).order_by().values("organisation_id"))
    )
