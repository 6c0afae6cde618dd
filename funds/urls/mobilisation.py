"""Routes of resource mobilisation: the pipeline of prospects, the concept notes."""

from django.urls import path

from funds.views import concept_note_steps as writing
from funds.views import concept_notes as notes
from funds.views import prospect_steps as steps
from funds.views import prospects as pages

ONE = "mobilisation/prospects/<int:pk>/"
NOTE = "mobilisation/notes/<int:pk>/"

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
    path("mobilisation/notes/", notes.notes, name="concept_notes"),
    path("mobilisation/notes/nouvelle/", writing.create, name="concept_note_create"),
    path(NOTE, notes.note, name="concept_note"),
    path(f"{NOTE}note.pdf", notes.note_pdf, name="concept_note_pdf"),
    path(f"{NOTE}partage/", writing.share, name="concept_note_share"),
    path(f"{NOTE}reponse/", writing.answer, name="concept_note_answer"),
    path(f"{NOTE}reprise/", writing.rework, name="concept_note_rework"),
    path(f"{NOTE}historique/", notes.note_history, name="concept_note_history"),
    path(f"{NOTE}sections/<slug:section>/", writing.edit, name="concept_note_edit"),
]
