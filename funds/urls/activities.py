"""Routes of the partners' activities (4W)."""

from django.urls import path

from funds.views import activities, activity_points

urlpatterns = [
    path("coordination/activites/", activities.activities, name="activities"),
    path("coordination/activites/carte/", activities.activities_map, name="activities_map"),
    path("coordination/activites/export.csv", activities.activities_export, {"form": "csv"}, name="activities_csv"),
    path("coordination/activites/export.xlsx", activities.activities_export, {"form": "xlsx"}, name="activities_xlsx"),
    path("coordination/activites/points.json", activity_points.points, name="activities_points"),
    path("coordination/activites/nouvelle/", activities.activity_create, name="activity_create"),
    path("coordination/activites/<int:pk>/", activities.activity, name="activity"),
    path("coordination/activites/<int:pk>/modifier/", activities.activity_edit, name="activity_edit"),
    path("coordination/activites/<int:pk>/historique/", activities.activity_history, name="activity_history"),
]
