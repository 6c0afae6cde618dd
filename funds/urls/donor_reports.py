"""Routes of the reports owed to donors."""

from django.urls import path

from funds.views import donor_reports as pages

ONE = "rapports-donateurs/<int:pk>/"

urlpatterns = [
    path("rapports-donateurs/", pages.donor_reports, name="donor_reports"),
    path("contributions/<int:pk>/rapports/nouveau/", pages.donor_report_plan, name="donor_report_plan"),
    path(ONE, pages.donor_report, name="donor_report"),
    path(f"{ONE}modifier/", pages.donor_report_edit, name="donor_report_edit"),
    path(f"{ONE}envoi/", pages.donor_report_send, name="donor_report_send"),
    path(f"{ONE}envoi/annulation/", pages.donor_report_undo, name="donor_report_undo"),
    path(f"{ONE}dispense/", pages.donor_report_waive, name="donor_report_waive"),
    path(f"{ONE}fichier/", pages.donor_report_file, name="donor_report_file"),
]
