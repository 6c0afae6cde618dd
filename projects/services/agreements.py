"""Preparing the agreement: its text, the budget by line and the instalments that it fixes, its signed copies.

All of it is open from the approval to the signature, to the programme officer who may also record the signature.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from funds.models import TrancheEvidence
from projects.lifecycle import TRANSITIONS, Words
from projects.models import (
    AgreedLine,
    Agreement,
    AgreementClause,
    AgreementCopy,
    AgreementLanguage,
    ClauseKind,
    Instalment,
    Project,
)
from projects.rules import agreement as rules
from projects.rules import plan
from sr_portal.documents.models import IMAGE_TYPES
from sr_portal.documents.refusals import RefusedFile
from sr_portal.documents.services import store, withdraw
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import number, usd

from .drafting import fingerprint_of_all
from .steps import locked, refuse_if

# Who may record the signature prepares what is signed, in the same state; what lacks before it bars nothing here.
PREPARING = replace(TRANSITIONS["sign_agreement"], guards=())
TEXT_FIELDS = (
    "language", "starts_on", "partner_signatory", "partner_function", "mission_signatory", "mission_function",
    "special_conditions",
)  # fmt: skip
COPY_TYPES = ("application/pdf", *IMAGE_TYPES)

PlanRow = tuple[Decimal, dt.date | None, str]  # amount in USD, planned day, condition


class ChangedMeanwhile(ValidationError):
    """Somebody saved the same page in between: nothing was written, both versions are to be shown."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Cette page a été enregistrée pendant que vous l’écriviez : comparez les deux versions, puis choisissez."
            ),
            code="changed_meanwhile",
        )


# --- What is stored, and whether it changed (decision record 5) -------------------------------------------------------
def text_of(project: Project) -> dict[str, Any]:
    """The agreement's own fields, as stored; empty when it is not prepared."""
    agreement = agreement_of(project)
    return {name: getattr(agreement, name) for name in TEXT_FIELDS} if agreement else {}


def lines_of(project: Project) -> dict[str, Any]:
    """« line_<key> » → agreed amount, in the order of the budget."""
    return {f"line_{line.pk}": line.amount_usd for line in project.agreed_lines.order_by("pk")}


def plan_of(project: Project) -> dict[str, Any]:
    """« amount_1 », « planned_on_1 », « condition_1 »… for each instalment in order."""
    parts: dict[str, Any] = {}
    for rank, row in enumerate(project.instalments.order_by("position"), 1):
        parts |= plan_parts(rank, (row.amount_usd, row.planned_on, row.condition))
    return parts


def plan_parts(rank: int, row: PlanRow) -> dict[str, Any]:
    return {f"amount_{rank}": row[0], f"planned_on_{rank}": row[1], f"condition_{rank}": row[2]}


def refuse_if_changed(stored: Mapping[str, Any], typed: Mapping[str, Any], base: str) -> bool:
    """True when `typed` is already what is stored. Raises `ChangedMeanwhile` unless the page started from what is."""
    if fingerprint_of_all(stored) == fingerprint_of_all(typed):
        return True
    if fingerprint_of_all(stored) != base:
        raise ChangedMeanwhile
    return False


# --- Reading ----------------------------------------------------------------------------------------------------------
def agreement_of(project: Project) -> Agreement | None:
    return Agreement.objects.filter(project=project).first()


def approved_on(project: Project) -> dt.date:
    return timezone.localdate(project.decision.decided_at, timezone.get_default_timezone())


def reasons_against_preparing(user, project: Project) -> list[Words]:
    """Why this user cannot change the agreement now; empty when they can."""
    return PREPARING.reasons_against(user, project)


def clauses_for(project: Project, language: str) -> list[dict[str, str]]:
    """The template clauses in force for the project's mechanism, in the order of the agreement's articles."""
    in_force = AgreementClause.objects.filter(
        Q(mechanism=None) | Q(mechanism=project.mechanism_id), active=True
    ).order_by("position", "pk")
    order = [kind.value for kind in ClauseKind]
    column = "text_en" if language == AgreementLanguage.ENGLISH else "text_fr"
    found = sorted(in_force, key=lambda clause: order.index(clause.kind))
    return [{"kind": clause.kind, "text": getattr(clause, column).replace("\r\n", "\n").strip()} for clause in found]


# --- Writing ----------------------------------------------------------------------------------------------------------
def _open(project: Project, user) -> Project:
    """The project, its row locked, when this user may prepare its agreement now."""
    project = locked(project.pk)
    if not PREPARING.is_allowed(user, project):
        raise PermissionDenied(" ".join(str(reason) for reason in reasons_against_preparing(user, project)))
    refuse_if(reasons_against_preparing(user, project))
    return project


@transaction.atomic
def save_text(
    *, project: Project, user, values: Mapping[str, Any], base: str, renew_clauses: bool = False
) -> Agreement:
    """Prepare the agreement, or change its own fields (`TEXT_FIELDS`).

    The first time, the clauses are copied from the templates in force, the lines are scaled to the approved amount and
    a plan within the mechanism's limits is proposed. Another language, or `renew_clauses`, copies the clauses again.
    When the start moves, the planned days of the instalments move with it. Raises `ValidationError` naming the field,
    `ChangedMeanwhile` when somebody saved in between.
    """
    project = _open(project, user)
    stored = text_of(project)
    if refuse_if_changed(stored, values, base) and not renew_clauses:
        return project.agreement
    rules.validate_start(values["starts_on"], approved_on(project))
    agreement = agreement_of(project) or Agreement(
        project=project, number=rules.number_of(str(project.reference)), prepared_by=user
    )
    moved = values["starts_on"] - stored["starts_on"] if stored else dt.timedelta(0)
    if renew_clauses or values["language"] != stored.get("language"):
        agreement.clauses = clauses_for(project, values["language"])
        if not agreement.clauses:
            raise ValidationError(
                _("Aucune clause type n’est en vigueur : faites-les saisir dans les données de référence.")
            )
    for name, value in values.items():
        setattr(agreement, name, value)
    agreement.updated_at = clock.now()
    agreement.full_clean()
    agreement.save()
    if not stored:
        _propose_lines(project)
        _propose_plan(project, agreement)
    elif moved:
        for instalment in project.instalments.all():
            if instalment.planned_on is not None:
                instalment.planned_on += moved
                instalment.save(update_fields=["planned_on"])
    return agreement


def _propose_lines(project: Project) -> None:
    lines = list(project.lines.all())
    amounts = rules.scaled([line.amount_usd for line in lines], project.approved_usd or Decimal(0))
    for line, amount in zip(lines, amounts, strict=True):
        AgreedLine.objects.create(
            project=project, line=line, category=line.category, label=line.label, baseline_usd=amount, amount_usd=amount
        )


def _propose_plan(project: Project, agreement: Agreement) -> None:
    amounts = rules.first_plan(project.approved_usd or Decimal(0), plan.limits_of(project))
    days = rules.spread(agreement.starts_on, _ends_on(project, agreement), len(amounts))
    with translation.override(agreement.language):
        conditions = conditions_for(project, len(amounts))
    for position, row in enumerate(zip(amounts, days, conditions, strict=True), 1):
        amount, planned_on, condition = row
        Instalment.objects.create(
            project=project, position=position, amount_usd=amount, planned_on=planned_on, condition=condition
        )


def _ends_on(project: Project, agreement: Agreement) -> dt.date:
    from projects.rules import ends_on

    return ends_on(agreement.starts_on, project.duration_months or 1)


def conditions_for(project: Project, count: int) -> list[str]:
    """What each instalment waits for, in the language in force: the same gates as the server's (domain guide §7)."""
    mechanism = project.mechanism
    first = _("Protocole signé et compte bancaire vérifié")
    if mechanism.next_tranche_counts == TrancheEvidence.SPENT_OR_COMMITTED:
        between = _(
            "Rapport accepté, %(share)s %% de ce qui est payé dépensés ou engagés, visite sans constat bloquant"
        )
    else:
        between = _(
            "Rapport intermédiaire accepté, %(share)s %% de ce qui est payé justifiés, visite sans constat bloquant"
        )
    between %= {"share": number(mechanism.justified_share_min)}
    last = _("Rapports finaux narratif et financier acceptés") if mechanism.last_after_final_report else between
    return [first, *[between] * (count - 2), last][:count]


@transaction.atomic
def save_lines(*, project: Project, user, amounts: Mapping[int, Decimal], base: str) -> None:
    """Write the agreed amount of each line; together they are the approved amount, to the cent.

    `amounts` is line key → USD, for every line of the project. Raises `ValidationError`, `ChangedMeanwhile`.
    """
    project = _open(project, user)
    if refuse_if_changed(lines_of(project), {f"line_{pk}": amount for pk, amount in amounts.items()}, base):
        return
    total, approved = sum(amounts.values(), Decimal(0)), project.approved_usd or Decimal(0)
    if total != approved:
        raise ValidationError(sum_refusal(_("Les lignes"), total, approved), code="lines_are_the_budget")
    for line in project.agreed_lines.all():
        if line.amount_usd != amounts[line.pk]:
            line.amount_usd = line.baseline_usd = amounts[line.pk]
            line.full_clean()
            line.save(update_fields=["amount_usd", "baseline_usd"])


def sum_refusal(what: str, total: Decimal, approved: Decimal) -> str:
    """What is wrong with a sum, and by how much."""
    text = _("%(what)s font %(total)s : il manque %(gap)s pour atteindre le montant approuvé, %(approved)s.")
    if total > approved:
        text = _("%(what)s font %(total)s : c’est %(gap)s de plus que le montant approuvé, %(approved)s.")
    return text % {"what": what, "total": usd(total), "gap": usd(abs(total - approved)), "approved": usd(approved)}


@transaction.atomic
def save_plan(*, project: Project, user, rows: Sequence[PlanRow], base: str) -> None:
    """Write the instalments in order: their sum, the first and the last share hold (`rules.plan`).

    Raises `ValidationError` with all that is wrong, `ChangedMeanwhile`.
    """
    project = _open(project, user)
    typed: dict[str, Any] = {}
    for rank, row in enumerate(rows, 1):
        typed |= plan_parts(rank, row)
    if refuse_if_changed(plan_of(project), typed, base):
        return
    amounts = [row[0] for row in rows]
    wrong = [str(reason) for reason in plan.lacks(project.approved_usd or Decimal(0), amounts, plan.limits_of(project))]
    if wrong:
        raise ValidationError(wrong)
    late = rules.validate_days([row[1] for row in rows], approved_on(project))
    if late:
        raise ValidationError({f"planned_on_{rank + 1}": reason for rank, reason in late})
    write_plan(project, rows)


def write_plan(project: Project, rows: Sequence[PlanRow], *, after: int = 0) -> None:
    """Put the rows in the place of what is planned beyond the rank `after`; an instalment that stays keeps its key."""
    planned = list(project.instalments.filter(position__gt=after).order_by("position"))
    for instalment in planned[len(rows) :]:
        instalment.delete()
    for rank, (amount, planned_on, condition) in enumerate(rows):
        instalment = planned[rank] if rank < len(planned) else Instalment(project=project, position=after + rank + 1)
        if instalment.pk and (instalment.amount_usd, instalment.planned_on, instalment.condition) == rows[rank]:
            continue
        instalment.amount_usd, instalment.planned_on, instalment.condition = amount, planned_on, condition
        instalment.full_clean()
        instalment.save()


# --- Signed copies ----------------------------------------------------------------------------------------------------
@transaction.atomic
def add_copy(*, project: Project, user, upload: File, signatory: str) -> AgreementCopy:
    """Keep a signed copy, PDF or photo. Raises `RefusedFile` with what to do."""
    project = _open(project, user)
    agreement = agreement_of(project)
    if agreement is None:
        raise ValidationError(_("Préparez d’abord le protocole."))
    name = upload.name or ""
    document = store(upload, by=user)
    if document.content_type not in COPY_TYPES:
        raise RefusedFile(name, _("un exemplaire signé est un PDF ou une photo (JPEG, PNG ou WebP)."))
    if agreement.copies.filter(document__sha256=document.sha256, document__withdrawn_at=None).exists():
        raise RefusedFile(name, _("cet exemplaire est déjà au dossier."))
    copy = AgreementCopy(agreement=agreement, document=document, signatory=signatory)
    copy.full_clean()
    copy.save()
    return copy


@transaction.atomic
def withdraw_copy(*, project: Project, user, copy: AgreementCopy, reason: str) -> None:
    """Take a copy off, with a reason: it stays on file, and no longer counts for the signature."""
    project = _open(project, user)
    current = AgreementCopy.objects.select_related("document").get(pk=copy.pk, agreement__project=project)
    withdraw(current.document, by=user, reason=reason)
