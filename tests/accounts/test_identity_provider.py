"""Sign-in through the organisation's identity provider: for those who have an account, and for nobody else."""

import pytest
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from sr_portal.accounts.adapters import SocialAccountAdapter
from sr_portal.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def provider(settings):
    application = {
        "provider_id": "oidc",
        "name": "Identité de la mission",
        "client_id": "portail",
        "secret": "secret-of-the-test",
        "settings": {"server_url": "https://identity.example"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [application]}}


def test_the_sign_in_page_offers_the_provider(client):
    page = client.get("/compte/connexion/").content.decode()
    assert "Se connecter avec Identité de la mission" in page and 'action="/compte/oidc/oidc/login/' in page


@pytest.fixture
def request_():
    request = RequestFactory().get("/compte/oidc/login/callback/")
    request.user, request.session = AnonymousUser(), SessionStore()
    request._messages = FallbackStorage(request)
    return request


def arriving(*addresses: tuple[str, bool], uid: str = "sub-1") -> SocialLogin:
    return SocialLogin(
        user=User(email=addresses[0][0] if addresses else ""),
        account=SocialAccount(provider="oidc", uid=uid),
        email_addresses=[EmailAddress(email=email, verified=verified) for email, verified in addresses],
    )


def accepted(request, login: SocialLogin) -> bool:
    try:
        SocialAccountAdapter().pre_social_login(request, login)
    except ImmediateHttpResponse as refusal:
        assert refusal.response.url == "/compte/connexion/"
        return False
    return True


def test_a_verified_address_of_an_active_account_opens_it(request_):
    user = UserFactory(email="awa@portail.example")
    login = arriving(("Awa@portail.example", True))
    assert accepted(request_, login)
    assert login.user == user and SocialAccount.objects.get().user == user


@pytest.mark.parametrize(
    "addresses",
    [[("awa@portail.example", False)], [("inconnue@portail.example", True)], [("partie@portail.example", True)], []],
    ids=["not verified", "unknown", "inactive", "no address"],
)
def test_anything_else_is_refused_and_makes_no_account(request_, addresses):
    UserFactory(email="awa@portail.example")
    UserFactory(email="partie@portail.example", is_active=False)
    before = User.objects.count()
    assert not accepted(request_, arriving(*addresses))
    assert User.objects.count() == before and not SocialAccount.objects.exists()


def test_two_addresses_of_two_accounts_open_neither(request_):
    UserFactory(email="awa@portail.example")
    UserFactory(email="oumar@portail.example")
    assert not accepted(request_, arriving(("awa@portail.example", True), ("oumar@portail.example", True)))


def test_a_linked_identity_no_longer_opens_a_deactivated_account(request_):
    user = UserFactory(is_active=False)
    login = arriving((user.email, True))
    login.account.user = user
    login.account.save()
    login.lookup()
    assert login.is_existing and not accepted(request_, login)


def test_nobody_signs_up_through_the_provider(request_):
    adapter, login = SocialAccountAdapter(), arriving(("nouvelle@portail.example", True))
    assert not adapter.is_open_for_signup(request_, login)
    assert not adapter.is_auto_signup_allowed(request_, login)
