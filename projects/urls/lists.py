"""Lists of projects and search."""

urlpatterns: list = []
