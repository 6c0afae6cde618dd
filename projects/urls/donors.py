"""Routes of the donors: what they gave, what it paid for."""

from django.urls import path, re_path

from projects.views import donor_report, donors

urlpatterns = [
    path("donateurs/", donors.donors, name="donors"),
    path("donateurs.csv", donors.donors_csv, name="donors_csv"),
    path("donateurs/<int:pk>/", donors.donor, name="donor"),
    path("donateurs/<int:pk>/argent.csv", donors.donor_csv, name="donor_csv"),
    path("contributions/<int:pk>/rapport/", donor_report.donor_report_prepare, name="donor_report_prepare"),
    re_path(
        r"^contributions/(?P<pk>[0-9]+)/rapport\.(?P<kind>pdf|xlsx)$", donor_report.donor_report_file,
        name="donor_report_file",
    ),
    path("rapports-donateurs/<int:pk>/produire/", donor_report.donor_report_make, name="donor_report_make"),
]  # fmt: skip
