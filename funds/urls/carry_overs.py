"""Money carried from one year's envelope to the next."""

from django.urls import path

from funds.views import carry_overs

urlpatterns = [path("enveloppes/<int:pk>/report/", carry_overs.carry_over, name="carry_over")]
