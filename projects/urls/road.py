"""A project's page, its history, and the steps of its road."""

from django.urls import path

from projects.views import road

urlpatterns = [
    path("projets/<int:pk>/", road.project_detail, name="detail"),
]
