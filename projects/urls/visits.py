"""Visits of a project, their reports and photos, and the findings followed until they are closed."""

from django.urls import path

from projects.views import findings, visit_calendar, visit_field, visit_photos, visit_report, visits

urlpatterns = [
    path("visites/", visit_calendar.visit_calendar, name="visit_calendar"),
    path("constats/", visit_calendar.findings, name="findings"),
    path("carnet/", visit_field.visit_field, name="visit_field"),
    path("carnet/session.json", visit_field.visit_field_session, name="visit_field_session"),
    path("carnet/visites.json", visit_field.visit_field_visits, name="visit_field_visits"),
    path("service-worker.js", visit_field.service_worker, name="service_worker"),
    path("manifest.webmanifest", visit_field.manifest, name="manifest"),
    path("projets/<int:pk>/visites/", visits.visits, name="visits"),
    path("projets/<int:pk>/visites/nouvelle/", visits.visit_add, name="visit_add"),
    path("projets/<int:pk>/visites/<int:visit_pk>/", visits.visit, name="visit"),
    path("projets/<int:pk>/visites/<int:visit_pk>/date/", visits.visit_edit, name="visit_edit"),
    path("projets/<int:pk>/visites/<int:visit_pk>/annulation/", visits.visit_cancel, name="visit_cancel"),
    path("projets/<int:pk>/visites/<int:visit_pk>/compte-rendu/", visit_report.visit_report, name="visit_report"),
    path("projets/<int:pk>/visites/<int:visit_pk>/photos/", visit_photos.visit_photos, name="visit_photos"),
    path(
        "projets/<int:pk>/visites/<int:visit_pk>/photos/<uuid:public_id>/",
        visit_photos.visit_photo,
        name="visit_photo",
    ),
    path(
        "projets/<int:pk>/visites/<int:visit_pk>/photos/<uuid:public_id>/vignette/",
        visit_photos.visit_photo_thumbnail,
        name="visit_photo_thumbnail",
    ),
    path("projets/<int:pk>/constats/nouveau/", findings.finding_add, name="finding_add"),
    path("projets/<int:pk>/constats/<int:finding_pk>/", findings.finding, name="finding"),
    path("projets/<int:pk>/constats/<int:finding_pk>/levee/", findings.finding_close, name="finding_close"),
    path("projets/<int:pk>/constats/<int:finding_pk>/suite/", findings.finding_move, name="finding_move"),
]
