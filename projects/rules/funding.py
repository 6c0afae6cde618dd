"""Which contributions may pay for a project, and what to say when they do not cover it (domain guide §1, §7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from sr_portal.web.templatetags.portal import usd


@dataclass(frozen=True)
class Earmarked:
    """Signed money that no project holds yet, USD, and the words of its earmark; `serves` says if it is for the project."""

    donor: str
    earmark: str
    free_usd: Decimal
    serves: bool


def uncovered(wanted_usd: Decimal, money: Sequence[Earmarked], where: str) -> list[str]:
    """Why `wanted_usd` more is not covered, with what is earmarked for something else and what to do; [] when it is.

    `where` names the project's mechanism, region and theme.
    """
    free = sum((one.free_usd for one in money if one.serves), Decimal(0))
    if wanted_usd <= free:
        return []
    elsewhere = [one for one in money if not one.serves and one.free_usd > 0]
    text = _(
        "Les contributions signées que ce projet peut utiliser (%(where)s) ne couvrent que %(free)s sur %(wanted)s."
    )
    words = [text % {"where": where, "free": usd(free), "wanted": usd(wanted_usd)}]
    if elsewhere:
        named = _(" ; ").join(
            _("%(donor)s, pour %(earmark)s : %(free)s")
            % {"donor": one.donor, "earmark": one.earmark, "free": usd(one.free_usd)}
            for one in elsewhere[:4]
        )
        words.append(_("Le reste est affecté à autre chose (%(named)s).") % {"named": named})
    words.append(
        _("Approuvez un montant moindre, ou demandez à la section de faire signer une contribution qui serve ici.")
    )
    return [" ".join(words)]
