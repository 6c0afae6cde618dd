"""What a concept note holds, section by section, and how it goes from a draft to a project. Pure functions.

Source: domain guide §1 (Trust Fund: concept note, then project document); issue « Money in », §1.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DRAFT, SHARED, ACCEPTED, DECLINED, PROJECT = "draft", "shared", "accepted", "declined", "project"
WRITABLE = (DRAFT, SHARED)
TRANSITIONS = (
    (DRAFT, SHARED), (SHARED, DRAFT), (SHARED, ACCEPTED), (SHARED, DECLINED), (DECLINED, DRAFT), (ACCEPTED, PROJECT),
)  # fmt: skip
MOST_LINES = 20

# What somebody writes at once; two people may write two sections of one note.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "essentials": ("title", "mechanism", "theme", "priority", "months"),
    "need": ("need",),
    "objective": ("objective", "results"),
    "beneficiaries": ("beneficiaries", "beneficiaries_count"),
}
# What a donor is shown is whole.
TOLD: tuple[tuple[str, str | Promise], ...] = (
    ("need", _("le contexte et le besoin")), ("objective", _("l’objectif")), ("results", _("les résultats attendus")),
    ("beneficiaries", _("les bénéficiaires")), ("months", _("la durée")), ("budget_usd", _("le budget indicatif")),
)  # fmt: skip


def lacks(note: Any, *, has_donor: bool) -> list[str]:
    """What a note still lacks before it is shared; the database says the same (`concept_note_shared_whole`)."""
    found = [str(words) for name, words in TOLD if not getattr(note, name)]
    return found if has_donor else [*found, str(_("le donateur à qui elle s’adresse"))]
