"""Printed documents (PDF)."""

from django.urls import path

from projects.views import papers

urlpatterns = [
    path("projets/<int:pk>/fiche.pdf", papers.project_sheet, name="sheet_pdf"),
    path("projets/<int:pk>/note-de-decision.pdf", papers.decision_memo, name="memo_pdf"),
    path("projets/<int:pk>/protocole.pdf", papers.agreement, name="agreement_pdf"),
    path(
        "projets/<int:pk>/tranches/<int:position>/demande.pdf",
        papers.request_of_instalment,
        name="instalment_request_pdf",
    ),
    path("projets/<int:pk>/visites/<int:key>/compte-rendu.pdf", papers.visit, name="visit_pdf"),
    path("projets/<int:pk>/rapports/<int:key>/rapport.pdf", papers.report, name="report_pdf"),
    path("projets/<int:pk>/avenants/<int:number>/avenant.pdf", papers.amendment, name="amendment_pdf"),
    path("projets/<int:pk>/reception/<slug:kind>/proces-verbal.pdf", papers.handover, name="handover_pdf"),
    path("seances/<int:pk>/proces-verbal.pdf", papers.session_minutes, name="session_minutes_pdf"),
]
