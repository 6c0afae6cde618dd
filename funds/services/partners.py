"""The registry of partners: who describes them, who vets them, who excludes them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from funds import access, rules
from funds.models import Exclusion, Organisation, VettingStatus
from sr_portal.web import clock

ROLES = rules.ROLES
CARD = ("name", "acronym", "kind", "region", "contact_name", "contact_phone", "contact_email", "address", "iati_ref")
DESCRIBED = (*CARD, *ROLES)


class Changed(ValidationError):
    """Somebody else changed the partner in between; nothing was written."""


@transaction.atomic
def register(*, by, values: Mapping[str, Any]) -> Organisation:
    """A new organisation, still to be vetted. Raises PermissionDenied, ValidationError.

    `values` by field of `DESCRIBED`; without any role it takes those of its kind.
    """
    if not access.registers_partners(by):
        raise PermissionDenied
    organisation = Organisation(created_by=by, **{name: values[name] for name in DESCRIBED if name in values})
    organisation.full_clean()
    organisation.save()
    return organisation


@transaction.atomic
def describe(*, by, organisation: Organisation, values: Mapping[str, Any], seen: str) -> Organisation:
    """Correct what the registry says, from the version `seen` (see `version_of`). Raises PermissionDenied, `Changed`."""
    organisation = _locked(organisation)
    if not access.describes(by, organisation):
        raise PermissionDenied
    _unchanged_since(organisation, seen)
    for name in DESCRIBED:
        setattr(organisation, name, values.get(name, getattr(organisation, name)))
    if not organisation.is_implementing and organisation.projects.exists():
        raise ValidationError({"is_implementing": _("Ce partenaire porte ou a porté des projets : il garde ce rôle.")})
    organisation.full_clean()
    organisation.save(update_fields=[*DESCRIBED])
    return organisation


def reasons_against_vetting(user, organisation: Organisation) -> list[str]:
    """Why this programme officer may not vet this partner (domain guide §2, separation of duties)."""
    reasons = []
    if organisation.created_by_id == user.pk:
        reasons.append(_("Vous avez inscrit ce partenaire au registre : quelqu’un d’autre doit le vérifier."))
    if user.interests.filter(organisation=organisation, ended_at__isnull=True).exists():
        reasons.append(_("Vous avez déclaré un intérêt dans ce partenaire : quelqu’un d’autre doit le vérifier."))
    return reasons


@transaction.atomic
def vet(
    *, by, organisation: Organisation, status: str, vetted_on: dt.date | None, note: str, late_reports: int, seen: str
) -> Organisation:
    """Record the outcome of a vetting. Raises PermissionDenied, `Changed`, ValidationError naming the fields."""
    organisation = _locked(organisation)
    if not access.vets(by, organisation):
        raise PermissionDenied
    if reasons := reasons_against_vetting(by, organisation):
        raise PermissionDenied(" ".join(reasons))
    _unchanged_since(organisation, seen)
    errors = {}
    if vetted_on and vetted_on > clock.today():
        errors["vetted_on"] = _("Une vérification ne peut être datée d’un jour à venir.")
    if status == VettingStatus.CLEARED and not vetted_on:
        errors["vetted_on"] = _("Indiquez la date à laquelle le partenaire a été vérifié.")
    if status == VettingStatus.REJECTED and not note.strip():
        errors["vetting_note"] = _("Indiquez pourquoi le partenaire n’est pas conforme.")
    if errors:
        raise ValidationError(errors)
    organisation.vetting_status, organisation.vetted_on = status, vetted_on
    organisation.vetting_note, organisation.late_reports = note.strip(), late_reports
    organisation.full_clean()
    organisation.save(update_fields=["vetting_status", "vetted_on", "vetting_note", "late_reports"])
    return organisation


@transaction.atomic
def exclude(*, by, organisation: Organisation, reason: str, until: dt.date | None = None) -> Organisation:
    """Shut a partner out of new projects, with the reason, until a day or until it is lifted.

    Raises PermissionDenied, ValidationError.
    """
    organisation = _locked(organisation)
    _may_exclude(by, organisation)
    if not reason.strip():
        raise ValidationError({"reason": _("Indiquez le motif de l’exclusion.")})
    if organisation.exclusions.filter(ended_on__isnull=True).exists():
        raise ValidationError(_("Ce partenaire est déjà exclu."))
    if until is not None and until <= clock.today():
        raise ValidationError({"until": _("L’exclusion finit un jour à venir, ou n’a pas de terme.")})
    pronounced = Exclusion(organisation=organisation, reason=reason.strip(), excluded_by=by, until=until)
    pronounced.excluded_on = clock.today()
    pronounced.full_clean(exclude=["organisation", "excluded_by"])
    pronounced.save()
    organisation.excluded, organisation.exclusion_reason = True, reason.strip()
    organisation.full_clean()
    organisation.save(update_fields=["excluded", "exclusion_reason"])
    return organisation


@transaction.atomic
def readmit(*, by, organisation: Organisation) -> Organisation:
    """End an exclusion; why it was pronounced stays in the history. The partner is to be vetted again."""
    organisation = _locked(organisation)
    _may_exclude(by, organisation)
    return _ended(organisation, by=by)


@transaction.atomic
def end_exclusions(on: dt.date) -> int:
    """Those whose day came end on it; gives how many. Run each day by `manage.py run_due`."""
    due = Exclusion.objects.filter(ended_on__isnull=True, until__lte=on).order_by("organisation_id")
    keys = list(due.values_list("organisation_id", flat=True))
    for organisation in Organisation.objects.filter(pk__in=keys).order_by("pk").select_for_update():
        _ended(organisation, by=None)
    return len(keys)


def _ended(organisation: Organisation, *, by) -> Organisation:
    organisation.exclusions.filter(ended_on__isnull=True).update(ended_on=clock.today(), ended_by=by)
    organisation.excluded, organisation.exclusion_reason = False, ""
    organisation.vetting_status = VettingStatus.PENDING
    organisation.full_clean()
    organisation.save(update_fields=["excluded", "exclusion_reason", "vetting_status"])
    return organisation


def version_of(organisation: Organisation) -> str:
    """A text that differs whenever anything in the registry about this partner does."""
    from django.utils.crypto import salted_hmac

    values = [str(getattr(organisation, field.attname)) for field in organisation._meta.concrete_fields]
    return salted_hmac("funds.partner", "\x1f".join(values)).hexdigest()[:20]


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _unchanged_since(organisation: Organisation, seen: str) -> None:
    if version_of(organisation) != seen:
        raise Changed(
            _("Quelqu’un d’autre a modifié cette fiche entre-temps : comparez, puis enregistrez de nouveau."),
            code="changed",
        )


def _may_exclude(by, organisation: Organisation) -> None:
    if not access.excludes_partners(by) or organisation.merged_into_id is not None:
        raise PermissionDenied
    if by.interests.filter(organisation=organisation, ended_at__isnull=True).exists():
        raise PermissionDenied(
            _("Vous avez déclaré un intérêt dans ce partenaire : quelqu’un d’autre doit en décider.")
        )
