"""The parts of a plan, written one by one: axes, priorities, indicators with their measures."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from funds.themes import themes
from regions import access
from regions.forms.plans import AxisForm, IndicatorForm, MeasureForm, PriorityForm
from regions.forms.seen import SeenForm
from regions.models import Axis, Indicator, Plan, Priority
from regions.services import plan_parts as services
from sr_portal.accounts.access import only
from sr_portal.web.kept import keeps_input
from sr_portal.web.once import act_once

from .plan_forms import acted, typed
from .plans import must_write

FORMS: dict[type[services.Part], type[SeenForm]] = {Axis: AxisForm, Priority: PriorityForm, Indicator: IndicatorForm}
OF_PLAN = {Axis: "plan", Priority: "plan", Indicator: "priority__plan"}
FRAGMENT = {Axis: "axis", Priority: "priority", Indicator: "indicator"}


def form_of(request: HttpRequest, model: type[services.Part], plan: Plan, **kwargs: Any) -> SeenForm:
    if model is Priority:
        kwargs["themes"] = list(themes().items())
    return FORMS[model](typed(request), plan=plan, **kwargs)


def part_of(model: type[services.Part], plan_pk: int, pk: int) -> services.Part:
    return get_object_or_404(model, pk=pk, **{OF_PLAN[model]: plan_pk})


def address(plan: Plan, part: services.Part) -> str:
    return f"{plan.get_absolute_url()}#{FRAGMENT[type(part)]}-{part.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def part_add(request: HttpRequest, pk: int, model: type[services.Part]) -> HttpResponse:
    shown = must_write(request, pk)
    beneath = "axis" if model is Priority else "priority"
    chosen = request.GET.get(beneath, "")
    form = form_of(request, model, shown, initial={beneath: chosen} if chosen.isdecimal() else {})

    def act() -> str:
        made = services.add(by=request.user, plan=shown, model=model, values=form.values)
        messages.success(request, _("« %(name)s » est dans le plan.") % {"name": made})
        return address(shown, made)

    return acted(request, "regions/plans/part.html", form, act, {"plan": shown, "kind": FRAGMENT[model]})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def part_edit(request: HttpRequest, pk: int, part_pk: int, model: type[services.Part]) -> HttpResponse:
    shown = must_write(request, pk)
    part = part_of(model, pk, part_pk)
    form = form_of(request, model, shown, instance=part_of(model, pk, part_pk))

    def act() -> str:
        services.change(by=request.user, part=part, values=form.values, seen=form.cleaned_data["seen"])
        messages.success(request, _("Le plan est à jour."))
        return address(shown, part)

    context = {"plan": shown, "kind": FRAGMENT[model], "part": part}
    return acted(request, "regions/plans/part.html", form, act, context, again=lambda: part_of(model, pk, part_pk))


@require_POST
@only(access.writes_somewhere)
def part_remove(request: HttpRequest, pk: int, part_pk: int, model: type[services.Part]) -> HttpResponse:
    shown = must_write(request, pk)
    part = part_of(model, pk, part_pk)

    def effect() -> str:
        try:
            services.remove(by=request.user, part=part)
        except services.Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("« %(name)s » n’est plus dans le plan.") % {"name": part})
        return shown.get_absolute_url()

    return act_once(request, effect)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def indicator_measure(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    shown = must_write(request, pk)
    indicator = part_of(Indicator, pk, part_pk)
    form = MeasureForm(typed(request), instance=part_of(Indicator, pk, part_pk))

    def act() -> str:
        services.measure(by=request.user, indicator=indicator, values=form.values, seen=form.cleaned_data["seen"])
        messages.success(request, _("La mesure est enregistrée."))
        return address(shown, indicator)

    context = {"plan": shown, "kind": "measure", "part": indicator}
    again = lambda: part_of(Indicator, pk, part_pk)  # noqa: E731
    return acted(request, "regions/plans/part.html", form, act, context, again=again)
