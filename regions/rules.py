"""What a regional plan and a study may say. Pure functions and the words of their refusals; each names its source."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")

PERIOD_MESSAGE = _("La fin du plan suit son début.")
ONE_IN_FORCE_MESSAGE = _(
    "Cette région a déjà un plan en vigueur : archivez-le d’abord, ou faites-en une nouvelle version."
)
NEED_MESSAGE = _("Le besoin estimé ne peut être négatif.")
DIRECTION_MESSAGE = _(
    "La cible est au-dessus de la valeur de départ pour un indicateur à augmenter, au-dessous pour un indicateur à réduire."
)
LATEST_MESSAGE = _("Donnez la dernière valeur avec sa date, ou aucune des deux.")
PRIORITY_REGION_MESSAGE = _("Choisissez une priorité du plan en vigueur dans la région.")

# A code in a plan: « 2 », « 2.1 », « P3 », « A2.10 ».
CODE_REGEX = r"^[A-Z]{0,2}[0-9]{1,2}(\.[0-9]{1,2}){0,2}$"
CODE_MESSAGE = _("Un code s’écrit 2, 2.1 ou P3.")


def progress(baseline: Decimal, target: Decimal, latest: Decimal | None) -> Decimal | None:
    """How far `latest` has come from `baseline` to `target`, percent to one decimal; None without a latest value.

    Below 0 when it has gone the other way, above 100 beyond the target; the same for what is to grow and to shrink.
    """
    if latest is None or baseline == target:
        return None
    return ((latest - baseline) * 100 / (target - baseline)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
