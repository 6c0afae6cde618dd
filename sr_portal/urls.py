"""Every address of the portal."""

from django.urls import include, path

from sr_portal.web import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("compte/", include("allauth.urls")),
    path("", include("regions.urls")),
]
