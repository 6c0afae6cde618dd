"""Coordination meetings: planned, held with minutes, and their decisions followed until they are done.

Locks: the meeting's row, then its decision. `seen` is the version that the writer had before their eyes.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from funds import coordination_access as access
from funds.models import (
    CoordinationGroup,
    DecisionState,
    Meeting,
    MeetingDecision,
    MeetingParticipant,
    MeetingState,
)
from funds.notices.decisions import tell_owner
from sr_portal.documents.services import store
from sr_portal.web import clock

GROUP_FIELDS = ("name", "theme", "region", "purpose", "is_active")
MEETING_FIELDS = ("group", "title", "held_on", "starts_at", "place", "agenda")
DECISION_FIELDS = ("text", "owner", "organisation", "due_on")


class Changed(ValidationError):
    """Somebody else changed the record in between; nothing was written."""


class Refused(ValidationError):
    """The record does not stand where this act is possible; nothing was written."""


# --- Groups ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def make_group(*, by, values: Mapping[str, Any]) -> CoordinationGroup:
    """A new group of a scope in which `by` writes. Raises PermissionDenied, ValidationError."""
    group = CoordinationGroup(**{name: values[name] for name in GROUP_FIELDS})
    _must_write(by, group)
    group.full_clean()
    group.save()
    return group


@transaction.atomic
def change_group(*, by, group: CoordinationGroup, values: Mapping[str, Any], seen: int) -> CoordinationGroup:
    """Raises PermissionDenied (before and after the change of region), `Changed`, ValidationError."""
    group = CoordinationGroup.objects.select_for_update().get(pk=group.pk)
    _must_write(by, group)
    _unchanged(group.version, seen)
    for name in GROUP_FIELDS:
        setattr(group, name, values[name])
    _must_write(by, group)
    group.version += 1
    group.full_clean()
    group.save()
    return group


# --- Meetings -------------------------------------------------------------------------------------------------------
@transaction.atomic
def plan_meeting(*, by, values: Mapping[str, Any]) -> Meeting:
    """A meeting to come, or one to write up. Raises PermissionDenied, ValidationError."""
    meeting = Meeting(created_by=by, **{name: values[name] for name in MEETING_FIELDS})
    _must_write(by, meeting.group)
    meeting.full_clean(exclude=["created_by"])
    meeting.save()
    return meeting


@transaction.atomic
def change_meeting(*, by, meeting: Meeting, values: Mapping[str, Any], seen: int) -> Meeting:
    """Raises PermissionDenied, `Changed`, `Refused` once it was held or cancelled, ValidationError."""
    meeting = _locked(meeting)
    _must_write(by, meeting.group)
    _must_be(meeting, MeetingState.PLANNED)
    _unchanged(meeting.version, seen)
    for name in MEETING_FIELDS:
        setattr(meeting, name, values[name])
    _must_write(by, meeting.group)
    return _saved(meeting)


@transaction.atomic
def cancel_meeting(*, by, meeting: Meeting, reason: str) -> Meeting:
    """Raises PermissionDenied, `Refused`, ValidationError without a reason."""
    meeting = _locked(meeting)
    _must_write(by, meeting.group)
    _must_be(meeting, MeetingState.PLANNED)
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi la réunion est annulée.")})
    meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, reason.strip()
    return _saved(meeting)


@transaction.atomic
def write_minutes(*, by, meeting: Meeting, text: str, upload: File | None, seen: int) -> Meeting:
    """The minutes of a meeting, which is held from then on; corrected later by the same act. `upload` replaces the
    file. Raises PermissionDenied, `Changed`, `Refused`, ValidationError naming the fields."""
    meeting = _locked(meeting)
    _must_write(by, meeting.group)
    _must_be(meeting, MeetingState.PLANNED, MeetingState.HELD)
    _unchanged(meeting.version, seen)
    if not text.strip():
        raise ValidationError({"minutes": _("Écrivez le compte rendu de la réunion.")})
    if meeting.held_on > clock.today():
        raise ValidationError({"minutes": _("La réunion n’a pas encore eu lieu : corrigez sa date d’abord.")})
    meeting.state, meeting.minutes, meeting.minutes_by = MeetingState.HELD, text.strip(), by
    if upload:
        try:
            meeting.minutes_document = store(upload, by=by, replaces=meeting.minutes_document)
        except ValidationError as refusal:
            raise ValidationError({"document": refusal.messages}) from refusal
    return _saved(meeting)


@transaction.atomic
def add_participants(*, by, meeting: Meeting, rows: Iterable[Mapping[str, Any]]) -> list[MeetingParticipant]:
    """`rows` have `organisation`, `name`, `function`, `presence`. Raises PermissionDenied, `Refused`, ValidationError."""
    meeting = _locked(meeting)
    _must_write(by, meeting.group)
    _must_be(meeting, MeetingState.PLANNED, MeetingState.HELD)
    made = []
    for row in rows:
        participant = MeetingParticipant(meeting=meeting, **row)
        participant.full_clean(exclude=["meeting"])
        participant.validate_constraints()
        participant.save()
        made.append(participant)
    return made


@transaction.atomic
def remove_participant(*, by, participant: MeetingParticipant) -> None:
    """Take somebody off the list; the history keeps them. Raises PermissionDenied, `Refused`."""
    meeting = _locked(participant.meeting)
    _must_write(by, meeting.group)
    _must_be(meeting, MeetingState.PLANNED, MeetingState.HELD)
    MeetingParticipant.objects.filter(pk=participant.pk).delete()


# --- Decisions ------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_decision(*, by, meeting: Meeting, values: Mapping[str, Any]) -> MeetingDecision:
    """What a meeting that was held decided; its owner is told. Raises PermissionDenied, `Refused`, ValidationError."""
    meeting = _locked(meeting)
    _must_write(by, meeting.group)
    _must_be(meeting, MeetingState.HELD)
    decision = MeetingDecision(
        meeting=meeting, number=meeting.decisions.all().numbered_after(), created_by=by, created_at=clock.now(),
        **{name: values[name] for name in DECISION_FIELDS},
    )  # fmt: skip
    _due_after_meeting(decision)
    decision.full_clean(exclude=["meeting", "created_by"])
    decision.save()
    tell_owner(decision, by=by)
    return decision


@transaction.atomic
def change_decision(*, by, decision: MeetingDecision, values: Mapping[str, Any], seen: int) -> MeetingDecision:
    """Give an open decision other words, another owner or another day. Raises as `add_decision`, and `Changed`."""
    decision = _open_decision(decision)
    _must_write(by, decision.meeting.group)
    _unchanged(decision.version, seen)
    before = decision.owner_id
    for name in DECISION_FIELDS:
        setattr(decision, name, values[name])
    _due_after_meeting(decision)
    decision.version += 1
    decision.full_clean(exclude=["meeting", "created_by"])
    decision.save()
    if decision.owner_id != before:
        tell_owner(decision, by=by)
    return decision


@transaction.atomic
def close_decision(*, by, decision: MeetingDecision, state: str, outcome: str) -> MeetingDecision:
    """Say what became of it: done or dropped. By those who keep the meetings, or by its owner when it is done.

    Raises PermissionDenied, `Refused` when it is closed already, ValidationError without words.
    """
    decision = _open_decision(decision)
    if not may_close(by, decision, state):
        raise PermissionDenied
    if state not in (DecisionState.DONE, DecisionState.DROPPED):
        raise ValidationError({"state": _("Choisissez ce qu’elle est devenue.")})
    if not outcome.strip():
        raise ValidationError({"outcome": _("Dites ce qui a été fait, ou pourquoi la décision est abandonnée.")})
    decision.state, decision.outcome = state, outcome.strip()
    decision.closed_by, decision.closed_at = by, clock.now()
    decision.version += 1
    decision.save()
    return decision


def may_close(user, decision: MeetingDecision, state: str = DecisionState.DONE) -> bool:
    """Its owner says that it is done; that it is dropped, only those who keep the group's meetings."""
    if access.writes(user, decision.meeting.group):
        return True
    return state == DecisionState.DONE and decision.owner_id == user.pk and access.reads_meetings(user)


# --- Shared ---------------------------------------------------------------------------------------------------------
def _locked(meeting: Meeting) -> Meeting:
    return (
        Meeting.objects.select_for_update(of=("self",)).select_related("group", "minutes_document").get(pk=meeting.pk)
    )


def _open_decision(decision: MeetingDecision) -> MeetingDecision:
    _locked(decision.meeting)
    found = MeetingDecision.objects.select_for_update(of=("self",)).select_related("meeting__group").get(pk=decision.pk)
    if found.state != DecisionState.OPEN:
        raise Refused(_("Cette décision est déjà close."))
    return found


def _saved(meeting: Meeting) -> Meeting:
    meeting.version += 1
    meeting.full_clean(exclude=["created_by"])
    meeting.save()
    return meeting


def _must_write(by, group: CoordinationGroup) -> None:
    if not access.writes(by, group):
        raise PermissionDenied


def _must_be(meeting: Meeting, *states: MeetingState) -> None:
    if meeting.state not in states:
        raise Refused(
            _("Cette réunion est « %(state)s » : cela n’est plus possible.") % {"state": meeting.state_label.label}
        )


def _unchanged(version: int, seen: int) -> None:
    if version != seen:
        raise Changed(
            _("Quelqu’un d’autre a modifié cette page entre-temps : comparez, puis enregistrez de nouveau."),
            code="changed",
        )


def _due_after_meeting(decision: MeetingDecision) -> None:
    due: dt.date | None = decision.due_on
    if due is not None and due < decision.meeting.held_on:
        raise ValidationError({"due_on": _("L’échéance ne précède pas la réunion.")})
