"""What an amendment may change, as pure functions (domain guide §7): the law of the mechanism holds for the sum.

USD, two decimals; days are calendar days of the mission. What is wrong comes as (field of the form or None, words).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funds.rules import QIP
from projects.states import State
from sr_portal.web.templatetags.portal import day, number, usd

from .plan import Limits, part_of
from .proposal import ceiling_of, ends_on, longest_months

AMENDABLE = frozenset({State.AGREED, State.ACTIVE, State.SUSPENDED})
Wrong = list[tuple[str | None, str | Promise]]


def wrong_amount(mechanism, approved: Decimal, facility=None) -> Wrong:
    """The approved amount, amendments included, against the ceiling of the mechanism and of the facility."""
    if approved <= 0:
        return [("approved_usd", _("Le montant approuvé doit rester positif."))]
    ceiling = ceiling_of(mechanism, facility)
    if ceiling is None or approved <= ceiling:
        return []
    text = _("Avenants compris, le projet ne peut dépasser le plafond que le fonds permet, {ceiling}.")
    if mechanism.code == QIP:
        text = _("Avenants compris, un QIP ne peut dépasser {ceiling}.")
    return [("approved_usd", format_lazy(text, ceiling=usd(ceiling)))]


def wrong_length(mechanism, starts_on: dt.date | None, months: int, today: dt.date, facility=None) -> Wrong:
    """The length, amendments included, against the longest that the fund allows and against today."""
    longest = longest_months(mechanism, facility)
    if longest is not None and months > longest:
        text = _("Avenants compris, le projet ne peut durer plus de {months} mois.")
        if mechanism.code == QIP:
            text = _("Avenants compris, un QIP ne peut durer plus de {months} mois.")
        return [("duration_months", format_lazy(text, months=longest))]
    if starts_on is not None and (last := ends_on(starts_on, months)) < today:
        text = _("Le dernier jour serait le {day}, déjà passé.")
        return [("duration_months", format_lazy(text, day=day(last)))]
    return []


def wrong_lines(approved: Decimal, amounts: Mapping[str, Decimal], spent: Mapping[str, Decimal]) -> Wrong:
    """The lines by field of the form: their sum to the cent, and none below what is justified on it."""
    found: Wrong = []
    for name, amount in amounts.items():
        if amount < spent.get(name, Decimal(0)):
            text = _("Cette ligne est déjà justifiée à hauteur de {spent}.")
            found.append((name, format_lazy(text, spent=usd(spent[name]))))
    total = sum(amounts.values(), Decimal(0))
    if total != approved:
        text = _("Les lignes du budget font {total}, et non le nouveau montant approuvé, {approved}.")
        found.append((None, format_lazy(text, total=usd(total), approved=usd(approved))))
    return found


def wrong_plan(approved: Decimal, fixed: Sequence[Decimal], planned: Sequence[Decimal], limits: Limits) -> Wrong:
    """The plan: `fixed` instalments are already asked for and stay, `planned` ones come after them.

    The first share only binds while the first instalment may still change; the last is held back as in the agreement.
    """
    found: Wrong = []
    total = sum([*fixed, *planned], Decimal(0))
    if total != approved:
        text = _("Les tranches font {total}, et non le nouveau montant approuvé, {approved}.")
        if fixed:
            text = _(
                "Les tranches font {total}, dont {fixed} déjà demandés ou payés, et non le nouveau montant approuvé, "
                "{approved}."
            )
        found.append((None, format_lazy(text, total=usd(total), fixed=usd(sum(fixed)), approved=usd(approved))))
    most, least = part_of(approved, limits.first_max), part_of(approved, limits.last_min)
    if not fixed and planned and planned[0] > most:
        text = _("La première tranche ne peut dépasser {most}, soit {share}\u00a0%\u00a0du montant.")
        found.append(("amount_1", format_lazy(text, most=usd(most), share=number(limits.first_max))))
    if planned and planned[-1] < least:
        text = _("La dernière tranche, retenue jusqu’aux rapports finaux, est d’au moins {least}, soit {share}\u00a0%.")
        name = f"amount_{len(fixed) + len(planned)}"
        found.append((name, format_lazy(text, least=usd(least), share=number(limits.last_min))))
    return found
