"""Routes of the projects, one module for each part of the work."""

from . import (
    agreement,
    amendments,
    committee,
    completion,
    deadlines,
    donors,
    dossier,
    funds,
    lists,
    map,
    mobilisation,
    money,
    papers,
    partners,
    proposal,
    public,
    reports,
    road,
    visits,
    year_end,
)

app_name = "projects"

urlpatterns = [
    *lists.urlpatterns,
    *map.urlpatterns,
    *mobilisation.urlpatterns,
    *proposal.urlpatterns,
    *public.urlpatterns,
    *road.urlpatterns,
    *committee.urlpatterns,
    *papers.urlpatterns,
    *partners.urlpatterns,
    *agreement.urlpatterns,
    *reports.urlpatterns,
    *completion.urlpatterns,
    *visits.urlpatterns,
    *amendments.urlpatterns,
    *dossier.urlpatterns,
    *money.urlpatterns,
    *deadlines.urlpatterns,
    *year_end.urlpatterns,
    *funds.urlpatterns,
    *donors.urlpatterns,
]
