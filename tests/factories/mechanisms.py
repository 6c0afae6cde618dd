"""Mechanisms for tests, made of reference rows alone, as an administrator makes them."""

import hashlib
from decimal import Decimal

from funds.asked import asked_by
from funds.models import Criterion, Facility, FocusArea, FormQuestion, FormSection, Marker, MarkerLevel, Mechanism
from projects.models import Attachment, ProjectAnswer, ProjectMarker
from sr_portal.documents.models import Document


def mechanism_of(code: str = "FIX", **terms) -> Mechanism:
    """A mechanism that asks for nothing beyond a proposal, with two criteria of review."""
    values = {
        "name_fr": "Fonds d’essai", "name_en": "Test fund", "approving_body_fr": "Comité du fonds",
        "approving_body_en": "Fund committee", "delegated_usd": Decimal(0), **terms,
    }  # fmt: skip
    mechanism = Mechanism.objects.create(code=code, **values)
    for code_of, weight in (("effect", 60), ("need", 40)):
        Criterion.objects.create(mechanism=mechanism, code=code_of, name_fr=code_of, name_en=code_of, weight=weight)
    return mechanism


def facility_of(mechanism: Mechanism | str, code: str = "window", **limits) -> Facility:
    key = mechanism if isinstance(mechanism, str) else mechanism.pk
    return Facility.objects.create(
        mechanism_id=key, code=code, name_fr=f"Guichet {code}", name_en=f"Window {code}", **limits
    )


def irf() -> Facility:
    return Facility.objects.get(mechanism="PBF", code="irf")


def prf() -> Facility:
    return Facility.objects.get(mechanism="PBF", code="prf")


def marker_of(mechanism: Mechanism, code: str = "gender", levels: int = 4) -> Marker:
    marker = Marker.objects.create(mechanism=mechanism, code=code, name_fr=f"Marqueur {code}", name_en=f"Marker {code}")
    for level in range(levels):
        MarkerLevel.objects.create(marker=marker, level=level, name_fr=f"niveau {level}", name_en=f"level {level}")
    return marker


def question_of(mechanism: Mechanism, code: str = "change", *, required: bool = True) -> FormQuestion:
    section, _made = FormSection.objects.get_or_create(
        mechanism=mechanism, code="more", defaults={"name_fr": "Rubrique du fonds", "name_en": "Section of the fund"}
    )
    return FormQuestion.objects.create(
        section=section, code=code, name_fr=f"Question {code}", name_en=f"Question {code} in English", required=required
    )


def focus_area_of(mechanism: Mechanism, code: str = "peace") -> FocusArea:
    return FocusArea.objects.create(mechanism=mechanism, code=code, name_fr=f"Domaine {code}", name_en=f"Area {code}")


# --- What a complete proposal answers --------------------------------------------------------------------------------
def fund_columns(values: dict) -> dict:
    """The first facility that allows its length, and the first focus area, of the mechanism among `values`."""
    key = values.get("mechanism_id") or getattr(values.get("mechanism"), "pk", "QIP")
    months = values.get("duration_months") or 1
    fitting = [row for row in Facility.objects.filter(mechanism=key) if months <= (row.max_months or months)]
    area = FocusArea.objects.filter(mechanism=key).first()
    return {"facility": fitting[0] if fitting else None, "focus_area": area}


def answer_the_fund(project, text: str = "Réponse écrite avec la population.") -> None:
    """Every marker at its first level, every question answered, required or not, and every required document filed."""
    asked = asked_by(project.mechanism)
    for marker in asked.markers:
        ProjectMarker.objects.create(project=project, marker_id=marker.key, level_id=marker.parts[0].key)
    for question in asked.questions:
        ProjectAnswer.objects.create(project=project, question_id=question.key, text=text)
    for document in asked.documents:
        paper = Document.objects.create(
            file=f"essai/{document.code}", original_name=f"{document.code}.pdf", content_type="application/pdf", size=9,
            sha256=hashlib.sha256(f"{project.pk} {document.key}".encode()).hexdigest(), uploaded_by=project.author,
        )  # fmt: skip
        Attachment.objects.create(project=project, document=paper, asked_id=document.key, caption=document.name)
