"""What is allowed of a project. Each rule says its source; the database holds the same (see `triggers`, `Meta`)."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from funds.rules import QIP, QIP_CEILING_USD, QIP_MAX_MONTHS, add_months

CEILING_MESSAGE = _("Un QIP ne peut dépasser 50 000 USD : réduisez le budget ou choisissez un autre mécanisme.")
LENGTH_MESSAGE = _("Un QIP ne peut dépasser 6 mois : raccourcissez la durée ou choisissez un autre mécanisme.")


def ceiling_of(mechanism) -> Decimal | None:
    """The most a project may cost, USD; for a QIP never above 50,000 (domain guide §1)."""
    if mechanism.code == QIP:
        return min(QIP_CEILING_USD, mechanism.ceiling_usd or QIP_CEILING_USD)
    return mechanism.ceiling_usd


def longest_months(mechanism) -> int | None:
    """The longest a project may last, calendar months; for a QIP never above 6 (domain guide §1)."""
    if mechanism.code == QIP:
        return min(QIP_MAX_MONTHS, mechanism.max_months or QIP_MAX_MONTHS)
    return mechanism.max_months


def validate_budget(mechanism, budget_usd: Decimal) -> None:
    """Raise `ValidationError` on `budget_usd` beyond the mechanism's ceiling."""
    ceiling = ceiling_of(mechanism)
    if ceiling is not None and budget_usd > ceiling:
        if mechanism.code == QIP and ceiling == QIP_CEILING_USD:
            raise ValidationError(CEILING_MESSAGE, code="qip_budget_ceiling")
        raise ValidationError(
            _("Le budget dépasse le plafond du mécanisme, %(ceiling)s USD."),
            code="budget_ceiling",
            params={"ceiling": ceiling},
        )


def validate_length(mechanism, months: int | None) -> None:
    """Raise `ValidationError` on a length beyond the mechanism's longest."""
    longest = longest_months(mechanism)
    if months is not None and longest is not None and months > longest:
        if mechanism.code == QIP and longest == QIP_MAX_MONTHS:
            raise ValidationError({"duration_months": ValidationError(LENGTH_MESSAGE, code="qip_six_months")})
        raise ValidationError(
            {
                "duration_months": ValidationError(
                    _("La durée dépasse celle du mécanisme, %(months)s mois."),
                    code="length",
                    params={"months": longest},
                )
            }
        )


def validate_project(project) -> None:
    """The rules of a project's own row; raises `ValidationError` naming the fields."""
    if project.mechanism_id is None:
        return
    validate_budget(project.mechanism, project.budget_usd)
    validate_length(project.mechanism, project.duration_months)
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
