"""Signing in and out: django-allauth's views, only those that the portal offers, under French addresses.

The names are allauth's own, since it reverses them. Addresses are managed by administrators: the pages where somebody
would change theirs lead to their account instead.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as socialaccount
from django.urls import include, path, re_path
from django.views.generic import RedirectView

to_profile = RedirectView.as_view(pattern_name="accounts:profile")

urlpatterns = [
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("desactive/", account.account_inactive, name="account_inactive"),
    path("inscription/", account.signup, name="account_signup"),
    path("confirmation/", account.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/lien/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-:\w]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mot-de-passe/lien/fait/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # Somebody who only ever came through the identity provider proves their address before having a password.
    path(
        "mot-de-passe/premier/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path("adresse/", to_profile, name="account_email"),
    path("adresse/verification/", to_profile, name="account_email_verification_sent"),
    path("second-facteur/", mfa.index, name="mfa_index"),
    path("second-facteur/code/", mfa.authenticate, name="mfa_authenticate"),
    path("second-facteur/confirmation/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/desactiver/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/codes/nouveaux/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-facteur/codes/fichier/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("identite/", socialaccount.connections, name="socialaccount_connections"),
    path("identite/annulee/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("identite/erreur/", socialaccount.login_error, name="socialaccount_login_error"),
    path("identite/inscription/", socialaccount.signup, name="socialaccount_signup"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
