"""Routes of the dashboards."""

from django.urls import path

from sr_portal.dashboards import attention, brief_pages, pages, plans

app_name = "dashboards"

urlpatterns = [
    path("tableau-de-bord/", pages.portfolio, name="portfolio"),
    path("tableau-de-bord/attention/", attention.attention, name="attention"),
    path("tableau-de-bord/plans/", plans.plans, name="plans"),
    path("tableau-de-bord/regions/<slug:code>/", pages.region, name="region"),
    path("tableau-de-bord/regions/<slug:code>/fiche/", brief_pages.brief, name="brief"),
    path("tableau-de-bord/regions/<slug:code>/fiche.pdf", brief_pages.brief_pdf, name="brief_pdf"),
    path("tableau-de-bord/graphiques/<slug:name>.png", brief_pages.chart, name="chart"),
    path("tableau-de-bord/fonds/<slug:code>/", pages.fund, name="fund"),
]
