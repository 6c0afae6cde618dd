"""Routes of the coordination of partners: groups, meetings, decisions."""

from django.urls import path

from funds.views import groups, meeting_content, meetings

urlpatterns = [
    path("coordination/reunions/", meetings.meetings, name="meetings"),
    path("coordination/reunions/nouvelle/", meetings.meeting_create, name="meeting_create"),
    path("coordination/reunions/<int:pk>/", meetings.meeting, name="meeting"),
    path("coordination/reunions/<int:pk>/modifier/", meetings.meeting_edit, name="meeting_edit"),
    path("coordination/reunions/<int:pk>/annuler/", meetings.meeting_cancel, name="meeting_cancel"),
    path("coordination/reunions/<int:pk>/historique/", meetings.meeting_history, name="meeting_history"),
    path("coordination/reunions/<int:pk>/compte-rendu.pdf", meetings.meeting_pdf, name="meeting_pdf"),
    path("coordination/reunions/<int:pk>/document/", meetings.meeting_document, name="meeting_document"),
    path("coordination/reunions/<int:pk>/compte-rendu/", meeting_content.meeting_minutes_edit, name="meeting_minutes_edit"),
    path("coordination/reunions/<int:pk>/participants/", meeting_content.meeting_participants, name="meeting_participants"),
    path(
        "coordination/reunions/<int:pk>/participants/<int:participant_pk>/retirer/",
        meeting_content.meeting_participant_remove, name="meeting_participant_remove",
    ),
    path("coordination/reunions/<int:pk>/decisions/nouvelle/", meeting_content.decision_create, name="decision_create"),
    path("coordination/decisions/", meeting_content.decisions, name="decisions"),
    path("coordination/decisions/<int:pk>/modifier/", meeting_content.decision_edit, name="decision_edit"),
    path("coordination/decisions/<int:pk>/suite/", meeting_content.decision_close, name="decision_close"),
    path("coordination/groupes/", groups.groups, name="meeting_groups"),
    path("coordination/groupes/nouveau/", groups.group_create, name="meeting_group_create"),
    path("coordination/groupes/<int:pk>/", groups.group_edit, name="meeting_group_edit"),
    path("coordination/groupes/<int:pk>/historique/", groups.group_history, name="meeting_group_history"),
]  # fmt: skip
