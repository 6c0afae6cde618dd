"""What each person receives, and the journal of what was sent."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("compte/notifications/", views.preferences, name="preferences"),
    path("courriels/", views.journal, name="journal"),
]
