"""From needs and concept notes to projects."""

from django.urls import path

from projects.views import from_concept_note, gaps

urlpatterns = [
    path("mobilisation/besoins/", gaps.gaps, name="gaps"),
    path("mobilisation/besoins.csv", gaps.gaps_csv, name="gaps_csv"),
    path("mobilisation/notes/<int:pk>/proposition/", from_concept_note.create_from_note, name="create_from_note"),
    path("mobilisation/notes/<int:pk>/projet/", from_concept_note.project_of_note, name="project_of_note"),
]
