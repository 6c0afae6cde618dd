"""The map of the projects and what its script asks."""

from django.urls import path

from projects.views import map as project_map

urlpatterns = [
    path("carte/", project_map.project_map, name="map"),
    path("carte/projets.json", project_map.points, name="map_points"),
    path("projets/<int:pk>/photos-carte.json", project_map.photos, name="map_photos"),
]
