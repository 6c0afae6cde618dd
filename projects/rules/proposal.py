"""What is allowed of a project. Each rule says its source; the database holds the same (see `triggers`, `Meta`)."""

import datetime as dt
from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from funds.rules import QIP, QIP_CEILING_USD, QIP_MAX_MONTHS, add_months
from sr_portal.web.templatetags.portal import usd

CEILING_MESSAGE = _("Un QIP ne peut dépasser 50 000 USD : réduisez le budget ou choisissez un autre mécanisme.")
LENGTH_MESSAGE = _("Un QIP ne peut dépasser 6 mois : raccourcissez la durée ou choisissez un autre mécanisme.")
Limit = TypeVar("Limit", Decimal, int)
OTHER_FACILITY = _("Ce guichet est celui d’un autre mécanisme.")
OTHER_FOCUS = _("Ce domaine d’action est celui d’un autre mécanisme.")


def ceiling_of(mechanism, facility=None) -> Decimal | None:
    """The most a project may cost, USD: the lower of its mechanism's ceiling and its facility's; None without either.

    For a QIP never above 50,000 (domain guide §1).
    """
    law = QIP_CEILING_USD if mechanism.code == QIP else None
    return lowest(law, mechanism.ceiling_usd, facility and facility.ceiling_usd)


def longest_months(mechanism, facility=None) -> int | None:
    """The longest a project may last, calendar months: the shorter of its mechanism's length and its facility's.

    For a QIP never above 6 (domain guide §1).
    """
    law = QIP_MAX_MONTHS if mechanism.code == QIP else None
    return lowest(law, mechanism.max_months, facility and facility.max_months)


def lowest(*limits: Limit | None) -> Limit | None:
    """The lowest of the limits that there are."""
    return min((limit for limit in limits if limit is not None), default=None)


def validate_budget(mechanism, budget_usd: Decimal, facility=None) -> None:
    """Raise `ValidationError` on `budget_usd` beyond the ceiling of the mechanism or of the facility."""
    ceiling = ceiling_of(mechanism, facility)
    if ceiling is not None and budget_usd > ceiling:
        if mechanism.code == QIP and ceiling == QIP_CEILING_USD:
            raise ValidationError(CEILING_MESSAGE, code="qip_budget_ceiling")
        raise ValidationError(
            _("Le budget dépasse le plafond que le fonds permet, %(ceiling)s."),
            code="fund_ceiling",
            params={"ceiling": usd(ceiling)},
        )


def validate_length(mechanism, months: int | None, facility=None) -> None:
    """Raise `ValidationError` on a length beyond the longest of the mechanism or of the facility."""
    longest = longest_months(mechanism, facility)
    if months is not None and longest is not None and months > longest:
        if mechanism.code == QIP and longest == QIP_MAX_MONTHS:
            raise ValidationError({"duration_months": ValidationError(LENGTH_MESSAGE, code="qip_six_months")})
        raise ValidationError(
            {
                "duration_months": ValidationError(
                    _("La durée dépasse celle que le fonds permet, %(months)s mois."),
                    code="fund_length",
                    params={"months": longest},
                )
            }
        )


def validate_project(project) -> None:
    """The rules of a project's own row; raises `ValidationError` naming the fields."""
    if project.mechanism_id is None:
        return
    for name, message in (("facility", OTHER_FACILITY), ("focus_area", OTHER_FOCUS)):
        chosen = getattr(project, name)
        if chosen is not None and chosen.mechanism_id != project.mechanism_id:
            raise ValidationError({name: message})
    validate_budget(project.mechanism, project.budget_usd, project.facility)
    validate_length(project.mechanism, project.duration_months, project.facility)
    if project.cercle_id and project.region_id and project.cercle.region_id != project.region_id:
        raise ValidationError({"cercle": _("Ce cercle se trouve dans une autre région.")})
    if (project.latitude is None) != (project.longitude is None):
        raise ValidationError({"longitude": _("Donnez la latitude et la longitude, ou aucune des deux.")})
    if (
        project.latitude is not None
        and project.region_id
        and not project.region.contains(float(project.latitude), float(project.longitude))
    ):
        raise ValidationError(
            {"latitude": _("Ce point se trouve hors de la région choisie : vérifiez la position ou la région.")}
        )


def ends_on(starts_on: dt.date, months: int) -> dt.date:
    """The project's last possible day, as the database's generated column computes it."""
    return add_months(starts_on, months)


def format_reference(mechanism_code: str, region_abbreviation: str, year: int, number: int) -> str:
    """`QIP-GAO-2026-0042`."""
    return f"{mechanism_code}-{region_abbreviation}-{year}-{number:04d}"
