"""Who may open the door, with which proof, and where the second factor is compulsory."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.urls import reverse

from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import UserFactory, user_with

pytestmark = pytest.mark.django_db
PASSWORD = "Sahel-verdoyant-26"
DECIDERS = ["approver", "finance_officer", "programme_officer", "administrator"]


@pytest.fixture(autouse=True)
def fresh_rate_limits():
    cache.clear()


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def confirm_password(client) -> None:
    """What allauth asks again before it shows or changes a second factor."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def current_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_an_active_person_signs_in_with_their_address_in_any_case(client):
    user = with_password(UserFactory(email="fanta@portail.example"))
    answer = sign_in(client, "Fanta@Portail.example")
    assert answer.status_code == 302 and answer.url == reverse("home")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_says_no_more_than_an_unknown_address(client):
    with_password(UserFactory(email="fanta@portail.example"))
    wrong = sign_in(client, "fanta@portail.example", "faux-mot-de-passe").content.decode()
    unknown = sign_in(client, "inconnue@portail.example", "faux-mot-de-passe").content.decode()
    assert not is_signed_in(client)
    message = "L’adresse électronique ou le mot de passe est incorrect."
    assert message in wrong and message in unknown


def test_an_inactive_person_is_refused_and_an_open_session_ends(client):
    user = with_password(UserFactory())
    sign_in(client, user.email)
    assert client.get(reverse("accounts:profile")).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("accounts:profile")).status_code == 302
    client.cookies.clear()
    sign_in(client, user.email)
    assert not is_signed_in(client)


def test_failed_sign_ins_are_limited(client):
    user = with_password(UserFactory())
    for _attempt in range(10):
        sign_in(client, user.email, "faux-mot-de-passe")
    assert "Trop d’essais" in sign_in(client, user.email).content.decode()
    assert not is_signed_in(client)


def test_nobody_signs_up_alone(client):
    answer = client.get(reverse("account_signup"))
    assert "Personne n’ouvre de compte soi-même" in answer.content.decode()
    fields = {"email": "intrus@portail.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), fields)
    assert not User.objects.filter(email="intrus@portail.example").exists()


def test_signing_out_asks_first_and_ends_the_session(client):
    user = with_password(UserFactory())
    sign_in(client, user.email)
    assert client.get(reverse("account_logout")).status_code == 200 and is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_a_password_is_chosen_again_through_a_link_that_serves_once(client, mailoutbox):
    user = with_password(UserFactory())
    client.post(reverse("account_reset_password"), {"email": user.email})
    [mail] = mailoutbox
    assert mail.subject == "[Portail S&R] Choisir un nouveau mot de passe"
    link = next(line for line in mail.body.splitlines() if "/compte/mot-de-passe/lien/" in line)
    form = client.get(link, follow=True)
    new = {"password1": "Fleuve-Niger-2026", "password2": "Fleuve-Niger-2026"}
    assert client.post(form.request["PATH_INFO"], new).status_code == 302
    user.refresh_from_db()
    assert user.check_password("Fleuve-Niger-2026")
    assert "Ce lien a déjà servi" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_the_second_factor_is_compulsory_for_the_roles_of_the_setting_only(client, settings, role):
    settings.SECOND_FACTOR_ROLES = DECIDERS
    client.force_login(user_with(role))
    answer = client.get(reverse("accounts:profile"))
    if role.value in DECIDERS:
        assert answer.status_code == 302 and answer.url == reverse("mfa_activate_totp")
    else:
        assert answer.status_code == 200


def test_without_the_second_factor_nothing_is_carried_out_but_leaving_stays_possible(client, settings):
    settings.SECOND_FACTOR_ROLES = DECIDERS
    user = user_with(Role.ADMINISTRATOR, name="Avant")
    client.force_login(user)
    form = {"name": "Après", "job_title": "", "language": "fr"}
    assert client.post(reverse("accounts:profile"), form).url == reverse("mfa_activate_totp")
    user.refresh_from_db()
    assert user.name == "Avant"
    answer = client.get(reverse("accounts:people"), headers={"HX-Request": "true"})
    assert answer.status_code == 204 and answer.headers["HX-Redirect"] == reverse("mfa_activate_totp")
    for name in ("healthz", "account_logout"):
        assert client.get(reverse(name)).status_code == 200
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_a_mistaken_role_in_the_setting_is_reported(client, settings):
    settings.SECOND_FACTOR_ROLES = ["aprover"]
    client.force_login(user_with(Role.APPROVER))
    with pytest.raises(ValueError, match="aprover"):
        client.get(reverse("accounts:profile"))


def test_setting_up_the_second_factor_opens_the_portal_and_gives_recovery_codes(client, settings):
    settings.SECOND_FACTOR_ROLES = DECIDERS
    user = with_password(user_with(Role.APPROVER))
    sign_in(client, user.email)
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    confirm_password(client)
    page = client.get(reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml;' in page.content.decode()
    answer = client.post(reverse("mfa_activate_totp"), {"code": current_code(page.context["form"].secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert len(client.get(answer.url).context["unused_codes"]) == 10
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert client.get(reverse("mfa_index")).status_code == 200


def test_secrets_are_not_readable_in_the_database(client):
    user = with_password(UserFactory())
    sign_in(client, user.email)
    confirm_password(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})
    assert secret not in str(Authenticator.objects.get(user=user, type="totp").data)


def test_signing_in_asks_for_the_code_of_whoever_has_a_second_factor(client):
    user = with_password(UserFactory())
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    assert sign_in(client, user.email).url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200 and not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": current_code(secret)})
    assert is_signed_in(client)


def test_a_recovery_code_serves_once(client):
    user = with_password(UserFactory())
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    sign_in(client, user.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    sign_in(client, user.email)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_signed_in(client)


def test_a_compulsory_second_factor_cannot_be_removed_a_free_one_can(client, settings):
    user = with_password(user_with(Role.APPROVER))
    TOTP.activate(user, secret := generate_totp_secret())
    sign_in(client, user.email)
    client.post(reverse("mfa_authenticate"), {"code": current_code(secret)})
    confirm_password(client)
    settings.SECOND_FACTOR_ROLES = DECIDERS
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    settings.SECOND_FACTOR_ROLES = []
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user).exists()


def test_every_public_page_of_the_door_opens(client):
    for name in ("account_login", "account_signup", "account_reset_password", "account_reset_password_done",
                 "account_reset_password_from_key_done", "account_inactive", "socialaccount_login_cancelled",
                 "socialaccount_login_error"):  # fmt: skip
        assert client.get(reverse(name)).status_code in {200, 401}, name


def test_the_pages_of_the_account_open_for_whoever_has_just_signed_in(client):
    user = with_password(UserFactory())
    sign_in(client, user.email)
    for name in ("accounts:profile", "mfa_index", "account_change_password", "account_reauthenticate",
                 "socialaccount_connections", "account_logout"):  # fmt: skip
        assert client.get(reverse(name)).status_code == 200, name
    assert client.get(reverse("account_email")).url == reverse("accounts:profile")
