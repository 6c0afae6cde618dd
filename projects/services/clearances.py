"""Recording what headquarters cleared."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from projects import clearance
from projects.models import HeadquartersClearance, Project
from sr_portal.documents.services import store
from sr_portal.web import clock

from .steps import locked


@transaction.atomic
def record_clearance(
    *, project: Project, user, reference: str, cleared_on: dt.date, amount_usd: Decimal, upload: File
) -> HeadquartersClearance:
    """File the letter of headquarters and what it clears, USD. Raises `PermissionDenied`, `ValidationError` by field."""
    project = locked(project.pk)
    if not clearance.may_record(user, project):
        raise PermissionDenied(_("L’accord du siège est enregistré par un gestionnaire étranger au dossier."))
    if cleared_on > clock.today():
        raise ValidationError({"cleared_on": _("Cette date est dans l’avenir.")})
    made = HeadquartersClearance(
        project=project, reference=reference.strip(), cleared_on=cleared_on, amount_usd=amount_usd, recorded_by=user,
        document=store(upload, by=user),
    )  # fmt: skip
    made.full_clean()
    made.save()
    return made
