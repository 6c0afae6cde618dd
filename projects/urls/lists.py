"""Lists of projects and search."""

from django.urls import path

from projects.views import lists

urlpatterns = [path("projets/", lists.project_list, name="list")]
