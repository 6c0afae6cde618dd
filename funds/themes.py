"""The themes of earmarks: the families of sectors, by their French name, read in the reader's language."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funds.models import Sector


def themes() -> dict[str, str]:
    """French name of each family (its key) → its name in the reader's language, sorted by the latter; one query."""
    english = (get_language() or "fr").startswith("en")
    pairs = Sector.objects.order_by().values_list("group_fr", "group_en").distinct()
    named = {fr: en if english and en else fr for fr, en in pairs}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def earmark_words(region: str, theme: str, named: dict[str, str] | None = None) -> str:
    """« Gao · Eau et assainissement », or that it is not earmarked; `named` are the themes where they are read already."""
    parts = [part for part in (region, (named or {}).get(theme, theme)) if part]
    return " · ".join(parts) if parts else _("non affectée")
