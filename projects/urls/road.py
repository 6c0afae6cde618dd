"""A project's page, its history, and the steps of its road."""

from django.urls import path

from projects.views import clearances, road, road_history, road_screening, road_steps, serving

urlpatterns = [
    path("projets/<int:pk>/", road.project_detail, name="detail"),
    path("projets/<int:pk>/etapes/<slug:name>/", road_steps.transition, name="transition"),
    path("projets/<int:pk>/examen/", road_screening.screening, name="screening"),
    path("projets/<int:pk>/accord-du-siege/", clearances.record, name="clearance"),
    path("projets/<int:pk>/priorite/", serving.priority, name="priority"),
    path("projets/<int:pk>/historique/", road_history.history, name="history"),
]
