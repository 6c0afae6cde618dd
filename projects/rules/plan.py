"""The instalment plan: its sum and its shares (domain guide §7). USD, two decimals; shares in percent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funds.models import Mechanism, Organisation, TranchePlan
from funds.models.tranches import shares_label
from funds.rules import CENT
from sr_portal.web.templatetags.portal import number, usd

Words = str | Promise


@dataclass(frozen=True)
class Limits:
    """What the mechanism allows, in percent of the approved amount."""

    first_max: Decimal
    last_min: Decimal
    newcomer: bool = False  # the partner has no completed project yet, so that the lower first share holds
    shares: tuple[Decimal, ...] = ()  # of the mechanism's plan for this kind of partner; empty when it has none
    last_held: bool = True  # the last is kept back until the final reports are accepted

    @property
    def source(self) -> Words:
        """Where the limit of the first share comes from."""
        if self.shares:
            return _("plan du mécanisme pour ce type de bénéficiaire")
        return _("partenaire sans projet achevé") if self.newcomer else _("plafond du mécanisme")

    @property
    def shares_label(self) -> str:
        """« 35 / 35 / 30 »"""
        return shares_label(self.shares)


def limits_of(project) -> Limits:
    """The limits for this project's partner; one query. The database has them from `tranche_limits`."""
    kind = Organisation.objects.filter(pk=project.partner_id).values("kind")[:1]
    plans = TranchePlan.objects.filter(Q(recipient=Subquery(kind)) | Q(recipient=""), mechanism=OuterRef("pk"))
    row = (
        Mechanism.objects.filter(pk=project.mechanism_id)
        .values("first_share_max", "first_share_max_new", "last_share_min", "last_after_final_report")
        .annotate(shares=Subquery(plans.order_by("-recipient").values("shares")[:1]), known=Exists(_completed(project)))
        .get()
    )
    if shares := row["shares"]:
        return Limits(shares[0], shares[-1], shares=tuple(shares), last_held=row["last_after_final_report"])
    newcomer = project.partner_id is None or not row["known"]
    first = row["first_share_max_new"] if newcomer else row["first_share_max"]
    return Limits(first, row["last_share_min"], newcomer, last_held=row["last_after_final_report"])


def _completed(project) -> QuerySet:
    """Other projects of the partner that were completed: with one, the partner is no newcomer."""
    others = type(project)._default_manager.filter(partner_id=project.partner_id, state__in=("completed", "closed"))
    return others.exclude(pk=project.pk)


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
        found.append(
            format_lazy(
                _("La première tranche ne peut dépasser {most} sur le montant approuvé, soit {share} % ({why})."),
                share=number(limits.first_max),
                most=usd(most),
                why=limits.source,
            )  # fmt: skip
        )
    if amounts[-1] < least:
        held = _("La dernière tranche, retenue jusqu’au rapport final, est d’au moins {share} %, soit {least}.")
        text = held if limits.last_held else _("La dernière tranche est d’au moins {share} %, soit {least}.")
        found.append(
            format_lazy(
                text,
                share=number(limits.last_min),
                least=usd(least),
            )  # fmt: skip
        )
    return found
