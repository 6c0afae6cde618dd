"""Routes of the partners' bank details."""

from django.urls import path

from funds.views import bank

urlpatterns = [
    path("partenaires/lectures-bancaires/", bank.readings, name="bank_readings"),
    path("partenaires/comptes-a-verifier/", bank.waiting, name="bank_waiting"),
    path("partenaires/<int:pk>/comptes/", bank.accounts, name="bank_accounts"),
    path("partenaires/<int:pk>/comptes/nouveau/", bank.enter, name="bank_enter"),
    path("partenaires/<int:pk>/comptes/<int:account_pk>/lecture/", bank.read, name="bank_read"),
    path("partenaires/<int:pk>/comptes/<int:account_pk>/attestation/", bank.proof, name="bank_proof"),
    path("partenaires/<int:pk>/comptes/<int:account_pk>/verification/", bank.verify, name="bank_verify"),
    path("partenaires/<int:pk>/comptes/<int:account_pk>/retrait/", bank.retire, name="bank_retire"),
]
