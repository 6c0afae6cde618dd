"""The committee: sessions, agenda, scores, votes, minutes."""

urlpatterns: list = []
