"""One entry of a project's money: what it says, its documents, its reversal, the receipt signed by the partner."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects.forms.money import ReasonForm, SignedReceiptForm
from projects.models import Payment, PaymentKind, Project
from projects.money_steps import JOIN_SIGNED, REVERSE
from projects.services import payments as services
from projects.states import State
from sr_portal.documents.serving import serve
from sr_portal.web.kept import keeps_input, take_kept

from .money import why_not_you
from .money_doors import money_project
from .project_pages import act
from .road_refusals import not_for_you

DOCUMENTS = {"preuve": "proof", "recu": "signed_receipt"}


def entry_of(project: Project, payment_pk: int) -> Payment:
    found = Payment.objects.for_page().select_related("instalment")
    entry = get_object_or_404(found, pk=payment_pk, instalment__project=project)
    entry.instalment.project = project
    return entry


def url_of(entry: Payment, name: str = "payment") -> str:
    return reverse(f"projects:{name}", args=[entry.instalment.project_id, entry.pk])


def is_reversible(entry: Payment) -> bool:
    return entry.kind != PaymentKind.REVERSAL and not entry.undone


def lacks_signed_receipt(entry: Payment) -> bool:
    joined = entry.signed_receipt is not None and not entry.signed_receipt.is_withdrawn
    return entry.kind == PaymentKind.PAYMENT and not entry.undone and not joined


@require_safe
@login_required
def payment(request: HttpRequest, pk: int, payment_pk: int) -> HttpResponse:
    project = money_project(request.user, pk)
    entry = entry_of(project, payment_pk)
    open_books = State(project.state) in REVERSE.projects
    context = {
        "project": project,
        "state": State(project.state),
        "entry": entry,
        "mirror": getattr(entry, "reversed_by", None),
        "may_reverse": open_books and is_reversible(entry) and bool(REVERSE.role(request.user, project)),
        "reverse_bars": REVERSE.bars_of_record(request.user, entry),
        "may_join": open_books and lacks_signed_receipt(entry) and bool(JOIN_SIGNED.role(request.user, project)),
    }
    return render(request, "projects/money/payment.html", context)


@require_safe
@login_required
def payment_document(request: HttpRequest, pk: int, payment_pk: int, kind: str) -> HttpResponseBase:
    """The proof of an entry, or the receipt that the partner signed; 404 when there is none or it was withdrawn."""
    document = getattr(entry_of(money_project(request.user, pk), payment_pk), DOCUMENTS[kind])
    if document is None or document.is_withdrawn:
        raise Http404
    return serve(document)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def payment_reverse(request: HttpRequest, pk: int, payment_pk: int) -> HttpResponse:
    project, user = money_project(request.user, pk), request.user
    entry = entry_of(project, payment_pk)
    if why := why_not_you(REVERSE, user, project, entry):
        return not_for_you(request, project, why)
    form = ReasonForm(request.POST if request.method == "POST" else take_kept(request))

    def effect() -> str:
        mirror = services.reverse(payment=entry, user=user, reason=form.cleaned_data["reason"])
        messages.success(request, _("L’écriture %(reference)s est annulée.") % {"reference": entry.reference})
        return url_of(mirror)

    def context() -> dict:
        now = entry_of(project, payment_pk) if request.method == "POST" else entry
        refused = [str(reason) for reason in REVERSE.reasons_not_now(project, now, [])]
        if not refused and not is_reversible(now):
            refused = [_("Cette écriture est déjà annulée, ou en annule une autre : elle ne s’annule pas.")]
        return {"project": project, "state": State(project.state), "entry": now, "reasons": refused}

    return act(request, "projects/money/reverse.html", form, effect, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def payment_signed_receipt(request: HttpRequest, pk: int, payment_pk: int) -> HttpResponse:
    project, user = money_project(request.user, pk), request.user
    entry = entry_of(project, payment_pk)
    if why := why_not_you(JOIN_SIGNED, user, project, entry):
        return not_for_you(request, project, why)
    posted = request.method == "POST"
    form = SignedReceiptForm(request.POST if posted else None, request.FILES if posted else None)

    def effect() -> str:
        services.join_signed_receipt(payment=entry, user=user, receipt=form.cleaned_data["receipt"])
        messages.success(request, _("Le reçu signé du partenaire est joint."))
        return url_of(entry)

    context = {"project": project, "state": State(project.state), "entry": entry, "was_sent": posted}
    try:
        return act(request, "projects/money/signed_receipt.html", form, effect, context)
    except PermissionDenied:
        return not_for_you(request, project, why_not_you(JOIN_SIGNED, user, project, entry))
