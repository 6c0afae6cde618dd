"""What each fund has and what became of it."""

from django.urls import path

from projects.views import fund_page

urlpatterns = [
    path("fonds/", fund_page.funds, name="funds"),
    path("fonds/<str:code>/", fund_page.fund, name="fund"),
    path("fonds/<str:code>/affectation/", fund_page.earmark, name="fund_earmark"),
    path("fonds/<str:code>/chiffres.csv", fund_page.export, {"form": "csv"}, name="fund_csv"),
    path("fonds/<str:code>/chiffres.xlsx", fund_page.export, {"form": "xlsx"}, name="fund_xlsx"),
]
