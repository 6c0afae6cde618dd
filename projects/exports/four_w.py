"""Who does what, where, when and for how much: our published projects and the partners' activities in one sheet."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from funds.models import ActivityStatus
from projects.querysets import ProjectQuerySet
from projects.states import State
from sr_portal.spreadsheets.tables import Field, Kind, Table

PHASES = {
    State.APPROVED: ActivityStatus.PLANNED, State.AGREED: ActivityStatus.PLANNED, State.ACTIVE: ActivityStatus.ONGOING,
    State.SUSPENDED: ActivityStatus.ONGOING, State.COMPLETED: ActivityStatus.DONE, State.CLOSED: ActivityStatus.DONE,
    State.CANCELLED: ActivityStatus.CANCELLED,
}  # fmt: skip


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _phase(code: str) -> str:
    return str(PHASES[State(code)].label)


def _columns(mine: bool) -> tuple[Field, ...]:
    """The same columns, read of our projects or of the partners' activities."""
    ours, theirs = 0, 1
    which = ours if mine else theirs
    sources: dict[str, tuple[Any, Any]] = {
        "source": (_text("portail"), _text("ptf")),
        "code": ("reference", "external_id"),
        "organisation": (_text("Section stabilisation et relèvement"), "organisation__name"),
        "implementer": (Coalesce("partner__name", _text("")), "implementer"),
        "funder": (Concat(F("mechanism__name_fr"), _text("")), "funder"),
        "activity": ("shown_title", "title"),
        "sector_code": ("sector_id", "sector_id"),
        "sector": ("sector__name_fr", "sector__name_fr"),
        "region_pcode": ("region__pcode", "region__pcode"),
        "region": ("region__name", "region__name"),
        "cercle_pcode": ("cercle__pcode", "cercle__pcode"),
        "cercle": ("cercle__name", "cercle__name"),
        "locality": ("shown_locality", "locality"),
        "latitude": ("shown_latitude", "latitude"),
        "longitude": ("shown_longitude", "longitude"),
        "starts_on": ("starts_on", "starts_on"),
        "ends_on": ("ends_on", "ends_on"),
        "status": ("state", "status"),
        "amount_usd": ("approved_usd", "amount_usd"),
        "beneficiaries": ("direct_total", "beneficiaries"),
    }
    status = _phase if mine else lambda code: str(ActivityStatus(code).label)
    return tuple(
        Field(name, label, sources[name][which], kind, help_text, hxl, status if name == "status" else None)
        for name, label, kind, help_text, hxl in DESCRIBED
    )


DESCRIBED = (
    (
        "source",
        _("Source"),
        Kind.TEXT,
        _("portail : un projet de la section ; ptf : une activité d’un partenaire."),
        "#meta+source",
    ),
    ("code", _("Code"), Kind.TEXT, "", "#activity+code"),
    ("organisation", _("Qui"), Kind.TEXT, "", "#org+name"),
    ("implementer", _("Réalisée par"), Kind.TEXT, "", "#org+impl"),
    ("funder", _("Financée par"), Kind.TEXT, "", "#org+funder"),
    ("activity", _("Quoi"), Kind.TEXT, "", "#activity+name"),
    ("sector_code", _("Code du secteur"), Kind.TEXT, _("Code CAD à cinq chiffres."), "#sector+code"),
    ("sector", _("Secteur"), Kind.TEXT, "", "#sector+name"),
    ("region_pcode", _("P-code de la région"), Kind.TEXT, _("OCHA."), "#adm1+code"),
    ("region", _("Région"), Kind.TEXT, _("Vide : tout le pays."), "#adm1+name"),
    ("cercle_pcode", _("P-code du cercle"), Kind.TEXT, _("OCHA."), "#adm2+code"),
    ("cercle", _("Cercle"), Kind.TEXT, "", "#adm2+name"),
    ("locality", _("Localité"), Kind.TEXT, "", "#loc+name"),
    ("latitude", _("Latitude"), Kind.NUMBER, _("Degrés, WGS 84."), "#geo+lat"),
    ("longitude", _("Longitude"), Kind.NUMBER, _("Degrés, WGS 84."), "#geo+lon"),
    ("starts_on", _("Début"), Kind.DAY, "", "#date+start"),
    ("ends_on", _("Fin"), Kind.DAY, "", "#date+end"),
    ("status", _("État"), Kind.TEXT, "", "#status"),
    ("amount_usd", _("Combien (USD)"), Kind.AMOUNT, "", "#value+usd"),
    ("beneficiaries", _("Pour combien de personnes"), Kind.INTEGER, "", "#targeted"),
)

TITLE = _("Qui fait quoi, où, quand")
ABOUT = _("La feuille « 4W » de la coordination : les projets publiés de la section et les activités des partenaires.")
FOUR_W = Table("4w", TITLE, ABOUT, _columns(mine=True))
OF_PARTNERS = Table("4w", TITLE, ABOUT, _columns(mine=False))


def rows(projects: ProjectQuerySet, activities: QuerySet) -> Iterator[list[Any]]:
    """Our projects, then what the partners do; what one of our own funds pays for would count twice and is left out."""
    others = activities.filter(Q(own_fund__isnull=True))
    return chain(FOUR_W.rows(projects), OF_PARTNERS.rows(others))
