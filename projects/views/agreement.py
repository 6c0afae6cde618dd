"""The agreement of a project: read by all who read the project, prepared page by page until it is signed."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funds.models import Organisation
from projects.forms.agreement import AgreementForm, CopyForm, LinesForm, PlanForm, WithdrawalForm
from projects.models import AgreedLine, Agreement, AgreementCopy, AmendmentState, Project
from projects.rules import ends_on, plan
from projects.services import agreements as services
from projects.services import amendment_content as contents
from projects.services import budget_moves
from projects.services.drafting import fingerprint_of_all
from projects.states import GRANTED, UNDER_AGREEMENT, State
from sr_portal.documents.serving import serve
from sr_portal.web import clock
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.together import get_together

from . import agreement_page as page
from .project_pages import act
from .road_refusals import moved_on, not_for_you, typed_in
from .two_versions import differences


def home(project: Project) -> str:
    return reverse("projects:agreement", args=[project.pk])


def prepared(project: Project) -> Agreement | None:
    return getattr(project, "agreement", None)


def readable(user, pk: int) -> Project:
    """The project with its agreement, lines and instalments; 404 outside what the user may read."""
    found = (
        Project.objects.visible_to(user)
        .select_related(
            "region", "mechanism", "partner", "decision__decided_by", "agreement__prepared_by", "agreement__signed_by"
        )
        .defer("search", "region__outline")
        .prefetch_related(
            "coauthors", "instalments", "amendments",
            Prefetch("agreed_lines", AgreedLine.objects.select_related("line")),
            Prefetch(
                "agreement__copies",
                AgreementCopy.objects.select_related("document__uploaded_by", "document__withdrawn_by"),
            ),
        )
    )  # fmt: skip
    return get_together(found, pk=pk)


# --- Reading --------------------------------------------------------------------------------------------------------
@require_safe
@login_required
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    project = readable(request.user, pk)
    if State(project.state) not in GRANTED:
        raise Http404
    found = prepared(project)
    waits = State(project.state) == State.APPROVED
    signed_usd = (project.approved_usd or page.ZERO) - project.amended_usd
    months = contents.original(project, "duration_months", project.duration_months) or 1
    lines, shares = page.lines(project), page.shares(project, signed_usd)
    context = {
        "project": project,
        "state": State(project.state),
        "agreement": found,
        "may_prepare": waits and not services.reasons_against_preparing(request.user, project),
        "waits": waits,
        "checks": (checks := page.checks(project) if waits else []),
        "ready": not any(check.lacks for check in checks),
        "signed_usd": signed_usd,
        "months": months,
        "ends_on": ends_on(found.starts_on, months) if found else None,
        "partner": _signing_partner(project),
        "start_is_past": waits and found is not None and found.starts_on < clock.today(),
        "is_signed": found is not None and found.signed_at is not None,
        "amended": [row for row in project.amendments.all() if row.state == AmendmentState.APPROVED],
        "shifts": [] if waits else list(project.budget_shifts.select_related("source", "target", "moved_by")),
        "may_move": State(project.state) in UNDER_AGREEMENT and budget_moves.may_move(request.user, project),
        "lines": lines,
        "lines_total": sum((row.line.amount_usd for row in lines), page.ZERO),
        "lines_moved": any(row.moved for row in lines),
        "shares": shares,
        "planned_total": sum((share.signed or page.ZERO for share in shares), page.ZERO),
        "plan_moved": any(share.moved for share in shares),
        "articles": page.articles(found) if found else [],
        "copies": page.copies_of(found) if found else [],
    }
    return render(request, "projects/agreement/page.html", context)


def _signing_partner(project: Project) -> Organisation | None:
    """The partner that signed, even when an amendment put another in its place."""
    signed = contents.original(project, "partner", project.partner_id)
    return project.partner if signed == project.partner_id else Organisation.objects.filter(pk=signed).first()


@require_safe
@login_required
def copy(request: HttpRequest, pk: int, copy_pk: int) -> HttpResponseBase:
    """A signed copy, for those who may read the project; 404 for one that was withdrawn."""
    project = readable(request.user, pk)
    return serve(_copy(project, copy_pk).document)


def _copy(project: Project, copy_pk: int) -> AgreementCopy:
    in_force = AgreementCopy.objects.select_related("document", "agreement").filter(document__withdrawn_at=None)
    return get_object_or_404(in_force, pk=copy_pk, agreement__project=project)


# --- Preparing ------------------------------------------------------------------------------------------------------
def _closed(request: HttpRequest, project: Project, what, form: forms.BaseForm | None = None) -> HttpResponse | None:
    """The answer to who may not prepare (403), or comes before the approval or after the signature (409)."""
    if not services.PREPARING.is_allowed(request.user, project):
        return not_for_you(request, project, services.reasons_against_preparing(request.user, project))
    if State(project.state) not in services.PREPARING.sources:
        return moved_on(request, project, what, typed_in(form) if form else ())
    return None


def _prepare(
    request: HttpRequest,
    project: Project,
    template: str,
    form: forms.Form,
    stored: Callable[[], Mapping[str, Any]],
    save: Callable[[str], str],
    **context: Any,
) -> HttpResponse:
    """One page of the preparation: saved when nobody saved it in between, else both versions side by side."""
    base = form.data.get("fingerprint", "")  # also that of an input kept over a sign-in

    def effect() -> str:
        messages.success(request, save(base))
        return home(project)

    def shown() -> dict[str, Any]:
        now = stored()
        fresh = fingerprint_of_all(now)
        changed = request.method == "POST" and fresh != base
        return {
            "project": project,
            "state": State(project.state),
            "fingerprint": fresh if request.method == "POST" else base or fresh,
            "differences": differences(form, now) if changed else None,
            **context,
        }

    return act(request, template, form, effect, shown)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    project = readable(request.user, pk)
    if answer := _closed(request, project, _("Préparer le protocole")):
        return answer
    found = prepared(project)
    in_force = services.clauses_for(project, found.language) if found else []
    form = AgreementForm(
        request.POST if request.method == "POST" else take_kept(request),
        project=project, agreement=found, initial={} if found else _first_values(project),
        offers_clauses=found is not None and found.clauses != in_force,
    )  # fmt: skip

    def save(base: str) -> str:
        before = services.text_of(project)
        saved = services.save_text(
            project=project, user=request.user, values=form.values, base=base,
            renew_clauses=form.cleaned_data.get("renew_clauses", False),
        )  # fmt: skip
        if not before:
            return _("Le protocole %(number)s est préparé : vérifiez les lignes du budget et le plan des tranches.") % {
                "number": saved.number
            }
        if before["starts_on"] != saved.starts_on:
            return _("Le protocole est enregistré ; les jours prévus des tranches sont décalés d’autant.")
        return _("Le protocole est enregistré.")

    return _prepare(
        request, project, "projects/agreement/edit.html", form, lambda: services.text_of(project), save, agreement=found
    )


def _first_values(project: Project) -> dict[str, Any]:
    """What is proposed the first time: what the proposal and the decision say."""
    approved_on = services.approved_on(project)
    return {
        "starts_on": max(project.starts_on or approved_on, approved_on, clock.today()),
        "partner_signatory": project.partner.contact_name if project.partner else "",
        "mission_signatory": project.decision.decided_by.name,
        "special_conditions": project.decision.conditions,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    project = readable(request.user, pk)
    if answer := _closed(request, project, _("Répartir le budget")) or _not_prepared(request, project):
        return answer
    lines = list(project.agreed_lines.all())
    form = LinesForm(request.POST if request.method == "POST" else take_kept(request), lines=lines)

    def save(base: str) -> str:
        services.save_lines(project=project, user=request.user, amounts=form.amounts, base=base)
        return _("Le budget convenu est enregistré.")

    return _prepare(request, project, "projects/agreement/budget.html", form, lambda: services.lines_of(project), save)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def instalments(request: HttpRequest, pk: int) -> HttpResponse:
    project = readable(request.user, pk)
    if answer := _closed(request, project, _("Fixer le plan des tranches")) or _not_prepared(request, project):
        return answer
    form = PlanForm(request.POST if request.method == "POST" else take_kept(request), stored=services.plan_of(project))

    def save(base: str) -> str:
        services.save_plan(project=project, user=request.user, rows=form.typed, base=base)
        return _("Le plan des tranches est enregistré.")

    limits = plan.limits_of(project)
    approved = project.approved_usd or page.ZERO
    return _prepare(
        request, project, "projects/agreement/instalments.html", form, lambda: services.plan_of(project), save,
        limits=limits, most_first=plan.part_of(approved, limits.first_max),
        least_last=plan.part_of(approved, limits.last_min),
    )  # fmt: skip


def _not_prepared(request: HttpRequest, project: Project) -> HttpResponse | None:
    if prepared(project) is None:
        return render(
            request, "projects/agreement/not_prepared.html", {"project": project, "state": State(project.state)}
        )
    return None


# --- Signed copies --------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def copy_add(request: HttpRequest, pk: int) -> HttpResponse:
    project = readable(request.user, pk)
    if answer := _closed(request, project, _("Joindre un exemplaire signé")) or _not_prepared(request, project):
        return answer
    kept = None if request.method == "POST" else take_kept(request)
    if kept is not None:
        messages.warning(request, _("Le fichier n’a pas été reçu : choisissez-le de nouveau."))
    form = CopyForm(
        request.POST if request.method == "POST" else None, request.FILES or None, initial=kept.dict() if kept else None
    )

    def effect() -> str:
        services.add_copy(project=project, user=request.user, **form.cleaned_data)
        messages.success(request, _("L’exemplaire signé est au dossier."))
        return home(project)

    context = {"project": project, "state": State(project.state), "was_sent": request.method == "POST"}
    return act(request, "projects/agreement/copy_form.html", form, effect, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def copy_withdraw(request: HttpRequest, pk: int, copy_pk: int) -> HttpResponse:
    project = readable(request.user, pk)
    if answer := _closed(request, project, _("Retirer un exemplaire signé")):
        return answer
    copy = _copy(project, copy_pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else take_kept(request))

    def effect() -> str:
        services.withdraw_copy(project=project, user=request.user, copy=copy, reason=form.cleaned_data["reason"])
        messages.success(request, _("L’exemplaire est retiré ; il reste au dossier avec son motif."))
        return home(project)

    context = {"project": project, "state": State(project.state), "copy": copy}
    return act(request, "projects/agreement/copy_withdraw.html", form, effect, context)
