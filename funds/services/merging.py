"""Merging a duplicate into the record that goes on: in one transaction, nothing deleted, nothing forgotten.

Locks: the rows that move, then both organisations in the order of their keys, then the bank accounts. A preview is the
merge itself, undone: it says exactly what will happen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from funds import access
from funds.merging import Reference, obstacles, references
from funds.models import Organisation, VettingStatus
from funds.querysets import verified_account
from funds.rules import ROLES
from funds.services import bank
from funds.services.partners import version_of
from sr_portal.web import clock

# What the survivor takes over where it says nothing itself.
FILLED = ("acronym", "contact_name", "contact_phone", "contact_email", "address")


@dataclass(frozen=True)
class Moved:
    """Rows of one table: how many now refer to the survivor, how many keep the retired record, and why."""

    label: str
    moves: int
    stays: int = 0
    why: str = ""


@dataclass
class Outcome:
    rows: list[Moved] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def shown(self) -> list[Moved]:
        return [row for row in self.rows if row.moves or row.stays]


def reasons_against_merging(user, *organisations: Organisation) -> list[str]:
    """Why this section head may not merge these (domain guide §2: an interest declared excludes)."""
    declared = user.interests.filter(organisation__in=organisations, ended_at__isnull=True).exists()
    return (
        [_("Vous avez déclaré un intérêt dans une de ces organisations : quelqu’un d’autre doit en décider.")]
        if declared
        else []
    )


@transaction.atomic
def preview(*, by, duplicate: Organisation, survivor: Organisation) -> Outcome:
    """What `merge` would do, by doing and undoing it. Raises PermissionDenied, ValidationError."""
    with transaction.atomic():
        _checked(by, duplicate, survivor)
        outcome = _perform(by, *_locked(duplicate, survivor))
        transaction.set_rollback(True)
    return outcome


def seen_of(duplicate: Organisation, survivor: Organisation, outcome: Outcome) -> str:
    """A text that differs whenever either record, or what a merge would do, does."""
    told = [f"{row.label}:{row.moves}:{row.stays}" for row in outcome.shown] + outcome.notes
    return salted_hmac("funds.merging", "\x1f".join([version_of(duplicate), version_of(survivor), *told])).hexdigest()[
        :20
    ]


@transaction.atomic
def merge(*, by, duplicate: Organisation, survivor: Organisation, seen: str) -> Organisation:
    """Merge `duplicate` into `survivor`, as `preview` showed it under `seen`; gives the survivor.

    Every row that refers to the duplicate refers to the survivor from then on, but those that the database freezes:
    they keep the retired record. Raises PermissionDenied, ValidationError when either changed since.
    """
    _checked(by, duplicate, survivor)
    duplicate, survivor = _locked(duplicate, survivor)
    before = (version_of(duplicate), version_of(survivor))
    outcome = _perform(by, duplicate, survivor)
    told = [f"{row.label}:{row.moves}:{row.stays}" for row in outcome.shown] + outcome.notes
    if salted_hmac("funds.merging", "\x1f".join([*before, *told])).hexdigest()[:20] != seen:
        raise ValidationError(
            _("Une de ces fiches a changé entre-temps : relisez ce qui sera réuni, puis confirmez."), code="changed"
        )
    return survivor


def _checked(by, duplicate: Organisation, survivor: Organisation) -> None:
    if not access.merges_partners(by):
        raise PermissionDenied
    if reasons := reasons_against_merging(by, duplicate, survivor):
        raise PermissionDenied(" ".join(reasons))
    if duplicate.pk == survivor.pk:
        raise ValidationError({"survivor": _("Choisissez une autre organisation que celle-ci.")})


def _locked(duplicate: Organisation, survivor: Organisation) -> tuple[Organisation, Organisation]:
    for reference in references():
        if not reference.stays and reference.model is not Organisation:
            list(reference.rows(duplicate).order_by("pk").select_for_update().values_list("pk"))
    keys = [duplicate.pk, survivor.pk]
    rows = {row.pk: row for row in Organisation.objects.filter(pk__in=keys).order_by("pk").select_for_update()}
    found = rows[duplicate.pk], rows[survivor.pk]
    if any(row.merged_into_id for row in found):
        raise ValidationError(_("Une de ces fiches est déjà réunie à une autre."))
    if reasons := obstacles(*found):
        raise ValidationError(reasons)
    return found


def _perform(by, duplicate: Organisation, survivor: Organisation) -> Outcome:
    outcome = Outcome()
    _carry_over(duplicate, survivor, outcome)
    _end_doubled_interests(duplicate, survivor)
    # First, so that what keeps its organisation for good (a signed contribution) follows a merge and nothing else.
    duplicate.merged_into, duplicate.merged_at, duplicate.merged_by = survivor, clock.now(), by
    duplicate.save(update_fields=["merged_into", "merged_at", "merged_by"])
    for reference in references():
        outcome.rows.append(_moved(reference, duplicate, survivor))
    _retire_accounts(by, duplicate, survivor, outcome)
    _held_by_the_database()
    return outcome


def _held_by_the_database() -> None:
    """What the database would refuse only at the end of the transaction, it refuses here, to the preview too."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError as error:
        raise ValidationError(
            _("Une règle de la base de données empêche de réunir ces fiches."), code="refused"
        ) from error


def _carry_over(duplicate: Organisation, survivor: Organisation, outcome: Outcome) -> None:
    """Roles, what only the duplicate says, and what stands against it: a merge washes nobody clean."""
    for role in ROLES:
        setattr(survivor, role, getattr(survivor, role) or getattr(duplicate, role))
    for name in FILLED:
        setattr(survivor, name, getattr(survivor, name) or getattr(duplicate, name))
    survivor.late_reports += duplicate.late_reports
    if duplicate.excluded and not survivor.excluded:
        survivor.excluded = True
        survivor.exclusion_reason = _("%(reason)s (exclusion de « %(name)s », réunie à cette fiche)") % {
            "reason": duplicate.exclusion_reason, "name": duplicate.name,
        }  # fmt: skip
        outcome.notes.append(_("Le doublon est exclu : la fiche qui reste le sera aussi, pour le même motif."))
    if duplicate.vetting_status == VettingStatus.REJECTED and survivor.vetting_status == VettingStatus.CLEARED:
        survivor.vetting_status = VettingStatus.PENDING
        outcome.notes.append(_("Le doublon est non conforme : la fiche qui reste sera à vérifier de nouveau."))
    survivor.full_clean()
    survivor.save()


def _end_doubled_interests(duplicate: Organisation, survivor: Organisation) -> None:
    """Somebody who declared an interest in both keeps one that lasts; the other moves too, ended on this day."""
    both = survivor.interests.filter(ended_at__isnull=True).values("user")
    duplicate.interests.filter(ended_at__isnull=True, user__in=both).update(ended_at=clock.now())


def _moved(reference: Reference, duplicate: Organisation, survivor: Organisation) -> Moved:
    rows = reference.rows(duplicate)
    if reference.stays:
        return Moved(reference.label, 0, rows.count(), str(reference.stays))
    change: dict[str, Any] = {reference.field.name: survivor}
    try:
        with transaction.atomic():
            return Moved(reference.label, rows.update(**change))
    except DatabaseError:
        return _moved_one_by_one(reference, list(rows.order_by("pk").values_list("pk", flat=True)), change)


def _moved_one_by_one(reference: Reference, keys: Sequence[Any], change: dict[str, Any]) -> Moved:
    """Where the survivor has the same already, or the database holds a row for good, that row stays as it is."""
    moves = 0
    for key in keys:
        try:
            with transaction.atomic():
                moves += reference.model._base_manager.filter(pk=key).update(**change)
        except DatabaseError:
            continue
    why = _("figés, ou déjà connus de la fiche qui reste")
    return Moved(reference.label, moves, len(keys) - moves, why)


def _retire_accounts(by, duplicate: Organisation, survivor: Organisation, outcome: Outcome) -> None:
    """Nothing is paid any more to an account of the retired record."""
    reason = _("Fiche réunie à « %(name)s ».") % {"name": survivor.name}
    current = list(duplicate.bank_accounts.current().order_by("pk").select_for_update())
    for account in current:
        bank.retire_of_merged(account, by=by, reason=reason)
    if any(account.verified_by_id for account in current) and verified_account(survivor) is None:
        outcome.notes.append(
            _(
                "La fiche qui reste n’a aucun compte vérifié : rien ne sera payé avant qu’un compte y soit saisi et vérifié."
            )
        )
