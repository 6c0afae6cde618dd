"""Routes of imports."""

from django.urls import path

from sr_portal.imports import views

app_name = "imports"

urlpatterns = [
    path("importer/", views.home, name="home"),
    path("importer/<int:pk>/", views.detail, name="detail"),
    path("importer/<int:pk>/colonnes/", views.mapping, name="mapping"),
    path("importer/<int:pk>/erreurs.csv", views.report, name="report"),
    path("importer/<slug:code>/fichier/", views.start, name="start"),
    path("importer/<slug:code>/modele.xlsx", views.template, name="template"),
]
