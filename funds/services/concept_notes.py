"""Concept notes: written section by section, shared with donors, answered.

Locks: the note alone; what hangs on it is written under that lock.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from funds import access
from funds import concept_note_rules as rules
from funds.models import ConceptNote, NoteDonor, NoteLine, NoteRegion, NoteStatus, Prospect
from regions.models import Region
from sr_portal.accounts.models import User
from sr_portal.web import clock

from .refusals import save_checked
from .versions import Changed

BUDGET = "budget"


def section_version(note: ConceptNote, section: str) -> str:
    """A text that differs whenever that section does, and whatever becomes of the others."""
    values: list[Any] = [getattr(note, note._meta.get_field(name).attname) for name in rules.SECTIONS.get(section, ())]
    if section == "essentials":
        values += [
            sorted(note.places.values_list("region", flat=True)),
            sorted(note.addressees.values_list("donor", flat=True)),
        ]
    if section == BUDGET:
        values += list(note.lines.values_list("category", "label", "amount_usd"))
    return salted_hmac(f"concept note {section}", "\x1f".join(map(str, values))).hexdigest()[:20]


@transaction.atomic
def create(*, by: User, values: Mapping[str, Any], prospect: Prospect | None = None) -> ConceptNote:
    """A draft with its essentials (`rules.SECTIONS`, `regions`, `donors`), linked to the prospect that it is for.

    Raises PermissionDenied, ValidationError naming the fields.
    """
    note = ConceptNote(author=by, created_at=clock.now(), need=values.get("need", ""))
    _fill(note, "essentials", values)
    _must_write_in(by, _regions(values))
    save_checked(note)
    _place(note, values)
    if prospect is not None:
        link(by=by, note=note, prospect=prospect)
    return note


@transaction.atomic
def save_section(*, by: User, note: ConceptNote, section: str, values: Mapping[str, Any], seen: str) -> ConceptNote:
    """Raises PermissionDenied, `Changed` when somebody saved the same section since, ValidationError."""
    note = _to_write(by, note)
    if section_version(note, section) != seen:
        raise Changed(
            _("Quelqu’un d’autre a modifié cette section entre-temps : comparez, puis enregistrez de nouveau.")
        )
    _fill(note, section, values)
    if section == "essentials":
        _must_write_in(by, _regions(values))
        _place(note, values)
    save_checked(note, *rules.SECTIONS[section])
    return note


@transaction.atomic
def save_budget(*, by: User, note: ConceptNote, rows: Sequence[tuple[str, str, Decimal]], seen: str) -> ConceptNote:
    """The outline whole, as rows of (category, label, USD). Raises PermissionDenied, `Changed`, ValidationError."""
    note = _to_write(by, note)
    if section_version(note, BUDGET) != seen:
        raise Changed(
            _("Quelqu’un d’autre a modifié cette section entre-temps : comparez, puis enregistrez de nouveau.")
        )
    if len(rows) > rules.MOST_LINES:
        raise ValidationError(_("Un budget indicatif compte %(most)s lignes au plus.") % {"most": rules.MOST_LINES})
    if note.status != rules.DRAFT and not rows:  # the database keeps the sum at each row, and would not wait
        raise ValidationError(_("La note est partagée : son budget ne peut être vide."))
    stored = {line.number: line for line in note.lines.all()}
    for number, (category, label, amount) in enumerate(rows, start=1):
        line = stored.pop(number, None) or NoteLine(note=note, number=number)
        if (line.category, line.label, line.amount_usd) != (category, label, amount) or not line.pk:
            line.category, line.label, line.amount_usd = category, label, amount
            save_checked(line)
    NoteLine.objects.filter(pk__in=[line.pk for line in stored.values()]).delete()
    note.refresh_from_db(fields=["budget_usd"])
    return note


@transaction.atomic
def share(*, by: User, note: ConceptNote) -> ConceptNote:
    """With its donors. Raises PermissionDenied, ValidationError telling what it lacks."""
    note = _locked(by, note)
    _from(note, rules.DRAFT)
    if lacking := rules.lacks(note, has_donor=note.addressees.exists()):
        raise ValidationError(_("Il manque encore : %(what)s.") % {"what": ", ".join(lacking)})
    note.status, note.shared_on = rules.SHARED, clock.today()
    save_checked(note, "status", "shared_on")
    return note


@transaction.atomic
def answer(*, by: User, note: ConceptNote, status: str, words: str) -> ConceptNote:
    """What the donor said: accepted, or declined for a reason. Raises PermissionDenied, ValidationError."""
    note = _locked(by, note)
    _from(note, rules.SHARED)
    if status not in (rules.ACCEPTED, rules.DECLINED):
        raise ValidationError({"status": _("Choisissez la réponse du donateur.")})
    if status == rules.DECLINED and not words.strip():
        raise ValidationError({"words": _("Dites pourquoi le donateur décline la note.")})
    note.status, note.answer, note.answered_on = status, words.strip(), clock.today()
    save_checked(note, "status", "answer", "answered_on")
    return note


@transaction.atomic
def rework(*, by: User, note: ConceptNote) -> ConceptNote:
    """Back to a draft, for another donor or another version. Raises PermissionDenied, ValidationError."""
    note = _locked(by, note)
    _from(note, rules.SHARED, rules.DECLINED)
    note.status, note.shared_on, note.answered_on, note.answer = rules.DRAFT, None, None, ""
    save_checked(note, "status", "shared_on", "answered_on", "answer")
    return note


@transaction.atomic
def become_project(*, note: ConceptNote) -> ConceptNote:
    """Called by the floor above, in the transaction that writes the draft; who may, it knows. Raises ValidationError."""
    note = ConceptNote.objects.select_for_update(no_key=True).get(pk=note.pk)
    _from(note, rules.ACCEPTED)
    note.status = rules.PROJECT
    save_checked(note, "status")
    return note


@transaction.atomic
def link(*, by: User, note: ConceptNote, prospect: Prospect) -> Prospect:
    """The prospect for which the note is written; serves its priority where it names none. Raises PermissionDenied."""
    prospect = Prospect.objects.select_for_update(no_key=True).get(pk=prospect.pk)
    if not access.writes_prospect(by, prospect):
        raise PermissionDenied
    prospect.concept_note = note
    if note.priority and prospect.priority_id is None and prospect.region_id == note.priority.plan.region_id:
        prospect.priority = note.priority
    save_checked(prospect, "concept_note", "priority")
    return prospect


def _fill(note: ConceptNote, section: str, values: Mapping[str, Any]) -> None:
    for name in rules.SECTIONS[section]:
        setattr(note, name, values[name])


def _regions(values: Mapping[str, Any]) -> list[Region]:
    """Those chosen, with that of the priority."""
    found = list(values.get("regions") or ())
    priority = values.get("priority")
    if priority is not None and priority.plan.region_id not in {region.pk for region in found}:
        found.append(priority.plan.region)
    return found


def _place(note: ConceptNote, values: Mapping[str, Any]) -> None:
    """The regions and the donors: what is new is added, what is gone is taken off, the rest stays."""
    _keep(NoteRegion, note, "region", {region.pk for region in _regions(values)})
    _keep(NoteDonor, note, "donor", {donor.pk for donor in values.get("donors") or ()})


def _keep(model: Any, note: ConceptNote, field: str, wanted: set[int]) -> None:
    known = set(model.objects.filter(note=note).values_list(f"{field}_id", flat=True))
    model.objects.filter(note=note, **{f"{field}__in": known - wanted}).delete()
    for key in sorted(wanted - known):
        save_checked(model(note=note, **{f"{field}_id": key}))


def _locked(by: User, note: ConceptNote) -> ConceptNote:
    found = (
        ConceptNote.objects.select_for_update(no_key=True, of=("self",))
        .select_related("priority__plan")
        .get(pk=note.pk)
    )
    _must_write_in(by, [place.region for place in found.places.all()])
    return found


def _to_write(by: User, note: ConceptNote) -> ConceptNote:
    found = _locked(by, note)
    _from(found, *rules.WRITABLE)
    return found


def _from(note: ConceptNote, *statuses: str) -> None:
    if note.status not in statuses:
        raise ValidationError(
            _("Cette note est « %(status)s » : cela n’est plus possible.") % {"status": NoteStatus(note.status).label}
        )


def _must_write_in(by: User, regions: Iterable[Region]) -> None:
    if not access.writes_note_about(by, [region.pk for region in regions]):
        raise PermissionDenied(_("Vous n’écrivez de notes que pour les régions de votre rôle."))
