"""Moves between the lines of the agreed budget, within the mechanism's share, without an amendment."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from projects import access
from projects.lifecycle import SEPARATE, Words, officer
from projects.models import AgreedLine, BudgetShift, Project
from projects.rules.budget_moves import Room, room_of
from projects.states import UNDER_AGREEMENT, State
from sr_portal.web.templatetags.portal import number, usd

from .steps import StepRefused, locked


def may_move(user, project: Project) -> bool:
    """The programme officer here, who neither wrote the proposal nor holds an interest in its partner."""
    return officer(user, project) and not any(bar(user, project) for bar in SEPARATE)


def reasons_against_moving(user, project: Project) -> list[Words]:
    if not officer(user, project):
        return [_("Votre rôle ne le permet pas ici.")]
    against: list[Words] = [access.SEPARATION[bar.name] for bar in SEPARATE if bar(user, project)]
    if not against and State(project.state) not in UNDER_AGREEMENT:
        text = _("Le projet est à l’état « %(state)s » : son budget convenu ne bouge pas.")
        against = [text % {"state": State(project.state).label}]
    return against


def room(project: Project, line: AgreedLine) -> Room:
    return room_of(
        baseline=line.baseline_usd, amount=line.amount_usd, spent=line.spent_usd, share=project.mechanism.line_shift_max
    )


@dataclass(frozen=True)
class Effect:
    """What a move makes of a line: its amount before and after, and the room that is left in the same direction."""

    line: AgreedLine
    before: Decimal
    after: Decimal
    left: Decimal


def effect(project: Project, source: AgreedLine, target: AgreedLine, amount_usd: Decimal) -> tuple[Effect, Effect]:
    """(what leaves `source`, what comes to `target`). Raises `ValidationError` naming the field that stands against it."""
    if source.pk == target.pk:
        raise ValidationError({"target": _("Choisissez deux lignes différentes.")})
    out, into = room(project, source).out, room(project, target).into
    share = number(project.mechanism.line_shift_max)
    if amount_usd > out:
        text = _(
            "« %(line)s » ne peut céder plus de %(room)s : %(share)s %% de son montant convenu, sans descendre sous ce "
            "qui est justifié. Au-delà, préparez un avenant."
        )
        raise ValidationError(
            {"amount_usd": text % {"line": source.label, "room": usd(out), "share": share}}, code="shift_within_share"
        )
    if amount_usd > into:
        text = _(
            "« %(line)s » ne peut recevoir plus de %(room)s : %(share)s %% de son montant convenu. Au-delà, préparez un "
            "avenant."
        )
        raise ValidationError(
            {"amount_usd": text % {"line": target.label, "room": usd(into), "share": share}}, code="shift_within_share"
        )
    return (
        Effect(source, source.amount_usd, source.amount_usd - amount_usd, out - amount_usd),
        Effect(target, target.amount_usd, target.amount_usd + amount_usd, into - amount_usd),
    )


@transaction.atomic
def move(
    *, project: Project, user, source: AgreedLine, target: AgreedLine, amount_usd: Decimal, reason: str
) -> BudgetShift:
    """Move `amount_usd` from one line to another and keep who, when and why.

    Raises `PermissionDenied`, `StepRefused`, `ValidationError` when the move passes the room of a line as it now stands.
    """
    project = locked(project.pk)
    if against := reasons_against_moving(user, project):
        if not may_move(user, project):
            raise PermissionDenied(" ".join(str(why) for why in against))
        raise StepRefused([str(why) for why in against])
    lines = {line.pk: line for line in project.agreed_lines.filter(pk__in=[source.pk, target.pk])}
    if {source.pk, target.pk} - lines.keys():
        raise ValidationError(_("Cette ligne n’est plus au budget convenu."))
    for changed in effect(project, lines[source.pk], lines[target.pk], amount_usd):
        changed.line.amount_usd = changed.after
        changed.line.save(update_fields=["amount_usd"])
    shift = BudgetShift(
        project=project, source=lines[source.pk], target=lines[target.pk], amount_usd=amount_usd, reason=reason.strip(),
        moved_by=user,
    )  # fmt: skip
    shift.full_clean()
    shift.save()
    return shift
