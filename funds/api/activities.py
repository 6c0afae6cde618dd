"""Who does what, where and when: the activities of the technical and financial partners."""

from django.utils.translation import gettext_lazy as _

from funds import access
from funds.forms.activities import ActivityFilter
from funds.models import ActivitySource, ActivityStatus, PartnerActivity
from sr_portal.api.resources import (
    DAY,
    DEGREES,
    INSTANT,
    KEY,
    MONEY,
    TEXT,
    WHOLE,
    Column,
    FormFilters,
    Resource,
    maybe,
    one_of,
)

from .parts import CERCLE, ORGANISATION, REGION, SECTOR, cercle, organisation, region, sector

ACTIVITIES = Resource(
    name="ptf-activities",
    kind="ptf_activity",
    title=_("Activités des PTF"),
    says=_("Qui fait quoi, où et quand : les activités inscrites au registre de coordination."),
    tag=_("Partenaires"),
    model=PartnerActivity,
    alias="a",
    source="""funds_partneractivity a
        LEFT JOIN funds_organisation o ON o.id = a.organisation_id LEFT JOIN funds_sector s ON s.code = a.sector_id
        LEFT JOIN regions_region r ON r.id = a.region_id LEFT JOIN regions_cercle c ON c.id = a.cercle_id""",
    rows=lambda reader: PartnerActivity.objects.all(),
    may=lambda reader: reader.published_only or access.reads_activities(reader.user),
    filtering=FormFilters(
        ActivityFilter,
        lambda rows, wanted, reader: rows.filtered(dict(wanted)),
        (("debut", "-starts_on", _("Début le plus récent")),),
    ),
    columns=(
        Column("id", "a.id", KEY, _("Numéro dans le portail."), 41),
        Column("organisation", organisation("o"), ORGANISATION, _("Partenaire."),
               {"id": 9, "name": "Programme alimentaire mondial", "acronym": "PAM"}),
        Column("implementer", "a.implementer", TEXT, _("Réalisée par, si c’est un autre."), ""),
        Column("funder", "a.funder", TEXT, _("Financée par, si c’est un autre."), ""),
        Column("title", "a.title", TEXT, _("Intitulé."), "Cantines scolaires"),
        Column("description", "a.description", TEXT, _("Description."), ""),
        Column("status", "a.status", one_of(ActivityStatus), _("État."), "ongoing"),
        Column("sector", sector("s"), maybe(SECTOR), _("Secteur CAD."),
               {"code": "11220", "name_fr": "Éducation primaire", "name_en": "Primary education"}),
        Column("region", region("r"), maybe(REGION), _("Région ; vide : tout le pays."), {"code": "ML-5", "name": "Mopti"}),
        Column("cercle", cercle("c"), maybe(CERCLE), _("Cercle."), None),
        Column("locality", "a.locality", TEXT, _("Commune ou localité."), ""),
        Column("latitude", "a.latitude", maybe(DEGREES), _("Latitude, degrés (WGS 84)."), None),
        Column("longitude", "a.longitude", maybe(DEGREES), _("Longitude, degrés (WGS 84)."), None),
        Column("starts_on", "a.starts_on", DAY, _("Début."), "2026-01-15"),
        Column("ends_on", "a.ends_on", maybe(DAY), _("Fin ; vide : pas fixée."), "2026-12-31"),
        Column("amount", "a.amount", maybe(MONEY), _("Montant dans sa monnaie."), 250000.00),
        Column("currency", "a.currency", TEXT, _("Monnaie (ISO 4217), vide sans montant."), "EUR"),
        Column("amount_usd", "a.amount_usd", maybe(MONEY), _("Montant, USD ; vide si aucun taux n’est connu."), 271000.00),
        Column("beneficiaries", "a.beneficiaries", maybe(WHOLE), _("Bénéficiaires."), 12000),
        Column("source", "a.source", one_of(ActivitySource), _("D’où vient l’inscription."), "sheet"),
        Column("external_id", "a.external_id", TEXT, _("Identifiant chez le partenaire."), ""),
        Column("updated_at", "a.updated_at", INSTANT, _("Dernière modification (UTC)."), "2026-11-02T09:30:00+00:00"),
    ),
)  # fmt: skip
