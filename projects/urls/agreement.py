"""The agreement: read, prepare, signed copies."""

from django.urls import path

from projects.views import agreement

urlpatterns = [
    path("projets/<int:pk>/protocole/", agreement.agreement, name="agreement"),
    path("projets/<int:pk>/protocole/modifier/", agreement.edit, name="agreement_edit"),
    path("projets/<int:pk>/protocole/budget/", agreement.budget, name="agreement_budget"),
    path("projets/<int:pk>/protocole/tranches/", agreement.instalments, name="agreement_plan"),
    path("projets/<int:pk>/protocole/exemplaires/nouveau/", agreement.copy_add, name="agreement_copy_add"),
    path("projets/<int:pk>/protocole/exemplaires/<int:copy_pk>/", agreement.copy, name="agreement_copy"),
    path(
        "projets/<int:pk>/protocole/exemplaires/<int:copy_pk>/retrait/",
        agreement.copy_withdraw,
        name="agreement_copy_withdraw",
    ),
]
