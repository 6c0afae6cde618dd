"""Deadlines of all projects."""

from django.urls import path

from projects.views import deadlines

urlpatterns = [path("echeances/", deadlines.deadlines, name="deadlines")]
