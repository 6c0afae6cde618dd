"""Routes of resource mobilisation: the pipeline of prospects."""

from django.urls import path

from funds.views import prospect_steps as steps
from funds.views import prospects as pages

ONE = "mobilisation/prospects/<int:pk>/"

urlpatterns = [
    path("mobilisation/", pages.board, name="prospect_board"),
    path("mobilisation/prospects/", pages.prospects, name="prospects"),
    path("mobilisation/prospects/export.csv", pages.prospects_export, {"form": "csv"}, name="prospects_csv"),
    path("mobilisation/prospects/export.xlsx", pages.prospects_export, {"form": "xlsx"}, name="prospects_xlsx"),
    path("mobilisation/prospects/nouveau/", steps.create, name="prospect_create"),
    path(ONE, pages.prospect, name="prospect"),
    path(f"{ONE}fiche/", steps.edit, name="prospect_edit"),
    path(f"{ONE}etape/", steps.move, name="prospect_move"),
    path(f"{ONE}contact/", steps.contact, name="prospect_contact"),
    path(f"{ONE}gagner/", steps.win, name="prospect_win"),
    path(f"{ONE}perdre/", steps.lose, name="prospect_lose"),
    path(f"{ONE}reprendre/", steps.reopen, name="prospect_reopen"),
    path(f"{ONE}historique/", pages.prospect_history, name="prospect_history"),
]
