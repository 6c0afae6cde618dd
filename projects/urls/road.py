"""A project's page, its history, and the steps of its road."""

urlpatterns: list = []
