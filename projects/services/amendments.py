"""Amendments (avenants): written, submitted, decided by the competent authority, merged in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.models import Envelope, Organisation
from projects import access, clearance, funding
from projects.lifecycle import SEPARATE, Words, officer
from projects.models import Amendment, AmendmentState, InstalmentState, Project
from projects.notices import happenings
from projects.notices.telling import tell_of_record
from projects.rules import amendment as rules
from projects.rules import plan
from projects.states import State
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import usd

from . import amendment_content as contents
from .agreements import ChangedMeanwhile
from .amendment_content import Content
from .steps import StepRefused, locked

DRAFT, SUBMITTED = AmendmentState.DRAFT, AmendmentState.SUBMITTED
OPEN = (DRAFT, SUBMITTED)


# --- Who ------------------------------------------------------------------------------------------------------------
def may_write(user, project: Project) -> bool:
    """The programme officer here, who neither wrote the proposal nor holds an interest in its partner."""
    return officer(user, project) and not any(bar(user, project) for bar in SEPARATE)


def reasons_against_writing(user, project: Project) -> list[Words]:
    """Why this user cannot write an amendment of this project now; empty when they can."""
    if not officer(user, project):
        return [_("Votre rôle ne le permet pas ici.")]
    return _barred(user, project) or reasons_of_state(project)


def _barred(user, project: Project) -> list[Words]:
    return [access.SEPARATION[bar.name] for bar in SEPARATE if bar(user, project)]


def reasons_of_state(project: Project) -> list[Words]:
    """Why nobody amends the project in its present state; empty when it is under way."""
    if State(project.state) in rules.AMENDABLE:
        return []
    text = _("Le projet est à l’état « %(state)s » : il ne s’amende pas.")
    return [text % {"state": State(project.state).label}]


def approved_after(project: Project, amendment: Amendment) -> Decimal:
    """The approved amount, USD, once the amendment is merged."""
    return (project.approved_usd or Decimal(0)) + amendment.budget_delta_usd


def is_competent(user, project: Project, amendment: Amendment) -> bool:
    """The approving authority for the amount that the project would have."""
    if not access.is_competent_approver(user, project):
        return False
    scope = user.scopes[access.Role.APPROVER]
    return scope.everywhere or approved_after(project, amendment) <= project.mechanism.delegated_usd


def reasons_against_deciding(user, project: Project, amendment: Amendment) -> list[Words]:
    """Why this user cannot decide this amendment, whatever it changes; empty when they can."""
    if not is_competent(user, project, amendment):
        return [_("La décision revient à l’autorité d’approbation compétente pour ce montant.")]
    against = _barred(user, project)
    if amendment.written_by_id == user.pk:
        against.append(_("Vous avez rédigé cet avenant : quelqu’un d’autre doit le décider."))
    partner = change_of(amendment, "partner")
    if partner and user.interests.filter(organisation_id=partner["after"], ended_at=None).exists():
        against.append(_("Vous avez déclaré un intérêt dans le nouveau partenaire : vous ne pouvez pas intervenir."))
    return against


def change_of(amendment: Amendment, field: str) -> dict[str, Any] | None:
    return next((change for change in amendment.changes if change["field"] == field), None)


# --- What is wrong with a content -------------------------------------------------------------------------------------
def wrong_with(project: Project, after: Content) -> rules.Wrong:
    """Everything that stands against what the project would become, by field of the form; none when it holds."""
    now = contents.content_of(project)
    changes = contents.changes_between(now, after)
    if not changes:
        return [(None, _("Cet avenant ne change rien : modifiez au moins un point."))]
    approved = Decimal(after["approved_usd"])
    changed = {change["field"] for change in changes}
    found = rules.wrong_amount(project.mechanism, approved, project.facility)
    if "duration_months" in changed:
        found += rules.wrong_length(
            project.mechanism, project.starts_on, after["duration_months"], clock.today(), project.facility
        )
    if "partner" in changed:
        found += _wrong_partner(project, after["partner"])
    spent = {f"line_{line.pk}": line.spent_usd for line in project.agreed_lines.all()}
    amounts = {
        f"line_{row['key']}" if row["key"] else f"new_amount_{rank}": Decimal(row["amount"])
        for rank, row in enumerate(after["lines"])
    }
    found += rules.wrong_lines(approved, amounts, spent)
    fixed = [row.amount_usd for row in contents.fixed_instalments(project)]
    planned = [Decimal(row["amount"]) for row in after["instalments"]]
    if changed & {"approved_usd", "instalments"}:
        found += rules.wrong_plan(approved, fixed, planned, plan.limits_of(project))
    return found


def _wrong_partner(project: Project, partner_pk: int) -> rules.Wrong:
    partner = Organisation.objects.filter(pk=partner_pk).first()
    if partner is None or not partner.is_cleared(clock.today()):
        return [("partner", _("Ce partenaire n’a pas été vérifié depuis moins de 12 mois, ou il est exclu."))]
    if partner_pk in {row.organisation_id for row in project.recipients.all()}:
        return [
            (
                "partner",
                _("Cette organisation reçoit déjà une part du projet : elle n’en est pas aussi le chef de file."),
            )
        ]
    moving = (InstalmentState.REQUESTED, InstalmentState.AUTHORISED)
    if any(row.state in moving for row in project.instalments.all()):
        return [
            ("partner", _("Une tranche est demandée ou autorisée pour le partenaire actuel : payez-la ou renvoyez-la."))
        ]
    return []


def refuse_wrong(found: rules.Wrong) -> None:
    """Raise `ValidationError` with each message beside its field."""
    if found:
        by_field: dict[str, list[ValidationError]] = {}
        for name, words in found:
            by_field.setdefault(name or "__all__", []).append(ValidationError(words, code="amendment"))
        raise ValidationError(by_field)


# --- Writing ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def save(
    *,
    project: Project,
    user,
    reason: str,
    after: Content,
    amendment: Amendment | None = None,
    version: int | None = None,
) -> Amendment:
    """Write an amendment, new or in draft: what differs from the project as it stands today, and why.

    `version` is that of the draft when it was read. Raises `ValidationError` naming the fields, `ChangedMeanwhile`.
    """
    project = _writable(project, user)
    changes = contents.changes_between(contents.content_of(project), after)
    if amendment is None:
        last = project.amendments.order_by("-number").values_list("number", flat=True).first()
        amendment = Amendment(project=project, number=(last or 0) + 1, written_by=user)
    else:
        amendment = _current(project, amendment, DRAFT)
        if (amendment.reason, amendment.changes) == (reason, changes):
            return amendment
        if amendment.version != version:
            raise ChangedMeanwhile
        amendment.version += 1
    refuse_wrong(wrong_with(project, after))
    amendment.reason, amendment.changes = reason, changes
    amendment.budget_delta_usd = Decimal(after["approved_usd"]) - (project.approved_usd or Decimal(0))
    amendment.full_clean()
    amendment.save()
    return amendment


def _writable(project: Project, user) -> Project:
    project = locked(project.pk)
    if not may_write(user, project):
        raise PermissionDenied(" ".join(str(why) for why in reasons_against_writing(user, project)))
    _refuse(reasons_of_state(project))
    return project


def _refuse(reasons: list[Words]) -> None:
    if reasons:
        raise StepRefused([str(why) for why in reasons])


def _current(project: Project, amendment: Amendment, *states: AmendmentState) -> Amendment:
    """The amendment as stored, when it is in one of `states`."""
    current = project.amendments.get(pk=amendment.pk)
    if current.state not in states:
        _refuse([_("Cet avenant est à l’état « %(state)s ».") % {"state": current.state_label.label}])
    return current


# --- Steps ------------------------------------------------------------------------------------------------------------
def reasons_against_merging(project: Project, amendment: Amendment) -> list[Words]:
    """Why the amendment could not be merged as things stand: conflicts, rules, envelope; none when it can."""
    now = contents.content_of(project)
    found: list[Words] = [
        format_lazy(
            gettext_lazy(
                "« {field} » a changé depuis la rédaction : l’avenant part d’une valeur que le projet n’a plus."
            ),
            field=contents.FIELDS[change["field"]],
        )
        for change in contents.conflicts(now, amendment.changes)
    ]
    if found:
        return found
    found = [words for _field, words in wrong_with(project, contents.overlaid(now, amendment.changes))]
    return found or _uncovered(project, amendment) + _not_cleared(project, amendment)


def _not_cleared(project: Project, amendment: Amendment) -> list[Words]:
    """A rise above what the mechanism leaves to the mission asks for the word of headquarters, as an approval does."""
    after = approved_after(project, amendment)
    if amendment.budget_delta_usd <= 0 or not clearance.is_asked_for(project, after):
        return []
    if clearance.is_given(project, after):
        return []
    return [format_lazy(gettext_lazy("Le siège n’a pas donné son accord pour {amount}."), amount=usd(after))]


def _uncovered(project: Project, amendment: Amendment) -> list[Words]:
    envelope = project.envelope
    if amendment.budget_delta_usd <= 0 or envelope is None:
        return []
    available = Envelope.objects.get(pk=envelope.pk).available_usd
    if amendment.budget_delta_usd <= available:
        return list(funding.reasons_against_reserving(project, amendment.budget_delta_usd))
    text = gettext_lazy("L’enveloppe ne couvre pas cette hausse de {delta} : il n’y reste que {available}.")
    return [format_lazy(text, delta=usd(amendment.budget_delta_usd), available=usd(available))]


@transaction.atomic
def submit(*, project: Project, user, amendment: Amendment) -> Amendment:
    """Send the draft to the approving authority, when it could be merged today."""
    project = _writable(project, user)
    amendment = _current(project, amendment, DRAFT)
    _refuse(reasons_against_merging(project, amendment))
    amendment.state, amendment.submitted_at = SUBMITTED, clock.now()
    amendment.save(update_fields=["state", "submitted_at"])
    tell_of_record(amendment, happenings.of_amendment("submit", project, amendment, user))
    return amendment


@transaction.atomic
def recall(*, project: Project, user, amendment: Amendment) -> Amendment:
    """Take a submitted amendment back to be corrected."""
    project = _writable(project, user)
    amendment = _current(project, amendment, SUBMITTED)
    amendment.state, amendment.submitted_at = DRAFT, None
    amendment.save(update_fields=["state", "submitted_at"])
    return amendment


@transaction.atomic
def withdraw(*, project: Project, user, amendment: Amendment, note: str) -> Amendment:
    """Give the amendment up, with a reason; it stays readable."""
    project = locked(project.pk)
    if not may_write(user, project):
        raise PermissionDenied(" ".join(str(why) for why in reasons_against_writing(user, project)))
    amendment = _current(project, amendment, *OPEN)
    amendment.state, amendment.decision_note = AmendmentState.WITHDRAWN, note.strip()
    amendment.save(update_fields=["state", "decision_note"])
    return amendment


@transaction.atomic
def approve(*, project: Project, user, amendment: Amendment, note: str = "") -> Amendment:
    """Approve and merge, in one transaction: the envelope covers a rise, a fall goes back to it.

    Locks the project, its envelope, then the contributions that may pay for it. Raises `PermissionDenied`, `StepRefused` with the conflicts and with the rules
    that no longer hold.
    """
    project, amendment = _to_decide(project, user, amendment)
    _refuse(reasons_against_merging(project, amendment))
    _decide(amendment, AmendmentState.APPROVED, user, note)
    contents.apply(project, amendment)
    with connection.cursor() as cursor:  # the sums are judged here, where a refusal can still be told
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    tell_of_record(amendment, happenings.of_amendment("approve", project, amendment, user))
    return amendment


@transaction.atomic
def refuse(*, project: Project, user, amendment: Amendment, note: str) -> Amendment:
    """Refuse, with reasons; nothing of the project changes."""
    project, amendment = _to_decide(project, user, amendment)
    if not note.strip():
        _refuse([_("Indiquez les motifs.")])
    _decide(amendment, AmendmentState.REFUSED, user, note)
    tell_of_record(amendment, happenings.of_amendment("refuse", project, amendment, user))
    return amendment


def _to_decide(project: Project, user, amendment: Amendment) -> tuple[Project, Amendment]:
    project = locked(project.pk)
    if project.envelope_id:
        Envelope.objects.select_for_update().get(pk=project.envelope_id)
        funding.hold_money_for(project)
    current = project.amendments.get(pk=amendment.pk)
    if against := reasons_against_deciding(user, project, current):
        raise PermissionDenied(" ".join(str(why) for why in against))
    current = _current(project, current, SUBMITTED)
    _refuse(reasons_of_state(project))
    return project, current


def _decide(amendment: Amendment, state: AmendmentState, user, note: str) -> None:
    amendment.state, amendment.decided_by, amendment.decided_at = state, user, clock.now()
    amendment.decision_note = note.strip()
    amendment.full_clean()
    amendment.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])


@dataclass(frozen=True)
class Step:
    """A step of an amendment: from which states, and the service that takes it."""

    sources: tuple[AmendmentState, ...]
    decides: bool
    act: Callable[..., Amendment]
    with_note: bool = False


STEPS: dict[str, Step] = {
    "submit": Step((DRAFT,), decides=False, act=submit),
    "recall": Step((SUBMITTED,), decides=False, act=recall),
    "withdraw": Step(OPEN, decides=False, act=withdraw, with_note=True),
    "approve": Step((SUBMITTED,), decides=True, act=approve, with_note=True),
    "refuse": Step((SUBMITTED,), decides=True, act=refuse, with_note=True),
}


def may_take(name: str, user, project: Project, amendment: Amendment) -> bool:
    """Who may: the writer's side or the authority's. Says nothing of the state."""
    if STEPS[name].decides:
        return not reasons_against_deciding(user, project, amendment)
    return may_write(user, project)
