"""The pipeline of prospects: registered, followed contact by contact, then won as a contribution or lost.

Locks: the prospect alone; winning registers its contribution in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from funds import access
from funds.models import Prospect, ProspectContact, ProspectStage
from funds.notices.prospects import tell_responsible
from funds.prospect_rules import CLOSED, LOST, OPEN, WON
from sr_portal.accounts.models import User
from sr_portal.web import clock

from . import contributions
from .refusals import save_checked
from .versions import Changed, unchanged_since

STEP = ("next_step", "next_step_on")
ABOUT = (
    "title", "donor", "donor_name", "mechanism", "region", "theme", "currency", "amount", "rate", "rate_on",
    "likelihood", "expected_on", "stage", "responsible", *STEP, "priority", "concept_note", "note",
)  # fmt: skip
REOPENED = ("stage", "likelihood", "responsible", *STEP)


@dataclass(frozen=True)
class Contact:
    """A line of the journal: `held_on`, `channel` (of `ContactChannel`), `with_whom`, `text`."""

    held_on: Any
    channel: str
    with_whom: str
    text: str


@transaction.atomic
def register(*, by: User, values: Mapping[str, Any]) -> Prospect:
    """A prospect, by the fields of `ABOUT`; whoever is made responsible is told. Raises PermissionDenied,
    ValidationError naming the fields."""
    prospect = Prospect(registered_by=by, registered_at=clock.now(), **{name: values[name] for name in ABOUT})
    _must_write(by, prospect)
    _sound(prospect)
    save_checked(prospect)
    tell_responsible(prospect, by=by)
    return prospect


@transaction.atomic
def correct(*, by: User, prospect: Prospect, values: Mapping[str, Any], seen: str) -> Prospect:
    """Raises PermissionDenied (before and after a change of region), `Changed`, ValidationError once it is closed."""
    prospect = _open_one(by, prospect)
    unchanged_since(prospect, seen)
    before = prospect.responsible_id
    for name in ABOUT:
        setattr(prospect, name, values[name])
    _must_write(by, prospect)
    _sound(prospect)
    save_checked(prospect, *ABOUT)
    if prospect.responsible_id != before:
        tell_responsible(prospect, by=by)
    return prospect


@transaction.atomic
def move(*, by: User, prospect: Prospect, stage: str, seen_stage: str) -> Prospect:
    """To another open stage, from the one that was on the board. Raises PermissionDenied, `Changed`, ValidationError."""
    prospect = _open_one(by, prospect)
    if prospect.stage != seen_stage:
        raise Changed(_("Quelqu’un d’autre a déplacé ce prospect entre-temps : il est affiché là où il est."))
    if stage not in OPEN:
        raise ValidationError({"stage": _("Choisissez une étape en cours.")})
    prospect.stage = stage
    save_checked(prospect, "stage")
    return prospect


@transaction.atomic
def note_contact(
    *, by: User, prospect: Prospect, contact: Contact, step: Mapping[str, Any] | None = None
) -> ProspectContact:
    """A line of the journal, and what comes next by the fields of `STEP` when `step` is given.

    Of a closed prospect too: what a donor says afterwards is worth keeping. Raises PermissionDenied, ValidationError.
    """
    prospect = _locked(prospect.pk)
    _must_write(by, prospect)
    if contact.held_on > clock.today():
        raise ValidationError({"held_on": _("La date est dans l’avenir : enregistrez ce qui a eu lieu.")})
    noted = ProspectContact(
        prospect=prospect, held_on=contact.held_on, channel=contact.channel, with_whom=contact.with_whom.strip(),
        text=contact.text.strip(), recorded_by=by, recorded_at=clock.now(),
    )  # fmt: skip
    save_checked(noted)
    if step is not None and prospect.stage in OPEN:
        for name in STEP:
            setattr(prospect, name, step[name])
        save_checked(prospect, *STEP)
    return noted


@transaction.atomic
def win(*, by: User, prospect: Prospect, values: Mapping[str, Any], paper: File | None = None) -> Prospect:
    """The donor promised in writing: the contribution is registered (`contributions.register`) and hangs on the prospect.

    A donor that was only a name is from then on the one of the contribution. Raises PermissionDenied, ValidationError.
    """
    prospect = _open_one(by, prospect)
    if values["mechanism"] != prospect.mechanism:
        raise ValidationError({"mechanism": _("Le prospect vise un autre mécanisme : corrigez d’abord sa fiche.")})
    if prospect.donor_id and values["donor"].pk != prospect.donor_id:
        raise ValidationError({"donor": _("Le prospect est d’un autre donateur : corrigez d’abord sa fiche.")})
    made = contributions.register(by=by, values=values, paper=paper)
    prospect.donor, prospect.donor_name, prospect.contribution = made.donor, "", made
    _close(prospect, WON, 100)
    save_checked(prospect, "donor", "donor_name", "contribution", *CLOSING)
    return prospect


@transaction.atomic
def lose(*, by: User, prospect: Prospect, reason: str) -> Prospect:
    """Raises PermissionDenied, ValidationError without a reason."""
    prospect = _open_one(by, prospect)
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi le prospect est perdu.")})
    prospect.lost_reason = reason.strip()
    _close(prospect, LOST, 0)
    save_checked(prospect, "lost_reason", *CLOSING)
    return prospect


@transaction.atomic
def reopen(*, by: User, prospect: Prospect, values: Mapping[str, Any]) -> Prospect:
    """Take a lost prospect up again, by the fields of `REOPENED`. Raises PermissionDenied, ValidationError."""
    prospect = _locked(prospect.pk)
    _must_write(by, prospect)
    if prospect.stage != LOST:
        raise ValidationError(_("Seul un prospect perdu se reprend."))
    before = prospect.responsible_id
    for name in REOPENED:
        setattr(prospect, name, values[name])
    if prospect.stage not in OPEN:
        raise ValidationError({"stage": _("Choisissez une étape en cours.")})
    prospect.lost_reason, prospect.closed_on = "", None
    save_checked(prospect, *REOPENED, "lost_reason", "closed_on")
    if prospect.responsible_id != before:
        tell_responsible(prospect, by=by)
    return prospect


CLOSING = ("stage", "likelihood", "closed_on", *STEP)


def _close(prospect: Prospect, stage: str, likelihood: int) -> None:
    prospect.stage, prospect.likelihood, prospect.closed_on = stage, likelihood, clock.today()
    prospect.next_step, prospect.next_step_on = "", None


def _locked(pk: int) -> Prospect:
    return Prospect.objects.select_for_update(no_key=True).get(pk=pk)


def _open_one(by: User, prospect: Prospect) -> Prospect:
    found = _locked(prospect.pk)
    _must_write(by, found)
    if found.stage in CLOSED:
        raise ValidationError(
            _("Ce prospect est « %(stage)s » : cela n’est plus possible.") % {"stage": ProspectStage(found.stage).label}
        )
    return found


def _must_write(by: User, prospect: Prospect) -> None:
    if not access.writes_prospect(by, prospect):
        raise PermissionDenied


def _sound(prospect: Prospect) -> None:
    """What the row alone does not tell: the rate is known, and who answers for it may write it."""
    if prospect.rate_on > clock.today():
        raise ValidationError({"rate_on": _("La date du taux est dans l’avenir.")})
    if not access.writes_prospects_somewhere(prospect.responsible):
        raise ValidationError({"responsible": _("Choisissez le chef de section ou un gestionnaire de programme.")})
