"""The committee: sessions, agenda, scores, votes, minutes, and who sits on it."""

from django.urls import path

from projects.views import committee, committee_chair, committee_items, committee_standing

urlpatterns = [
    path("seances/", committee.sessions, name="sessions"),
    path("seances/nouvelle/", committee.session_create, name="session_create"),
    path("seances/<int:pk>/", committee.session, name="session"),
    path("seances/<int:pk>/date/", committee.session_edit, name="session_edit"),
    path("seances/<int:pk>/ordre-du-jour/", committee.session_agenda, name="session_agenda"),
    path("seances/<int:pk>/ordre-du-jour/rang/", committee.session_move, name="session_move"),
    path("seances/<int:pk>/composition/", committee.session_members, name="session_members"),
    path("seances/<int:pk>/ouverture/", committee_chair.session_open, name="session_open"),
    path("seances/<int:pk>/presences/", committee_chair.session_presence, name="session_presence"),
    path("seances/<int:pk>/cloture/", committee_chair.session_close, name="session_close"),
    path("seances/<int:pk>/proces-verbal/", committee_chair.session_minutes, name="session_minutes"),
    path(
        "seances/<int:pk>/proces-verbal/observations/",
        committee_chair.session_minutes_edit,
        name="session_minutes_edit",
    ),
    path("seances/<int:pk>/points/<int:item_pk>/", committee_items.session_item, name="session_item"),
    path("seances/<int:pk>/points/<int:item_pk>/avis/", committee_items.session_judge, name="session_judge"),
    path("seances/<int:pk>/points/<int:item_pk>/interet/", committee_items.session_interest, name="session_interest"),
    path(
        "seances/<int:pk>/points/<int:item_pk>/conclusion/",
        committee_items.session_item_close,
        name="session_item_close",
    ),
    path("comites/", committee_standing.committees, name="session_committees"),
    path("comites/nouveau/", committee_standing.committee_create, name="session_committee_create"),
    path("comites/<int:pk>/", committee_standing.committee, name="session_committee"),
    path("comites/<int:pk>/sieges/", committee_standing.committee_seat, name="session_committee_seat"),
    path("comites/<int:pk>/sieges/retrait/", committee_standing.committee_unseat, name="session_committee_unseat"),
]
