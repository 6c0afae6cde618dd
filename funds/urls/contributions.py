"""Routes of contributions."""

from django.urls import path

from funds.views import contribution_steps as steps
from funds.views import contributions as pages

ONE = "contributions/<int:pk>/"

urlpatterns = [
    path("contributions/", pages.contributions, name="contributions"),
    path("contributions/nouvelle/", steps.create, name="contribution_create"),
    path(ONE, pages.contribution, name="contribution"),
    path(f"{ONE}fiche/", steps.edit, name="contribution_edit"),
    path(f"{ONE}retrait/", steps.withdraw, name="contribution_withdraw"),
    path(f"{ONE}signature/", steps.sign, name="contribution_sign"),
    path(f"{ONE}encaissement/", steps.receive, name="contribution_receive"),
    path(f"{ONE}encaissements/<int:receipt_pk>/preuve/", pages.proof, name="contribution_proof"),
    path(f"{ONE}encaissements/<int:receipt_pk>/annulation/", steps.cancel_receipt, name="contribution_cancel"),
    path(f"{ONE}pieces/nouvelle/", steps.file_paper, name="contribution_file"),
    path(f"{ONE}pieces/<int:paper_pk>/", pages.paper, name="contribution_paper"),
    path(f"{ONE}pieces/<int:paper_pk>/retrait/", steps.withdraw_paper, name="contribution_paper_withdraw"),
    path(f"{ONE}historique/", pages.contribution_history, name="contribution_history"),
]
