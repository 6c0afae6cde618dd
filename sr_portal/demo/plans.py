"""The sample plans and studies: four plans in force, what serves their priorities, and what studies found."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from funds.models import Organisation, PartnerActivity
from projects.models import Project
from projects.services import studies
from projects.states import EDITABLE
from regions.models import Axis, Direction, Indicator, Plan, Priority
from regions.models import Region as Place
from regions.services import plan_parts, plans
from sr_portal.web import clock
from sr_portal.web.versions import version_of

from .course import pdf
from .plan_texts import PLANS, STUDIES, Aim, Measure, Paper, Region
from .story import Story

DRAFTED, MEASURED = dt.date(2025, 2, 3), dt.date(2026, 9, 30)
UNSERVED = 5  # one project in five names no priority
DONATED = "Fonds de consolidation de la paix"  # named as funder of an activity: our own fund pays


def tell_plans(story: Story) -> None:
    """After projects and activities: those of each region then serve its priorities, by their sector."""
    places = {place.code: place for place in Place.objects.without_outline()}
    with clock.at(_moment(DRAFTED)), story.acting("chef.section") as head:
        made = {region.code: _plan(head, region, places[region.code]) for region in PLANS}
    with clock.at(_moment(MEASURED)), story.acting("gestionnaire") as officer:
        for region in PLANS:
            _measure(officer, made[region.code], region)
    serve()
    with clock.at(_moment(story.today - dt.timedelta(days=6))), story.acting("chef.bureau.gao") as manager:
        renewed = plans.new_version(by=manager, plan=made["ML-7"])
        note = "Les besoins en eau sont revus après la saison des pluies ; l’axe de la sécurité s’étend à Ménaka."
        said = {name: getattr(renewed, name) for name in plans.PLAN_FIELDS} | {"change_note": note}
        plans.change(by=manager, plan=renewed, values=said, seen=version_of(Plan.objects.get(pk=renewed.pk)))
    with clock.at(_moment(story.today - dt.timedelta(days=5))), story.acting("chef.section") as head:
        for paper in STUDIES:
            _study(head, paper, places, made, story.today)


def _moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)), timezone.get_default_timezone())


def _plan(by, region: Region, place: Place) -> Plan:
    first, last = (int(year) for year in region.title.rsplit(" ", 1)[1].split("–"))
    said = {
        "title": region.title, "lead": region.lead, "summary": region.summary, "change_note": "",
        "starts_on": dt.date(first, 1, 1), "ends_on": dt.date(last, 12, 31),
    }  # fmt: skip
    plan = plans.draft(by=by, region=place, values=said)
    for number, (title, aims) in enumerate(region.axes, 1):
        values = {"number": number, "title": title, "description": ""}
        axis = plan_parts.add(by=by, plan=plan, model=Axis, values=values)
        for aim in aims:
            _priority(by, plan, axis, aim)
    paper = pdf("PLAN RÉGIONAL (exemple)", region.title, region.lead, name=f"Plan {place.name}.pdf")
    plans.file_document(by=by, plan=plan, upload=paper)
    return plans.validate(by=by, plan=plan, seen=version_of(Plan.objects.get(pk=plan.pk)))


def _priority(by, plan: Plan, axis: Axis, aim: Aim) -> None:
    said = {
        "axis": axis, "code": aim.code, "title": aim.title, "description": aim.about, "need_usd": Decimal(aim.need),
        "theme": aim.theme, "lead": aim.lead,
    }  # fmt: skip
    priority = plan_parts.add(by=by, plan=plan, model=Priority, values=said)
    for measure in aim.measures:
        baseline, target = Decimal(measure.baseline), Decimal(measure.target)
        values = {
            "priority": priority, "name": measure.name, "unit": measure.unit, "baseline": baseline, "target": target,
            "direction": Direction.UP if target > baseline else Direction.DOWN, "baseline_on": DRAFTED,
            "target_on": plan.ends_on, "latest": None, "latest_on": None, "source": measure.source,
        }  # fmt: skip
        plan_parts.add(by=by, plan=plan, model=Indicator, values=values)


def _measure(by, plan: Plan, region: Region) -> None:
    told: dict[str, Measure] = {m.name: m for _axis, aims in region.axes for aim in aims for m in aim.measures}
    for indicator in Indicator.objects.filter(priority__plan=plan).select_related("priority__plan"):
        measure = told[indicator.name]
        if measure.latest is not None:
            values = {"latest": Decimal(measure.latest), "latest_on": MEASURED, "source": measure.source}
            plan_parts.measure(by=by, indicator=indicator, values=values, seen=version_of(indicator))


def serve() -> None:
    """Projects and activities of a region serve the priority of their family of sectors, but for one in five."""
    by_theme = {
        (one.plan.region_id, one.theme): one.pk
        for one in Priority.objects.filter(plan__status="validated").select_related("plan")
    }
    PartnerActivity.objects.filter(funder=DONATED).update(own_fund="PBF")
    served: dict[tuple[type, int], list[int]] = {}
    for model in (Project, PartnerActivity):
        rows = model.objects.exclude(sector=None).order_by("pk")
        if model is Project:
            rows = rows.exclude(state__in=EDITABLE)
        for rank, (key, region, theme) in enumerate(rows.values_list("pk", "region_id", "sector__group_fr")):
            if (region, theme) in by_theme and (rank + 1) % UNSERVED:
                served.setdefault((model, by_theme[region, theme]), []).append(key)
    for (model, priority), keys in served.items():
        model.objects.filter(pk__in=keys).update(priority=priority)


def _study(by, paper: Paper, places: dict[str, Place], made: dict[str, Plan], today: dt.date) -> None:
    began, ended, out = (today - dt.timedelta(days=30 * months) if months else None for months in paper.months)
    values = {
        "title": paper.title, "other_institutions": paper.others, "abstract": paper.abstract, "starts_on": began,
        "ends_on": ended, "published_on": out, "regions": [places[code] for code in paper.regions],
        "institutions": list(Organisation.objects.filter(acronym__in=paper.acronyms)),
    }  # fmt: skip
    study = studies.record(by=by, values=values)
    if out:
        upload = pdf("RAPPORT FINAL (exemple)", paper.title, name="Rapport final.pdf")
        studies.add_document(by=by, study=study, upload=upload, label="Rapport final")
    for number, found in enumerate(paper.found, 1):
        aims = [made[code].priorities.get(code=aim) for code, aim in found.aims]
        on = Project.objects.filter(priority__in=aims).exclude(reference=None).order_by("pk")[:2]
        said = {
            "number": number, "statement": found.statement, "recommendation": found.asks, "priorities": aims,
            "projects": list(on),
        }  # fmt: skip
        studies.add_finding(by=by, study=study, values=said)
