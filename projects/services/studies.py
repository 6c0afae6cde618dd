"""Studies with what they found, written by those who write plans (`regions.access`).

They join the floors: places and priorities below, the institutions of the registry, our own projects. Locks: the row of
the study. `seen` is the version that the writer had before their eyes, with what hangs on it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from funds.models import StudyInstitution
from projects.models import FindingProject
from regions import access
from regions.models import FindingPriority, KeyFinding, Study, StudyDocument, StudyRegion
from regions.services.plans import saved
from sr_portal.documents.services import store, withdraw
from sr_portal.web.versions import Changed, version_of

STUDY_FIELDS = ("title", "other_institutions", "starts_on", "ends_on", "published_on", "abstract")
FINDING_FIELDS = ("number", "statement", "recommendation")


# --- Studies --------------------------------------------------------------------------------------------------------
@transaction.atomic
def record(*, by, values: Mapping[str, Any]) -> Study:
    """`values` by field of `STUDY_FIELDS`, and `regions`, `institutions` as records.

    Raises PermissionDenied, ValidationError naming the fields.
    """
    return _filled(by, Study(created_by=by), values)


@transaction.atomic
def correct(*, by, study: Study, values: Mapping[str, Any], seen: str) -> Study:
    """Raises PermissionDenied (before and after the change of regions), `Changed`, ValidationError."""
    study = written(by, study)
    if study_version(study) != seen:
        raise Changed(_("Quelqu’un d’autre a modifié cette fiche entre-temps : comparez, puis enregistrez de nouveau."))
    return _filled(by, study, values)


@transaction.atomic
def add_document(*, by, study: Study, upload: File, label: str) -> StudyDocument:
    """Raises PermissionDenied, ValidationError naming `document` or `label`."""
    study = written(by, study)
    try:
        document = store(upload, by=by)
    except ValidationError as refusal:
        raise ValidationError({"document": refusal.messages}) from refusal
    return saved(StudyDocument(study=study, document=document, label=label))


@transaction.atomic
def withdraw_document(*, by, paper: StudyDocument, reason: str) -> None:
    """It stays on file, with who, when and why. Raises PermissionDenied, ValidationError without a reason."""
    written(by, paper.study)
    try:
        withdraw(paper.document, by=by, reason=reason)
    except ValidationError as refusal:
        raise ValidationError({"reason": refusal.messages}) from refusal


# --- Findings -------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_finding(*, by, study: Study, values: Mapping[str, Any]) -> KeyFinding:
    """`values` by field of `FINDING_FIELDS`, and `priorities`, `projects` as records. Raises as `record`."""
    return _found(KeyFinding(study=written(by, study)), values)


@transaction.atomic
def change_finding(*, by, finding: KeyFinding, values: Mapping[str, Any], seen: str) -> KeyFinding:
    """Raises as `record`, and `Changed`. Projects that the writer may not see are left as they are: see the form."""
    written(by, finding.study)
    finding = KeyFinding.objects.select_for_update().get(pk=finding.pk)
    if finding_version(finding) != seen:
        raise Changed(_("Quelqu’un d’autre a modifié ce constat entre-temps : comparez, puis enregistrez de nouveau."))
    return _found(finding, values)


@transaction.atomic
def remove_finding(*, by, finding: KeyFinding) -> None:
    """The history keeps it. Raises PermissionDenied."""
    written(by, finding.study)
    finding.delete()


# --- Versions -------------------------------------------------------------------------------------------------------
def study_version(study: Study) -> str:
    places = StudyRegion.objects.filter(study=study).order_by("region_id").values_list("region_id", flat=True)
    held = StudyInstitution.objects.filter(study=study).order_by("organisation_id")
    return _digest(study, places, held.values_list("organisation_id", flat=True))


def finding_version(finding: KeyFinding) -> str:
    bears = FindingPriority.objects.filter(finding=finding).order_by("priority_id")
    on = FindingProject.objects.filter(finding=finding).order_by("project_id")
    return _digest(finding, bears.values_list("priority_id", flat=True), on.values_list("project_id", flat=True))


def _digest(record: models.Model, *keys: Iterable[int]) -> str:
    told = [version_of(record), *(",".join(map(str, some)) for some in keys)]
    return salted_hmac("projects.studies", "\x1f".join(told)).hexdigest()[:20]


# --- Shared ---------------------------------------------------------------------------------------------------------
def written(by, study: Study) -> Study:
    """The study, locked and open to this writer. Raises PermissionDenied."""
    study = Study.objects.select_for_update().get(pk=study.pk)
    if not access.writes_study(by, study):
        raise PermissionDenied
    return study


def _filled(by, study: Study, values: Mapping[str, Any]) -> Study:
    regions = {region.pk for region in values["regions"]}
    if not access.writes_study_of(by, regions):
        raise ValidationError({"regions": _("Vous n’inscrivez d’études que dans les régions de votre rôle.")})
    for name in STUDY_FIELDS:
        setattr(study, name, values[name])
    saved(study)
    _hold(StudyRegion, "region_id", regions, study=study)
    _hold(StudyInstitution, "organisation_id", {one.pk for one in values["institutions"]}, study=study)
    return study


def _found(finding: KeyFinding, values: Mapping[str, Any]) -> KeyFinding:
    for name in FINDING_FIELDS:
        setattr(finding, name, values[name])
    saved(finding)
    _hold(FindingPriority, "priority_id", {one.pk for one in values["priorities"]}, finding=finding)
    _hold(FindingProject, "project_id", {one.pk for one in values["projects"]}, finding=finding)
    return finding


def _hold(model: type[models.Model], column: str, wanted: set[int], **owner: models.Model) -> None:
    """Rows of `model` for these keys and no others; what stays is not written again."""
    rows = model._default_manager.filter(**owner)
    there = set(rows.values_list(column, flat=True))
    rows.filter(**{f"{column}__in": there - wanted}).delete()
    for key in sorted(wanted - there):
        saved(model(**owner, **{column: key}))
