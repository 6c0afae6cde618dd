"""The pages of webhooks, beside those of tokens."""

from django.urls import path

from . import delivery_pages, pages

app_name = "webhooks"
ONE = "compte/webhooks/<int:pk>/"
urlpatterns = [
    path("compte/webhooks/", pages.own, name="list"),
    path("personnes/<int:pk>/webhooks/", pages.of_person, name="person"),
    path(ONE, pages.endpoint, name="endpoint"),
    path(f"{ONE}modifier/", pages.change, name="change"),
    path(f"{ONE}historique/", pages.history, name="history"),
    path(f"{ONE}secret/", pages.renew, name="renew"),
    path(f"{ONE}pause/", pages.pause, name="pause"),
    path(f"{ONE}reprendre/", pages.resume, name="resume"),
    path(f"{ONE}supprimer/", pages.delete, name="delete"),
    path(f"{ONE}essai/", delivery_pages.send_test, name="test"),
    path(f"{ONE}renvoyer/", delivery_pages.replay_failed, name="replay_failed"),
    path(f"{ONE}envois/<uuid:key>/", delivery_pages.delivery, name="delivery"),
    path(f"{ONE}envois/<uuid:key>/renvoyer/", delivery_pages.replay, name="replay"),
]
