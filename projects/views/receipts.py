"""The receipts of a project: listed, entered by who follows it, judged by finance, each with its document."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Sum
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects.forms.receipts import JudgementForm, ReceiptFilterForm, ReceiptForm
from projects.models import AgreedLine, Instalment, Payment, Project, Receipt, ReceiptState
from projects.money_steps import ENTER, JUDGE, REJECT_LATER, MoneyStep
from projects.notices import happenings
from projects.notices.telling import announced
from projects.services import receipts as services
from projects.states import State
from sr_portal.documents.serving import serve
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage
from sr_portal.web.templatetags.portal import day, usd

from .money import why_not_you
from .money_doors import WITH_MONEY, money_project, rate_of_the_month
from .project_pages import act
from .road_refusals import not_for_you


# --- The list -------------------------------------------------------------------------------------------------------
@require_safe
@login_required
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    project = _listed(request.user, pk)
    form = ReceiptFilterForm(
        request.GET, positions=project.positions, lines=[(line["pk"], line["label"]) for line in project.line_choices]
    )
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    lookups = {"etat": "state", "tranche": "instalment__position", "ligne": "line_id"}
    found = Receipt.objects.filter(
        instalment__project=project, **{lookups[name]: value for name, value in wanted.items()}
    )
    page = KeysetPage.of(found.for_list(), request.GET.get(PARAMETER, ""), order="-issued_on")
    context = {
        "project": project,
        "state": State(project.state),
        "filter": form,
        "page": page,
        "sums": found.order_by().aggregate(count=Count("pk"), amount=Sum("amount_usd")),
        "is_filtered": bool(wanted),
        "may_enter": bool(ENTER.role(request.user, project)) and State(project.state) in ENTER.projects,
    }
    return render(request, "projects/money/receipts.html", context)


def _listed(user, pk: int) -> Any:
    """The project in short with the choices of the filters, in one query; 404 as `money_project`."""
    here = {"project": OuterRef("pk")}
    found = (
        Project.objects.visible_to(user)
        .filter(state__in=WITH_MONEY)
        .select_related("region")
        .only("reference", "title", "state", "author", "region__name")
        .annotate(
            positions=ArraySubquery(Instalment.objects.filter(**here).order_by("position").values("position")),
            line_choices=ArraySubquery(
                AgreedLine.objects.filter(**here).order_by("pk").values(choice=JSONObject(pk="pk", label="label"))
            ),
        )
    )
    return get_object_or_404(found, pk=pk)


# --- Entering -------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def receipt_enter(request: HttpRequest, pk: int) -> HttpResponse:
    project, user = money_project(request.user, pk), request.user
    if why := why_not_you(ENTER, user, project, None):
        return not_for_you(request, project, why)
    posted = request.method == "POST"
    instalments, lines = list(project.instalments.all()), list(project.agreed_lines.all())
    kept = None if posted else take_kept(request)
    form = ReceiptForm(
        request.POST if posted else kept, request.FILES if posted else None, instalments=instalments, lines=lines,
        rate=rate_of_the_month(), paid=_last_in_francs(project), initial=_proposed(request, instalments),
    )  # fmt: skip

    def effect() -> str:
        instalment, line = form.chosen
        made = services.enter(
            instalment=instalment, line=line, user=user, piece=form.piece, document=form.cleaned_data["document"]
        )
        messages.success(
            request,
            _("La pièce %(number)s est enregistrée. Les finances doivent la vérifier.") % {"number": made.number},
        )
        if "again" in request.POST:
            query = urlencode({"tranche": instalment.position, "ligne": line.pk, "fournisseur": made.supplier})
            return f"{request.path}?{query}"
        return reverse("projects:receipts", args=[pk])

    context = {
        "project": project,
        "state": State(project.state),
        "was_sent": posted,
        "announced": announced(happenings.of_receipts(project, user)),
        "reasons": [str(reason) for reason in ENTER.reasons_not_now(project, None, [])],
    }
    try:
        return act(request, "projects/money/receipt_form.html", form, effect, context)
    except PermissionDenied:
        return not_for_you(request, project, why_not_you(ENTER, user, project, None))


def _last_in_francs(project: Project) -> Payment | None:
    """The last payment made in francs: receipts are counted at the rate at which the partner had the money."""
    paid = Payment.objects.filter(instalment__project=project, kind="payment", undone=False, currency="XOF")
    return paid.order_by("-paid_on", "-pk").first()


def _proposed(request: HttpRequest, instalments: Sequence[Instalment]) -> dict[str, Any]:
    """What the last entry had in common, or the last instalment that was paid."""
    paid = [instalment.position for instalment in instalments if instalment.paid_usd]
    proposed = {"instalment": request.GET.get("tranche") or (paid[-1] if paid else None)}
    if request.GET.get("ligne"):
        proposed["line"] = request.GET["ligne"]
    if request.GET.get("fournisseur"):
        proposed["supplier"] = request.GET["fournisseur"][:150]
    return proposed


# --- One receipt ----------------------------------------------------------------------------------------------------
def receipt_of(project: Project, receipt_pk: int) -> Receipt:
    found = Receipt.objects.select_related("instalment", "line", "document", "entered_by", "judged_by")
    receipt = get_object_or_404(found, pk=receipt_pk, instalment__project=project)
    receipt.instalment.project = project
    return receipt


def step_for(receipt: Receipt) -> MoneyStep:
    return REJECT_LATER if receipt.state == ReceiptState.ACCEPTED else JUDGE


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def receipt(request: HttpRequest, pk: int, receipt_pk: int) -> HttpResponse:
    """What the receipt says, its document and, for finance, the judgement."""
    project, user = money_project(request.user, pk), request.user
    shown = receipt_of(project, receipt_pk)
    step = step_for(shown)
    posted = request.method == "POST"
    if posted and (why := why_not_you(step, user, project, shown)):
        return not_for_you(request, project, why)
    form = JudgementForm(request.POST if posted else take_kept(request), receipt=shown)

    def effect() -> str:
        if form.accepts:
            services.accept(receipt=shown, user=user)
            messages.success(request, _("La pièce %(number)s est acceptée : elle compte.") % {"number": shown.number})
        else:
            services.reject(receipt=shown, user=user, reason=form.cleaned_data["reason"])
            messages.success(request, _("La pièce %(number)s est rejetée, avec son motif.") % {"number": shown.number})
        return f"{reverse('projects:receipts', args=[pk])}?etat=submitted" if form.accepts else request.path

    def context() -> dict:
        now = receipt_of(project, receipt_pk) if posted else shown
        return _judging(user, project, now)

    try:
        return act(request, "projects/money/receipt.html", form, effect, context)
    except PermissionDenied:
        return not_for_you(request, project, why_not_you(step, user, project, receipt_of(project, receipt_pk)))


def _judging(user, project: Project, shown: Receipt) -> dict:
    step = step_for(shown)
    opens = bool(step.role(user, project)) and not step.reasons_not_now(project, shown, [])
    bars = [str(reason) for reason in step.bars(user, project, shown)] if opens else []
    return {
        "project": project,
        "state": State(project.state),
        "receipt": shown,
        "may_judge": opens and not bars,
        "judge_bars": bars,
        "is_accepted": shown.state == ReceiptState.ACCEPTED,
        "doubts": doubts_about(project, shown) if shown.state == ReceiptState.SUBMITTED else [],
        "twins": services.twins(shown) if opens else [],
    }


def doubts_about(project: Project, shown: Receipt) -> list[str]:
    """What who verifies should look at twice; none of it refuses the receipt by itself."""
    told = []
    signed = project.agreement.signed_on
    if signed and shown.issued_on < signed:
        told.append(_("La pièce est antérieure à la signature du protocole, le %(day)s.") % {"day": day(signed)})
    over = shown.amount_usd - shown.line.left_usd
    if over > 0:
        text = _("Acceptée, elle porterait la ligne « %(line)s » à %(over)s au-delà de son montant.")
        told.append(text % {"line": shown.line.label, "over": usd(over)})
    room = services.room_usd(shown.instalment)
    if shown.amount_usd > room:
        text = _("La tranche ne peut plus recevoir que %(room)s de pièces : celle-ci ne pourra pas être acceptée.")
        told.append(text % {"room": usd(room)})
    return told


@require_safe
@login_required
def receipt_document(request: HttpRequest, pk: int, receipt_pk: int) -> HttpResponseBase:
    document = receipt_of(money_project(request.user, pk), receipt_pk).document
    if document.is_withdrawn:
        raise Http404
    return serve(document)
