"""Reports of a project: expected, written, submitted, judged."""

from django.urls import path

from projects.views import report_steps, report_write, reports

ONE = "projets/<int:pk>/rapports/<int:report_pk>/"

urlpatterns = [
    path("projets/<int:pk>/rapports/", reports.reports, name="reports"),
    path("projets/<int:pk>/rapports/ouverture/", reports.open_report, name="report_open"),
    path(ONE, reports.report, name="report"),
    path(f"{ONE}redaction/", report_write.write, name="report_write"),
    path(f"{ONE}soumission/", report_steps.submit, name="report_submit"),
    path(f"{ONE}renvoi/", report_steps.send_back, name="report_return"),
    path(f"{ONE}acceptation/", report_steps.accept, name="report_accept"),
    path(f"{ONE}pieces/", report_steps.join_file, name="report_files"),
    path(f"{ONE}pieces/<uuid:public_id>/", reports.report_file, name="report_file"),
    path(f"{ONE}pieces/<uuid:public_id>/vignette/", reports.report_thumbnail, name="report_thumbnail"),
    path(f"{ONE}pieces/<uuid:public_id>/retrait/", report_steps.withdraw_file, name="report_file_withdraw"),
]
