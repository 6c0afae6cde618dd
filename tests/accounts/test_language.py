"""French first; then what the person, the cookie or the browser asks for, in that order."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def language_of(answer) -> str:
    return answer.headers["Content-Language"]


def test_french_unless_the_browser_asks_for_english(client):
    page = reverse("account_login")
    assert language_of(client.get(page)) == "fr"
    assert language_of(client.get(page, headers={"Accept-Language": "de, pt;q=0.8"})) == "fr"
    assert language_of(client.get(page, headers={"Accept-Language": "en-GB,en;q=0.9"})) == "en"


def test_the_cookie_wins_over_the_browser_and_the_account_over_both(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert language_of(client.get(reverse("account_login"), headers={"Accept-Language": "fr"})) == "en"
    client.force_login(UserFactory(language="fr"))
    answer = client.get(reverse("accounts:profile"), headers={"Accept-Language": "en"})
    assert language_of(answer) == "fr" and 'lang="fr"' in answer.content.decode()


def test_the_profile_changes_name_title_and_language_but_never_the_address(client):
    user = UserFactory(name="Avant", email="avant@portail.example")
    client.force_login(user)
    form = {"name": "Après", "job_title": "Ingénieure", "language": "en", "email": "x@y.example", "is_active": ""}
    assert client.post(reverse("accounts:profile"), form).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.job_title, user.language) == ("Après", "Ingénieure", "en")
    assert user.email == "avant@portail.example" and user.is_active
    assert client.post(reverse("accounts:profile"), {"name": "", "language": "fr"}).status_code == 422
    user.refresh_from_db()
    assert user.name == "Après"
