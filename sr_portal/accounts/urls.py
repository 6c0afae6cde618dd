"""People's pages; signing in and out is in `sign_in_urls`."""

from django.urls import path

from .views import calendar, decisions, people, profile

app_name = "accounts"
urlpatterns = [
    path("compte/profil/", profile.profile, name="profile"),
    path("compte/calendrier/", calendar.calendar, name="calendar"),
    path("compte/calendrier/adresse/", calendar.renew, name="calendar_renew"),
    path("compte/calendrier/revoquer/", calendar.revoke, name="calendar_revoke"),
    path("personnes/", people.people, name="people"),
    path("personnes/nouvelle/", people.create, name="person_create"),
    path("personnes/<int:pk>/", people.person, name="person"),
    path("personnes/<int:pk>/modifier/", people.edit, name="person_edit"),
    path("personnes/<int:pk>/desactiver/", decisions.deactivate, name="person_deactivate"),
    path("personnes/<int:pk>/reactiver/", decisions.reactivate, name="person_reactivate"),
    path("personnes/<int:pk>/invitation/", decisions.invite, name="person_invite"),
    path("personnes/<int:pk>/second-facteur/", decisions.reset_second_factor, name="person_reset_second_factor"),
    path("personnes/<int:pk>/roles/", decisions.grant, name="role_grant"),
    path("personnes/<int:pk>/roles/<int:assignment_pk>/retirer/", decisions.revoke, name="role_revoke"),
]
