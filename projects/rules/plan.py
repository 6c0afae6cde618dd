"""The instalment plan: its sum and its shares (domain guide §7). USD, two decimals; shares in percent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funds.rules import CENT
from sr_portal.web.templatetags.portal import number, usd


@dataclass(frozen=True)
class Limits:
    """What the mechanism allows, in percent of the approved amount."""

    first_max: Decimal
    last_min: Decimal
    newcomer: bool  # the partner has no completed project yet, so that the lower first share holds


def limits_of(project) -> Limits:
    """The limits for this project's partner; one query."""
    newcomer = not has_history(project)
    mechanism = project.mechanism
    first = mechanism.first_share_max_new if newcomer else mechanism.first_share_max
    return Limits(first, mechanism.last_share_min, newcomer)


def has_history(project) -> bool:
    """Another project of the partner was completed; the database asks the same (`agreement_is_whole`)."""
    others = type(project)._default_manager.filter(partner_id=project.partner_id, state__in=("completed", "closed"))
    return project.partner_id is not None and others.exclude(pk=project.pk).exists()


def part_of(approved: Decimal, percent: Decimal) -> Decimal:
    """`percent` of `approved`, to the cent, rounded half away from zero as PostgreSQL does."""
    return (approved * percent / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def lacks(approved: Decimal, amounts: Sequence[Decimal], limits: Limits) -> list[str | Promise]:
    """What is wrong with a plan, none when it holds: the sum to the cent, the first share, the last share."""
    if not amounts:
        return [_("Le plan des tranches est vide.")]
    found: list[str | Promise] = []
    if sum(amounts) != approved:
        found.append(
            format_lazy(
                _("Les tranches font {sum}, et non le montant approuvé, {approved}."),
                sum=usd(sum(amounts)),
                approved=usd(approved),
            )  # fmt: skip
        )
    most, least = part_of(approved, limits.first_max), part_of(approved, limits.last_min)
    if amounts[0] > most:
        why = _("partenaire sans projet achevé") if limits.newcomer else _("plafond du mécanisme")
        found.append(
            format_lazy(
                _("La première tranche ne peut dépasser {most} sur le montant approuvé, soit {share} % ({why})."),
                share=number(limits.first_max),
                most=usd(most),
                why=why,
            )  # fmt: skip
        )
    if amounts[-1] < least:
        found.append(
            format_lazy(
                _("La dernière tranche, retenue jusqu’au rapport final, est d’au moins {share} %, soit {least}."),
                share=number(limits.last_min),
                least=usd(least),
            )  # fmt: skip
        )
    return found
