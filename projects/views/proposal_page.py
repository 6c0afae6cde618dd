"""What the pages of the proposal form share: who may open them, and what they show beside the fields."""

import json
from dataclasses import dataclass
from math import ceil

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from funds.asked import asked_by
from projects import access, rules
from projects.completeness import missing
from projects.forms.proposal import FUND, Step, StepInput, steps_of
from projects.fund_answers import names_of
from projects.models import Project, Recipient, ReturnReason
from projects.services.drafting import Shape, fingerprint_of_parts
from projects.services.warnings import warnings_for
from projects.states import State
from sr_portal.web.templatetags.portal import day, usd
from sr_portal.web.together import get_together


def project_for(request: HttpRequest, pk: int, step: str = "") -> Project:
    """The project as its form reads it; 404 outside what the user may see."""
    tables = ["lines"] if step == "budget" else []
    projects = (
        Project.objects.visible_to(request.user)
        .select_related("region", "cercle", "mechanism", "facility", "sector", "partner", "author")
        .defer("region__outline")
        .prefetch_related(
            "coauthors",
            "activities",
            "results",
            "marked",
            "answered",
            Prefetch("recipients", Recipient.objects.all()),
            *tables,
        )
    )
    return get_together(projects, pk=pk)


def closed(request: HttpRequest, project: Project) -> HttpResponse:
    """The form is not, or no longer, theirs to fill: nothing is written, and what they typed is shown to be copied."""
    typed = [
        (name, value)
        for name, value in request.POST.items()
        if value.strip() and name not in {"csrfmiddlewaretoken", "fingerprint", "action", "one_time_key"}
    ]
    context = {"project": project, "typed": typed, "is_writer": access.is_writer(request.user, project)}
    return render(request, "projects/proposal/closed.html", context, status=403)


def shape_of(step: Step, project: Project) -> Shape:
    answers = names_of(asked_by(project.mechanism)) if step.code == FUND.code else ()
    return Shape(step.field_names, answers, {table.name: table.columns for table in step.tables})


def fingerprint_text(project: Project, step: Step) -> str:
    return json.dumps(fingerprint_of_parts(project, shape_of(step, project)), separators=(",", ":"))


@dataclass(frozen=True)
class Mark:
    """A step in the side navigation, as `parts/steps.html` reads it."""

    code: str
    label: str
    url: str
    lacks: int | None
    is_current: bool = False


def marks(project: Project, current: str = "") -> list[Mark]:
    lacking = missing(project)
    steps = steps_of(project)
    count = {code: sum(lack.step == code for lack in lacking) for code in steps}
    count["annexes"] = None
    count["review"] = None
    return [
        Mark(code, step.label, reverse("projects:edit", args=[project.pk, code]), count[code], code == current)
        for code, step in steps.items()
    ]


@dataclass(frozen=True)
class Gauge:
    name: str
    value: object
    limit: object
    value_text: str
    limit_text: str


def gauges(project: Project, typed: StepInput | None = None) -> dict[str, Gauge]:
    """The budget and the length against the mechanism's limits, as typed when they are on this very page."""
    budget, months = project.budget_usd, project.duration_months or 0
    if typed is not None and typed.data is not None:
        if typed.step.code == "budget":
            budget = typed.tables[0].total
        elif typed.step.code == "plan":
            months = typed.count("duration_months")
    ceiling, longest = (
        rules.ceiling_of(project.mechanism, project.facility),
        rules.longest_months(project.mechanism, project.facility),
    )
    return {
        "budget": Gauge("budget", budget, ceiling, usd(budget), usd(ceiling)),
        "months": Gauge("months", months, longest, months_text(months), months_text(longest)),
    }


def months_text(months: int | None) -> str:
    """« 6 mois »; "6 months" in English."""
    return "" if months is None else ngettext("%(count)s mois", "%(count)s mois", months) % {"count": months}


def ends_text(project: Project) -> str:
    if project.starts_on is None or not project.duration_months:
        return ""
    return day(rules.ends_on(project.starts_on, project.duration_months))


@dataclass(frozen=True)
class Lack:
    """Something that a submission still demands: in which step, at which control, in words."""

    step: str
    anchor: str
    message: str


def lacks(project: Project, step: str = "") -> list[Lack]:
    return [
        Lack(lack.step, f"id_{lack.field.removesuffix('_id')}", lack.message)
        for lack in missing(project)
        if not step or lack.step == step
    ]


def following_url(project: Project, step: Step) -> str:
    """Where « Enregistrer et continuer » leads."""
    codes = list(steps_of(project))
    return reverse("projects:edit", args=[project.pk, codes[min(codes.index(step.code) + 1, len(codes) - 1)]])


def beside(request: HttpRequest, project: Project, step: Step, typed: StepInput | None = None) -> dict:
    """What stands beside the fields of a step: the other steps, the gauges, what lacks here, what is suspected."""
    return {
        "project": project,
        "step": step,
        "marks": marks(project, step.code),
        "gauges": gauges(project, typed),
        "ends": ends_text(project),
        "lacking": lacks(project, step.code),
        "warnings": warnings_for(project, request.user, step=step.code),
    }


def fragments(request: HttpRequest, project: Project, step: Step) -> dict[str, str]:
    """The same, drawn again after a save by script: id on the page → HTML."""
    context = beside(request, project, step)
    return {
        f"step-{name}": render_to_string(f"projects/proposal/parts/{name}.html", context, request)
        for name in ("aside", "lacking", "warnings", "ends")
    }


@dataclass(frozen=True)
class Bar:
    """An activity on the timeline: where it starts and how long, in weeks."""

    title: str
    start: int
    weeks: int
    is_late: bool


WEEKS_A_MONTH = 52 / 12


def timeline(typed: StepInput) -> dict:
    """The activities that can be drawn, `bars`, on as many weeks as the project or its last activity lasts, `span`."""
    table = next((table for table in typed.tables if table.table.name == "activities"), None)
    if table is None:
        return {}
    months = typed.count("duration_months") if typed.data is not None else typed.project.duration_months
    length = ceil((months or 0) * WEEKS_A_MONTH)
    cells = [
        (row.form["title"].value(), row.form.shown("first_week"), row.form.shown("weeks"))
        for row in table.kept
        if not row.form.errors
    ]
    span = max([4, length, *(first + weeks - 1 for _title, first, weeks in cells)])
    bars = [Bar(title, first - 1, weeks, 0 < length < first + weeks - 1) for title, first, weeks in cells]
    return {"bars": bars, "span": span}


def return_reasons(project: Project) -> dict[str, str]:
    """What the last screening asked to mend, by step; empty unless the proposal was sent back."""
    if project.state != State.RETURNED:
        return {}
    reasons = ReturnReason.objects.filter(screening__project=project).order_by("screening__round")
    rounds: dict[int, dict[str, str]] = {}
    for reason in reasons:
        rounds.setdefault(reason.screening_id, {})[reason.step] = reason.text
    return list(rounds.values())[-1] if rounds else {}


def step_page(request: HttpRequest, project: Project, typed: StepInput, *, status: int = 200) -> HttpResponse:
    """The page of one step, as stored or as typed."""
    step = typed.step
    steps = steps_of(project)
    codes = list(steps)
    position = codes.index(step.code)
    is_typed = typed.data is not None
    errors = typed.errors if is_typed else {}
    context = {
        **beside(request, project, step, typed),
        "position": position + 1,
        "steps_count": len(codes),
        "previous": steps[codes[position - 1]] if position else None,
        "next_url": following_url(project, step),
        "form": typed.form,
        "tables": {table.table.name: table for table in typed.tables},
        "errors": errors,
        "dirty": ("refused" if errors else "typed") if is_typed else "",
        "fingerprint": typed.data.get("fingerprint", "") if is_typed else fingerprint_text(project, step),
        "asked": return_reasons(project).get(step.code, ""),
        "rate": typed.rate,
        "totals": typed.head_counts if step.code == "people" else {},
        **timeline(typed),
    }
    return render(request, "projects/proposal/step.html", context, status=status)
