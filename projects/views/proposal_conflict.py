"""Two people wrote the same step: both versions side by side, part by part, and what each choice makes of the form."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from projects.forms.proposal import Step, StepInput
from projects.forms.proposal_rows import Row, RowSet
from projects.fund_answers import answers_of, is_answer
from projects.models import Project
from projects.services.drafting import canonical, digest, load_for_writing, row_text, stored_parts
from sr_portal.web.templatetags.portal import day, number

from .proposal_page import fingerprint_text, shape_of

CHOICE = "keep:"
MINE, THEIRS = "mine", "theirs"
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "fingerprint", "action"})


@dataclass(frozen=True)
class Difference:
    """A part that differs: each version as (label, text) lines, empty for a row that is not there."""

    key: str
    label: str
    mine: list[tuple[str, str]]
    stored: list[tuple[str, str]]
    preferred: str

    @property
    def name(self) -> str:
        return f"{CHOICE}{self.key}"


def page(request: HttpRequest, pk: int, typed: StepInput, *, by_script: bool) -> HttpResponse:
    if by_script:
        return JsonResponse({"saved": False, "conflict": True}, status=409)
    project = load_for_writing(pk)
    context = {
        "project": project,
        "step": typed.step,
        "differences": [*_fields(typed, project), *_rows(typed, project)],
        "carried": [
            (name, value)
            for name, values in typed.data.lists()
            if name not in NOT_CARRIED and not name.startswith(CHOICE)
            for value in values
        ],
        "fingerprint": fingerprint_text(project, typed.step),
        "last": (last := _last_writer(project)),
        "by_self": last == request.user.name,
    }
    return render(request, "projects/proposal/conflict.html", context, status=409)


def _last_writer(project: Project) -> str:
    event = project.events.order_by("-pgh_id").values_list("pgh_context", flat=True).first()
    return (event or {}).get("user_name", "")


def _preferred(base: str | None, mine: str, stored: str | None) -> str:
    """Theirs where only they changed something; else mine, which is what is on the reader's mind."""
    return THEIRS if base is not None and digest(mine) == base and stored is not None else MINE


def _fields(typed: StepInput, project: Project) -> list[Difference]:
    parts = stored_parts(project, shape_of(typed.step, project))
    found = []
    for name, value in typed.values.items():
        mine = canonical(value)
        if mine != parts[name]:
            label = typed.form[name].label
            found.append(
                Difference(
                    name, label,
                    [(label, shown(typed.form.fields[name], value))],
                    [(label, shown(typed.form.fields[name], stored_value(project, name)))],
                    _preferred(typed.base.get(name), mine, parts[name]),
                )
            )  # fmt: skip
    return found


def stored_value(project: Project, name: str):
    return answers_of(project).get(name) if is_answer(name) else getattr(project, name)


def stored_key(project: Project, name: str):
    """What the control of the field holds."""
    return answers_of(project).get(name) if is_answer(name) else getattr(project, project._meta.get_field(name).attname)


def shown(field, value) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, Decimal | int):
        return number(value)
    return str(dict(_flat(getattr(field, "choices", ()))).get(str(value), value))


def _flat(choices) -> Iterator[tuple[str, str]]:
    for value, label in choices or ():
        if isinstance(label, list | tuple):
            yield from ((str(v), text) for v, text in label)
        else:
            yield str(value), label


def _row_lines(row_form, values: dict | None) -> list[tuple[str, str]]:
    if values is None:
        return []
    return [(field.label, shown(field, values.get(name))) for name, field in row_form.fields.items()]


def _rows(typed: StepInput, project: Project) -> list[Difference]:
    found = []
    for rows in typed.tables:
        table = rows.table
        stored = {
            row.pk: {name: getattr(row, name) for name in table.columns} for row in getattr(project, table.name).all()
        }
        fresh = RowSet(table, project, typed.data, rate=typed.rate)
        for row in fresh.rows:
            found += _row(typed, table, row, _posted_key(typed.data, row), stored)
    return found


def _posted_key(data: QueryDict, row: Row) -> int | None:
    typed = data.get(f"{row.prefix}-id", "")
    return int(typed) if typed.isdecimal() else None


def _row(typed: StepInput, table, row: Row, key: int | None, stored: dict[int, dict]) -> list[Difference]:
    """One typed row against the stored one of the same key; new rows are simply kept."""
    if key is None or row.is_blank or not row.is_valid:
        return []
    mine = None if row.deleted else row.form.cleaned_data
    theirs = stored.get(key)
    my_text = "" if mine is None else row_text(mine, table.columns)
    their_text = None if theirs is None else row_text(theirs, table.columns)
    if (mine is None and theirs is None) or my_text == their_text:
        return []
    label = f"{table.singular} « {(theirs or mine or {}).get(table.named_by) or key} »"
    base = typed.base.get(f"{table.name}:{key}")
    preferred = THEIRS if mine is not None and digest(my_text) == base else MINE
    return [
        Difference(f"{table.name}:{key}", label, _row_lines(row.form, mine), _row_lines(row.form, theirs), preferred)
    ]


# --- What the choices make of the form -----------------------------------------------------------------------------
def resolved(data: QueryDict, project: Project, step: Step) -> QueryDict:
    """`data` with the parts chosen from the stored version put in; unchanged when it carries no choice."""
    choices = {name.removeprefix(CHOICE): value for name, value in data.items() if name.startswith(CHOICE)}
    if not choices:
        return data
    data = data.copy()
    for name in [name for name in data if name.startswith(CHOICE)]:
        del data[name]
    for key, choice in choices.items():
        table, _colon, row_key = key.partition(":")
        if row_key:
            _resolve_row(data, project, step, table, row_key, choice)
        elif choice == THEIRS and key in {*step.field_names, *shape_of(step, project).answers}:
            form = step.form(instance=project, user=project.author)
            _put(data, key, form.fields[key], stored_key(project, key))
            if key == "partner":
                for name in form.NEW:
                    data.pop(name, None)
    return data


def _put(data: QueryDict, name: str, field, value) -> None:
    """A stored value as its control would post it."""
    if value is None or value is False:
        data.pop(name, None)
    else:
        data[name] = "on" if value is True else str(field.prepare_value(value))


def _resolve_row(data: QueryDict, project: Project, step: Step, name: str, row_key: str, choice: str) -> None:
    table = next((table for table in step.tables if table.name == name), None)
    prefix = next(
        (
            k.removesuffix("-id")
            for k, v in data.items()
            if k.startswith(f"{name}-") and k.endswith("-id") and v == row_key
        ),
        None,
    )
    if table is None or prefix is None:
        return
    row = next((row for row in getattr(project, name).all() if str(row.pk) == row_key), None)
    if row is None and choice == MINE:
        data[f"{prefix}-id"] = ""  # removed by somebody else: written again as a new row
    elif row is None:
        for part in [part for part in data if part.startswith(f"{prefix}-")]:
            del data[part]
    elif choice == THEIRS:
        data.pop(f"{prefix}-DELETE", None)
        fields = table.form().fields
        for column in table.columns:
            _put(data, f"{prefix}-{column}", fields[column], getattr(row, column))
