"""The portal's choices inside django-allauth: nobody signs up alone, secrets are encrypted, a rule can force TOTP."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from . import second_factor
from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator (`services.create_person`)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est désactivé. Adressez-vous à un administrateur."),
        "email_password_mismatch": _("L’adresse électronique ou le mot de passe est incorrect."),
        "too_many_login_attempts": _("Trop d’essais de connexion. Réessayez dans quelques minutes."),
        "incorrect_password": _("Mot de passe incorrect."),
        "rate_limited": _("Trop de demandes. Réessayez dans quelques minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the organisation's identity provider opens an account that exists, and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Tie a first sign-in to the active account whose address the provider says it has verified.

        An identity tied before is refused as well when the account has since been deactivated.
        """
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                self._refuse(request)
            return
        if request.user.is_authenticated:  # « connect » from one's own profile
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        matches = [user for email in verified for user in User.objects.filter(email__iexact=email, is_active=True)]
        if len({user.pk for user in matches}) != 1:
            self._refuse(request)
        sociallogin.connect(request, matches[0])

    def _refuse(self, request: HttpRequest) -> None:
        messages.error(
            request,
            _("Aucun compte actif du portail ne correspond à cette identité. Adressez-vous à un administrateur."),
        )
        raise ImmediateHttpResponse(redirect("account_login"))


class MFAAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds are encrypted with keys derived from SECRET_KEY and its fallbacks."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Code incorrect."),
        "cannot_delete_authenticator": _("Un de vos rôles rend le second facteur obligatoire."),
    }

    def encrypt(self, text: str) -> str:
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not second_factor.is_compulsory(authenticator.user)

    @staticmethod
    def _cipher() -> MultiFernet:
        return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sr_portal.accounts.mfa").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
