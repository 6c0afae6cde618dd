"""The end of the fiscal years."""

from django.urls import path

from projects.views import year_end

urlpatterns = [
    path("enveloppes/fin-d-exercice/", year_end.years, name="year_end"),
    path("enveloppes/<int:pk>/fin-d-exercice/", year_end.envelope, name="year_end_envelope"),
    path("enveloppes/<int:pk>/fin-d-exercice.csv", year_end.envelope_csv, name="year_end_csv"),
]
