"""A project's file: its page, its documents, and the whole of it."""

from django.urls import path

from projects.views import dossier

urlpatterns = [
    path("projets/<int:pk>/dossier/", dossier.dossier, name="dossier"),
    path("projets/<int:pk>/dossier.zip", dossier.as_zip, name="dossier_zip"),
    path("projets/<int:pk>/dossier.pdf", dossier.as_pdf, name="dossier_pdf"),
    path("projets/<int:pk>/dossier/ajout/", dossier.add, name="dossier_add"),
    path("projets/<int:pk>/dossier/<uuid:public_id>/", dossier.file, name="dossier_file"),
    path("projets/<int:pk>/dossier/<uuid:public_id>/vignette/", dossier.thumbnail, name="dossier_thumbnail"),
    path("projets/<int:pk>/dossier/<uuid:public_id>/version/", dossier.add, name="dossier_version"),
    path("projets/<int:pk>/dossier/<uuid:public_id>/retrait/", dossier.withdraw, name="dossier_withdraw"),
]
