"""The themes of earmarks: the families of sectors, by their French name, read in the reader's language."""

from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funds.models import Sector
from sr_portal.web.choices import Offered


def themes() -> dict[str, str]:
    """French name of each family (its key) → its name in the reader's language, sorted by the latter; one query."""
    english = (get_language() or "fr").startswith("en")
    pairs = Sector.objects.order_by().values_list("group_fr", "group_en").distinct()
    named = {fr: en if english and en else fr for fr, en in pairs}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def offered_themes() -> Offered:
    """The same as a filter offers them, read with its other choices."""
    own = models.F("group_fr")
    english = (get_language() or "fr").startswith("en")
    return Offered(Sector.objects.all(), own, Coalesce(NullIf("group_en", models.Value("")), own) if english else own)


def theme_shown() -> models.Expression:
    """The theme of a row that has one (`theme`) as its reader calls it: for lists, without a query of its own."""
    own = models.F("theme")
    if not (get_language() or "fr").startswith("en"):
        return models.ExpressionWrapper(own, output_field=models.CharField())
    english = Sector.objects.filter(group_fr=models.OuterRef("theme")).order_by().values("group_en")[:1]
    return Coalesce(NullIf(models.Subquery(english), models.Value("")), own, output_field=models.CharField())


def earmark_words(region: str, theme: str, named: dict[str, str] | None = None) -> str:
    """« Gao · Eau et assainissement », or that it is not earmarked; `named` are the themes where they are read already."""
    parts = [part for part in (region, (named or {}).get(theme, theme)) if part]
    return " · ".join(parts) if parts else _("non affectée")
