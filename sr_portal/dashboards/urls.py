"""Routes of the dashboards."""

from django.urls import path

from sr_portal.dashboards import attention, pages, plans

app_name = "dashboards"

urlpatterns = [
    path("tableau-de-bord/", pages.portfolio, name="portfolio"),
    path("tableau-de-bord/attention/", attention.attention, name="attention"),
    path("tableau-de-bord/plans/", plans.plans, name="plans"),
    path("tableau-de-bord/regions/<slug:code>/", pages.region, name="region"),
    path("tableau-de-bord/fonds/<slug:code>/", pages.fund, name="fund"),
]
