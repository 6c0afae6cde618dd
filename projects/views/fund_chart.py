"""The chart of a fund: one bar for each figure, on one scale; the table under it says the same, and what each means."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from projects.fund_figures import ZERO, FundFigures
from sr_portal.web.templatetags.portal import usd


@dataclass(frozen=True)
class Figure:
    """A sum of the fund, USD; `kind` is whose it is and the class of its drawing: in, envelope, out or left."""

    kind: str
    name: str  # its key in exports
    label: str
    amount: Decimal
    means: str
    is_drawn: bool = True


@dataclass(frozen=True)
class Bar:
    """`width` in thousandths of the longest bar."""

    figure: Figure
    width: str

    @property
    def told(self) -> str:
        """The bar in words, for those who do not see it."""
        return _("%(label)s : %(amount)s") % {"label": self.figure.label, "amount": usd(self.figure.amount)}


def figures(shown: FundFigures) -> list[Figure]:
    """In the order in which money goes: promised, set aside, spent; then what is left of each purse."""
    given = shown.total
    rows = [
        Figure("in", "pledged", _("Annoncé"), given.pledged_usd, _("Promesses des donateurs, hors annonces retirées.")),
        Figure("in", "signed", _("Signé"), given.signed_usd, _("Accords de contribution signés.")),
        Figure("in", "received", _("Reçu"), given.received_usd, _("Virements arrivés, au taux de leur jour.")),
    ] if shown.mechanism.funded_by_contributions else []  # fmt: skip
    rows += [
        Figure("envelope", "envelope", _("Enveloppe"), shown.envelope_usd, _("Ce que l’exercice peut engager.")),
        Figure("out", "reserved", _("Réservé"), shown.reserved_usd, _("Décisions d’approbation en cours ; après la clôture, le payé net.")),
        Figure("out", "obligated", _("Engagé"), shown.obligated_usd, _("Protocoles d’accord signés.")),
        Figure("out", "paid", _("Payé, net"), shown.paid_usd, _("Versé aux partenaires, moins les remboursements.")),
        Figure("out", "justified", _("Justifié"), shown.justified_usd, _("Pièces justificatives acceptées.")),
        Figure("left", "available", _("Disponible dans l’enveloppe"), shown.available_usd, _("Enveloppe − réservé : ce que l’exercice peut encore approuver."), False),
    ]  # fmt: skip
    if shown.mechanism.funded_by_contributions:
        means = _("Signé − tenu par des projets, à ce jour et tous exercices : ce que les donateurs financent encore.")
        rows.append(Figure("left", "free", _("Libre dans les contributions"), given.free_usd, means, False))
    return rows


def bars(rows: list[Figure]) -> list[Bar]:
    drawn = [row for row in rows if row.is_drawn]
    longest = max((row.amount for row in drawn), default=ZERO)
    return [Bar(row, f"{row.amount * 1000 / longest:.2f}" if longest else "0") for row in drawn]
