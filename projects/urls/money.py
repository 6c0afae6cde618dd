"""The money of a project: instalments, payments, receipts; and what waits for finance in all projects."""

from django.urls import path

from projects.money_steps import INSTALMENT_STEPS
from projects.views import money, payments, payments_due, receipts

PATHS = {
    "request": "demande", "authorise": "autorisation", "pay": "paiement", "settle": "solde", "send_back": "renvoi",
    "refund": "remboursement",
}  # fmt: skip

urlpatterns = [
    path("paiements/", payments_due.payments_due, name="payments_due"),
    path("projets/<int:pk>/argent/", money.money, name="money"),
    *(
        path(f"projets/<int:pk>/argent/tranches/<int:position>/{PATHS[name]}/", money.step_view(name), name=f"instalment_{name}")
        for name in INSTALMENT_STEPS
    ),
    path("projets/<int:pk>/argent/ecritures/<int:payment_pk>/", payments.payment, name="payment"),
    path(
        "projets/<int:pk>/argent/ecritures/<int:payment_pk>/contre-passation/",
        payments.payment_reverse,
        name="payment_reverse",
    ),
    path(
        "projets/<int:pk>/argent/ecritures/<int:payment_pk>/recu-signe/",
        payments.payment_signed_receipt,
        name="payment_signed_receipt",
    ),
    path(
        "projets/<int:pk>/argent/ecritures/<int:payment_pk>/preuve/",
        payments.payment_document, {"kind": "preuve"}, name="payment_proof",
    ),
    path(
        "projets/<int:pk>/argent/ecritures/<int:payment_pk>/recu/",
        payments.payment_document, {"kind": "recu"}, name="payment_receipt_file",
    ),
    path("projets/<int:pk>/argent/pieces/", receipts.receipts, name="receipts"),
    path("projets/<int:pk>/argent/pieces/nouvelle/", receipts.receipt_enter, name="receipt_enter"),
    path("projets/<int:pk>/argent/pieces/<int:receipt_pk>/", receipts.receipt, name="receipt"),
    path("projets/<int:pk>/argent/pieces/<int:receipt_pk>/document/", receipts.receipt_document, name="receipt_document"),
]  # fmt: skip
