"""Routes of the projects, one module for each part of the work."""

from . import committee, lists, proposal, road

app_name = "projects"

urlpatterns = [*lists.urlpatterns, *proposal.urlpatterns, *road.urlpatterns, *committee.urlpatterns]
