"""The open data, and the exports of lists."""

from django.urls import path

from projects.views import data

urlpatterns = [
    path("donnees/", data.data, name="data"),
    path("donnees/fichiers/<uuid:public_id>/", data.published_file, name="published_file"),
    path("donnees/<str:name>", data.data_file, name="data_file"),
    path("projets/export.<slug:form>", data.project_export, name="export"),
]
