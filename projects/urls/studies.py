"""Studies, their documents and what they found."""

from django.urls import path

from projects.views import studies

urlpatterns = [
    path("etudes/", studies.studies, name="studies"),
    path("etudes/nouvelle/", studies.study_create, name="study_create"),
    path("etudes/<int:pk>/", studies.study, name="study"),
    path("etudes/<int:pk>/modifier/", studies.study_edit, name="study_edit"),
    path("etudes/<int:pk>/historique/", studies.study_history, name="study_history"),
    path("etudes/<int:pk>/documents/nouveau/", studies.study_document_add, name="study_document_add"),
    path("etudes/<int:pk>/documents/<int:paper_pk>/", studies.study_document, name="study_document"),
    path(
        "etudes/<int:pk>/documents/<int:paper_pk>/retirer/",
        studies.study_document_withdraw,
        name="study_document_withdraw",
    ),
    path("etudes/<int:pk>/constats/nouveau/", studies.finding_add, name="study_finding_add"),
    path("etudes/<int:pk>/constats/<int:finding_pk>/", studies.finding_edit, name="study_finding_edit"),
    path("etudes/<int:pk>/constats/<int:finding_pk>/retirer/", studies.finding_remove, name="study_finding_remove"),
]
