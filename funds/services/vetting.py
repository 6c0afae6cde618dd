"""Vettings kept with their documents, and assessments of capacity: recorded once, never changed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Avg, Prefetch, QuerySet
from django.utils.translation import gettext as _

from funds import access
from funds.models import CapacityAssessment, CapacityCriterion, CapacityScore, Organisation, Vetting, VettingDocument
from funds.models.vetting import HIGHEST_SCORE
from funds.services import partners
from sr_portal.documents.services import store
from sr_portal.web import clock


@transaction.atomic
def vet(
    *, by, organisation: Organisation, status: str, vetted_on: dt.date | None, note: str, late_reports: int, seen: str,
    uploads: Iterable[File] = (),
) -> Vetting:  # fmt: skip
    """Record a vetting and the documents on which it rests; the organisation says the same from then on.

    Raises what `partners.vet` raises, and ValidationError of « documents » for a file that is refused.
    """
    organisation = partners.vet(
        by=by, organisation=organisation, status=status, vetted_on=vetted_on, note=note, late_reports=late_reports,
        seen=seen,
    )  # fmt: skip
    made = Vetting(
        organisation=organisation, status=status, vetted_on=vetted_on, note=organisation.vetting_note, recorded_by=by,
        recorded_at=clock.now(),
    )  # fmt: skip
    made.full_clean(exclude=["organisation", "recorded_by"])
    made.save()
    for upload in uploads:
        try:
            VettingDocument.objects.create(vetting=made, document=store(upload, by=by))
        except ValidationError as refusal:
            raise ValidationError({"document_1": refusal.messages}) from refusal
    return made


@transaction.atomic
def assess(
    *, by, organisation: Organisation, values: Mapping[str, Any], scores: Mapping[CapacityCriterion, tuple[int, str]]
) -> CapacityAssessment:
    """A new assessment: `values` has `assessed_on`, `valid_months`, `conclusion`; `scores` a value and a remark for
    every criterion in force. Raises PermissionDenied, ValidationError naming the fields."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if not access.vets(by, organisation):
        raise PermissionDenied
    if reasons := partners.reasons_against_vetting(by, organisation):
        raise PermissionDenied(" ".join(reasons))
    if values["assessed_on"] > clock.today():
        raise ValidationError({"assessed_on": _("Une évaluation ne peut être datée d’un jour à venir.")})
    if lacking := [
        criterion for criterion in CapacityCriterion.objects.filter(is_active=True) if criterion not in scores
    ]:
        raise ValidationError({f"score_{criterion.pk}": _("Notez ce critère.") for criterion in lacking})
    for criterion, (value, note) in scores.items():
        if value <= 1 and not note.strip():
            raise ValidationError({f"note_{criterion.pk}": _("Dites ce qui manque.")})
        if not 0 <= value <= HIGHEST_SCORE:
            raise ValidationError({f"score_{criterion.pk}": _("Notez ce critère.")})
    made = CapacityAssessment(organisation=organisation, assessed_by=by, recorded_at=clock.now(), **values)
    made.full_clean(exclude=["organisation", "assessed_by"])
    made.save()
    CapacityScore.objects.bulk_create(
        CapacityScore(assessment=made, criterion=criterion, value=value, note=note.strip())
        for criterion, (value, note) in scores.items()
    )
    return made


def capacity_of(organisation: Organisation) -> CapacityAssessment | None:
    """The last assessment with `average`, the mean of its scores as the database computes it; one query."""
    return organisation.assessments.annotate(average=Avg("scores__value")).order_by("-assessed_on", "-pk").first()


def last_assessment(organisation: Organisation) -> CapacityAssessment | None:
    """With its scores; two queries, one when there is none."""
    return with_scores(organisation.assessments).first()


def with_scores(assessments: Any) -> QuerySet[CapacityAssessment]:
    """With who assessed, and each score with its criterion; two queries."""
    scores = Prefetch("scores", CapacityScore.objects.select_related("criterion"))
    return assessments.select_related("assessed_by").prefetch_related(scores)
