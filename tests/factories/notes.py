"""Concept notes for tests, made by the real services."""

from decimal import Decimal

from funds.models import ConceptNote, Mechanism
from funds.services import concept_notes as services
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import DonorFactory
from tests.factories.projects import region

TOLD = {
    "need": {"need": "Les forages sont en panne."},
    "objective": {"objective": "Rendre l’eau.", "results": "- Trois forages réparés\nUn comité formé"},
    "beneficiaries": {"beneficiaries": "Les ménages de Téméra", "beneficiaries_count": 4200},
}


def essentials(**changes) -> dict:
    return {
        "title": "Eau de Téméra", "mechanism": Mechanism.objects.get(code="TF"), "theme": "", "priority": None,
        "months": 12, "regions": [region("ML-7")], "donors": [DonorFactory()], **changes,
    }  # fmt: skip


def read(note: ConceptNote) -> ConceptNote:
    return ConceptNote.objects.get(pk=note.pk)


def note(state: str = "draft", *, by: User | None = None, **changes) -> ConceptNote:
    """A note of Gao, whole; in any state but « project »."""
    by = by or user_with(Role.SECTION_HEAD)
    made = services.create(by=by, values=essentials(**changes))
    for section, values in TOLD.items():
        seen = services.section_version(made, section)
        services.save_section(by=by, note=made, section=section, values=values, seen=seen)
    rows = [("works", "Réparation", Decimal("30000")), ("training", "Comité", Decimal("1500.50"))]
    services.save_budget(by=by, note=made, rows=rows, seen=services.section_version(made, "budget"))
    if state != "draft":
        services.share(by=by, note=made)
    if state in ("accepted", "declined"):
        services.answer(by=by, note=made, status=state, words="Vu")
    return read(made)
