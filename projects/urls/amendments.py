"""Amendments, and moves between lines of the agreed budget."""

from django.urls import path

from projects.views import amendments, budget_moves

urlpatterns = [
    path("projets/<int:pk>/protocole/virement/", budget_moves.move, name="budget_shift"),
    path("projets/<int:pk>/avenants/", amendments.amendments, name="amendments"),
    path("projets/<int:pk>/avenants/nouveau/", amendments.create, name="amendment_create"),
    path("projets/<int:pk>/avenants/<int:number>/", amendments.amendment, name="amendment"),
    path("projets/<int:pk>/avenants/<int:number>/modifier/", amendments.edit, name="amendment_edit"),
    path("projets/<int:pk>/avenants/<int:number>/etapes/<slug:name>/", amendments.step, name="amendment_step"),
]
