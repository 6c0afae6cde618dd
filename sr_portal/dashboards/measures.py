"""What a map may show of each region: the address's word → what it sums, how it is written, which list it opens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sr_portal.web.templatetags.portal import number, usd


@dataclass(frozen=True)
class Measure:
    label: str | Promise
    sums: tuple[str, ...]
    write: Callable[[Any], str] = number
    opens: dict[str, str] = field(default_factory=dict)


PEOPLE = ("direct_women", "direct_men", "direct_girls", "direct_boys")
GRANTED = {"etape": "accordes"}

MEASURES: dict[str, Measure] = {
    "deposes": Measure(_("Projets déposés"), ("filed",), opens={"etape": "deposes"}),
    "accordes": Measure(_("Projets approuvés"), ("granted",), opens=GRANTED),
    "approuve": Measure(_("Montant approuvé"), ("approved_usd",), usd, GRANTED),
    "paye": Measure(_("Montant payé"), ("paid_usd",), usd, GRANTED),
    "justifie": Measure(_("Montant justifié"), ("justified_usd",), usd, GRANTED),
    "reste": Measure(_("Reste à payer"), ("left_usd",), usd, GRANTED),
    "retard": Measure(_("Projets en retard"), ("late",), opens={"delai": "retard"}),
    "personnes": Measure(_("Bénéficiaires directs"), PEOPLE, opens=GRANTED),
}
