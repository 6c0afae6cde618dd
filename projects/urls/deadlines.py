"""Deadlines of all projects, as a list and as calendars that programs read."""

from django.urls import path

from projects.views import calendar, deadlines

urlpatterns = [
    path("echeances/", deadlines.deadlines, name="deadlines"),
    path("calendrier/<str:token>.ics", calendar.feed, name="calendar_feed"),
]
