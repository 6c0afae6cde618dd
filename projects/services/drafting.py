"""Writing a proposal: a step is saved whole, and never over what somebody else saved in between."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext_lazy as _

from funds.models import ExchangeRate
from funds.rules import line_amount_usd
from projects import access, rules
from projects.fund_answers import answers_of, is_answer
from projects.models import Project, Recipient
from projects.rules import recipients
from sr_portal.web import clock

from .fund_answers import write_answers
from .refusals import as_refusal
from .steps import StepRefused

Fingerprint = dict[str, str]
Row = tuple[int | None, dict[str, Any] | None]  # key (None for a new row) and values (None to delete it)


@dataclass(frozen=True)
class Shape:
    """What a step stores: fields of the project's row, answers to its mechanism (`fund_answers`), and tables that hang
    on it (related name → columns)."""

    fields: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Saved:
    """What a save left: the project as stored, and for each table the keys of the rows in the order they came."""

    project: Project
    keys: dict[str, list[int | None]]


class Conflict(Exception):
    """Somebody else saved this step in between; nothing was written."""


def month_rate(day: dt.date) -> ExchangeRate | None:
    """The UN rate of the month of `day`, or the last one known before; None when there is none."""
    return ExchangeRate.objects.filter(month__lte=day).order_by("-month").first()


# --- What a step holds, and whether it changed --------------------------------------------------------------------
def canonical(value: Any) -> str:
    """One text for one value, however it was typed or stored."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, models.Model):
        return str(value.pk) if value.pk else f"new:{value}"
    if isinstance(value, tuple):
        return "\x1f".join(canonical(part) for part in value)
    return str(value).replace("\r\n", "\n").strip()


def row_text(values: Mapping[str, Any], columns: Iterable[str]) -> str:
    return canonical(tuple(values.get(column) for column in columns))


def stored_parts(project: Project, shape: Shape) -> dict[str, str]:
    """Each field, and each row of each table as « table:key », with its canonical text."""
    parts = {name: canonical(getattr(project, Project._meta.get_field(name).attname)) for name in shape.fields}
    if shape.answers:
        answers = answers_of(project)
        parts |= {name: canonical(answers.get(name)) for name in shape.answers}
    for table, columns in shape.tables.items():
        for row in getattr(project, table).all():
            parts[f"{table}:{row.pk}"] = row_text({column: getattr(row, column) for column in columns}, columns)
    return parts


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def fingerprint_of_parts(project: Project, shape: Shape) -> Fingerprint:
    """A short hash of each part of the proposal as stored; its form carries it and hands it back when it saves."""
    return {part: digest(text) for part, text in stored_parts(project, shape).items()}


def fingerprint(values: Mapping[str, Any]) -> Fingerprint:
    """A short hash of each value, a text, a date, a tuple of them: a form carries it and hands it back.

    So a conflict knows who changed what.
    """
    return {name: digest(canonical(value)) for name, value in values.items()}


def fingerprint_of_all(values: Mapping[str, Any]) -> str:
    """One short hash of all of them, for a page on which a change of any is a conflict."""
    return digest("\x1f".join(f"{name}={canonical(value)}" for name, value in sorted(values.items())))


def adopt(parts: dict[str, str], shape: Shape, base: Fingerprint, rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """New rows that are already stored since `base` take their keys: the same page was sent twice."""
    adopted = {}
    for table, columns in shape.tables.items():
        claimed = {key for key, _values in rows.get(table, []) if key}
        spare: dict[str, list[int]] = {}
        for part, text in parts.items():
            name, _colon, key = part.partition(":")
            if name == table and key and part not in base and int(key) not in claimed:
                spare.setdefault(text, []).append(int(key))
        adopted[table] = [
            (spare[text].pop(0), values)
            if key is None and values is not None and spare.get(text := row_text(values, columns))
            else (key, values)
            for key, values in rows.get(table, [])
        ]
    return adopted


def is_stored(parts: dict[str, str], shape: Shape, values: dict[str, Any], rows: dict[str, list[Row]]) -> bool:
    """All that was typed is what is stored: nothing to write, nothing to refuse."""
    if any(parts[name] != canonical(value) for name, value in values.items()):
        return False
    for table, columns in shape.tables.items():
        for key, row in rows.get(table, []):
            wanted = None if row is None else row_text(row, columns)
            if (key is None and row is not None) or (key is not None and parts.get(f"{table}:{key}") != wanted):
                return False
    return True


# --- Saving --------------------------------------------------------------------------------------------------------
def load_for_writing(pk: int) -> Project:
    return (
        Project.objects.select_related("region", "cercle", "mechanism", "facility", "sector", "partner", "author")
        .defer("region__outline")
        .prefetch_related("coauthors", "lines", "activities", "results")
        .get(pk=pk)
    )


def open_for_writing(pk: int, user) -> Project:
    """The project, its row locked until the end of the transaction; raises `PermissionDenied` to who may not write."""
    Project.objects.select_for_update().only("pk").get(pk=pk)
    project = load_for_writing(pk)
    if not access.can_edit(user, project):
        raise PermissionDenied(_("Cette proposition n’est plus modifiable."))
    return project


@transaction.atomic
def save_step(
    *, project: Project, user, shape: Shape, base: Fingerprint, values: dict[str, Any], rows: dict[str, list[Row]]
) -> Saved:
    """Write what was typed in one step.

    `base` is the fingerprint of the step when it was read. Raises `Conflict` when the step has changed since and is
    not already what was typed, `ValidationError` naming the fields when a rule or the database refuses.
    """
    current = open_for_writing(project.pk, user)
    parts = stored_parts(current, shape)
    if {part: digest(text) for part, text in parts.items()} != base:
        rows = adopt(parts, shape, base, rows)
        if not is_stored(parts, shape, values, rows):
            raise Conflict
    if is_stored(parts, shape, values, rows):
        return Saved(current, {table: [key for key, _values in rows.get(table, [])] for table in shape.tables})
    try:
        with transaction.atomic():
            keys = _write(current, user, shape, values, rows)
    except DatabaseError as error:
        raise as_refusal(error) from error
    return Saved(load_for_writing(project.pk), keys)


def _write(project: Project, user, shape: Shape, values: dict[str, Any], rows: dict[str, list[Row]]) -> dict:
    partner = values.get("partner")
    if partner is not None and partner.pk is None:
        partner.created_by = user
        partner.full_clean()
        partner.save()
    if "mechanism" in values and values["mechanism"] != project.mechanism:
        values = values | {"facility": None, "focus_area": None}  # they were those of the other one
    if "region" in values and values["region"] != project.region:
        values = values | {"priority": None}  # it was of the other region's plan
    columns = {name: value for name, value in values.items() if not is_answer(name)}
    for name, value in columns.items():
        setattr(project, name, value)
    project.updated_at = clock.now()
    project.clean()
    project.save(update_fields=[*columns, "updated_at"])
    write_answers(project, {name: value for name, value in values.items() if is_answer(name)})
    keys = {table: _write_rows(project, table, rows.get(table, [])) for table in shape.tables}
    if "recipients" in shape.tables or "partner" in columns:
        _check_recipients(project)
    if "lines" in shape.tables:
        project.refresh_from_db(fields=["budget_usd"])
        rules.validate_budget(project.mechanism, project.budget_usd, project.facility)
    return keys


def _check_recipients(project: Project) -> None:
    if not project.mechanism.several_recipients:
        return
    rows = Recipient.objects.filter(project=project).values_list("organisation_id", "share")
    if found := recipients.wrong(project.partner_id, rows):
        raise ValidationError(found, code="recipients")


def _write_rows(project: Project, table: str, rows: list[Row]) -> list[int | None]:
    """Write rows and return their keys in the order they came, None for the deleted."""
    existing = {row.pk: row for row in getattr(project, table).all()}
    model = getattr(project, table).model
    written: list[models.Model | None] = [None] * len(rows)
    for position in sorted(range(len(rows)), key=lambda at: _when(table, existing, rows[at])):
        key, values = rows[position]
        row = existing.get(key) if key else None
        if values is None:
            if row is not None:
                row.delete()
            continue
        if row is None:
            row = model(project=project)
        elif all(canonical(getattr(row, name)) == canonical(value) for name, value in values.items()):
            written[position] = row
            continue
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        written[position] = row
    return [row.pk if row is not None else None for row in written]


def _when(table: str, existing: dict[int, Any], row: Row) -> tuple[int, Decimal]:
    """Deletions, then changes, then new rows; of budget lines those that cost less go first.

    The database sums after each line: in this order the sum never passes both what it was and what it will be.
    """
    key, values = row
    if values is None:
        return 0, Decimal(0)
    old = existing.get(key) if key else None
    if old is None:
        return 2, Decimal(0)
    if table != "lines":
        return 1, Decimal(0)
    return 1, line_amount_usd(values["quantity"], values["unit_cost"], values["rate"]) - old.amount_usd


# --- Who writes ----------------------------------------------------------------------------------------------------
@transaction.atomic
def add_coauthor(*, project: Project, user, person) -> None:
    """The author lets somebody write with them. Raises `StepRefused` for who already acted on the file."""
    project = _owned(project.pk, user)
    if access.has_screened(person, project) or access.has_voted(person, project):
        raise StepRefused(_("Cette personne est déjà intervenue sur le dossier : elle ne peut pas le rédiger."))
    project.coauthors.add(person)


@transaction.atomic
def remove_coauthor(*, project: Project, user, person) -> None:
    _owned(project.pk, user).coauthors.remove(person)


def _owned(pk: int, user) -> Project:
    project = open_for_writing(pk, user)
    if project.author_id != user.pk:
        raise PermissionDenied(_("Seul l’auteur choisit ses corédacteurs."))
    return project
