"""Administrators manage people in the browser, auditors read, nobody else enters."""

import uuid

import pytest
from django.core import mail
from django.urls import reverse

from regions.models import Region
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import UserFactory, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = user_with(Role.ADMINISTRATOR, name="Awa Cissé")
    client.force_login(user)
    return user


def keyed(**fields) -> dict:
    return {"one_time_key": str(uuid.uuid4()), **fields}


def page(name: str, *args) -> str:
    return reverse(f"accounts:{name}", args=args)


def every_route(person: User) -> dict[str, str]:
    held = person.role_assignments.first()
    return {
        "people": page("people"),
        "person": page("person", person.pk),
        "person_create": page("person_create"),
        "person_edit": page("person_edit", person.pk),
        "person_deactivate": page("person_deactivate", person.pk),
        "person_reactivate": page("person_reactivate", person.pk),
        "person_invite": page("person_invite", person.pk),
        "person_reset_second_factor": page("person_reset_second_factor", person.pk),
        "role_grant": page("role_grant", person.pk),
        "role_revoke": page("role_revoke", person.pk, held.pk),
    }


@pytest.mark.parametrize("role", [None, *Role])
def test_only_administrators_write_and_auditors_read(client, role):
    user_with(Role.ADMINISTRATOR)
    person = user_with(Role.PROPOSER, name="Moussa Dembélé")
    client.force_login(user_with(role) if role else UserFactory())
    for name, url in every_route(person).items():
        reads = role == Role.ADMINISTRATOR or (role == Role.AUDITOR and name in {"people", "person"})
        answer = client.get(url)
        assert answer.status_code == (405 if name == "person_invite" else 200 if reads else 403), name
        if role != Role.ADMINISTRATOR and name not in {"people", "person"}:
            before = list(User.objects.order_by("pk").values()), list(RoleAssignment.objects.order_by("pk").values())
            assert client.post(url, keyed(name="X", email="x@y.example", role="proposer")).status_code == 403, name
            after = list(User.objects.order_by("pk").values()), list(RoleAssignment.objects.order_by("pk").values())
            assert before == after, name


def test_visitors_are_sent_to_sign_in(client):
    person = user_with(Role.PROPOSER)
    for name, url in every_route(person).items():
        if name != "person_invite":
            assert client.get(url).url.startswith(reverse("account_login")), name


def test_an_auditor_sees_no_button_that_changes_anything(client):
    person = user_with(Role.PROPOSER)
    client.force_login(user_with(Role.AUDITOR))
    shown = client.get(page("person", person.pk)).content.decode()
    assert "one_time_key" not in shown and page("person_edit", person.pk) not in shown


def test_a_new_person_gets_a_link_mailed_and_shown_once_then_chooses_a_password(client, administrator):
    fields = keyed(name="Oumar Maïga", email="Oumar@Portail.example", job_title="Ingénieur", language="fr")
    answer = client.post(page("person_create"), fields)
    person = User.objects.get(email="oumar@portail.example")
    assert answer.url == page("person", person.pk) and not person.has_usable_password()
    link = client.get(answer.url).context["invitation"]
    assert link in mail.outbox[0].body and mail.outbox[0].to == ["oumar@portail.example"]
    assert client.get(answer.url).context["invitation"] == ""
    client.logout()
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "Fleuve-Niger-2026", "password2": "Fleuve-Niger-2026"})
    person.refresh_from_db()
    assert person.check_password("Fleuve-Niger-2026")


def test_the_link_of_somebody_who_has_a_password_is_mailed_but_never_shown(client, administrator):
    person = UserFactory()
    person.set_password("Fleuve-Niger-2026")
    person.save()
    client.post(page("person_invite", person.pk), keyed())
    assert len(mail.outbox) == 1
    assert client.get(page("person", person.pk)).context["invitation"] == ""


def test_a_dead_mail_server_does_not_lose_the_account(client, administrator, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("sr_portal.accounts.adapters.AccountAdapter.send_mail", refuse)
    fields = keyed(name="Oumar Maïga", email="oumar@portail.example", job_title="", language="fr")
    answer = client.post(page("person_create"), fields, follow=True)
    assert "transmettez vous-même le lien" in answer.content.decode() and answer.context["invitation"]


def test_a_double_click_makes_one_person(client, administrator):
    fields = keyed(name="Oumar Maïga", email="oumar@portail.example", job_title="", language="fr")
    first, second = (client.post(page("person_create"), fields) for _click in range(2))
    assert first.url == second.url and len(mail.outbox) == 1
    assert User.objects.filter(email="oumar@portail.example").count() == 1


def test_an_address_serves_one_account_whatever_its_case(client, administrator):
    UserFactory(email="oumar@portail.example")
    fields = keyed(name="Autre", email="OUMAR@portail.example", job_title="", language="fr")
    answer = client.post(page("person_create"), fields)
    assert answer.status_code == 422 and "Cette adresse a déjà un compte" in answer.content.decode()
    assert 'value="Autre"' in answer.content.decode()


def test_an_administrator_edits_grants_revokes_deactivates_and_reactivates(client, administrator):
    person = UserFactory()
    gao = Region.objects.get(abbreviation="GAO")
    fields = keyed(name="Nouveau nom", email="nouveau@portail.example", job_title="", language="en")
    client.post(page("person_edit", person.pk), fields)
    client.post(page("role_grant", person.pk), keyed(role="proposer", region=gao.pk))
    person = User.objects.get(pk=person.pk)
    assert (person.name, person.email, person.language) == ("Nouveau nom", "nouveau@portail.example", "en")
    assert person.scopes[Role.PROPOSER].covers(gao.pk) and not person.scopes[Role.PROPOSER].everywhere
    held = person.role_assignments.get()
    assert held.granted_by == administrator
    assert "Point focal" in client.get(page("role_revoke", person.pk, held.pk)).content.decode()
    fields = keyed()
    for _click in range(2):
        answer = client.post(page("role_revoke", person.pk, held.pk), fields)
        assert answer.url == page("person", person.pk)
    assert not person.role_assignments.exists()
    history = client.get(page("person", person.pk)).content.decode()
    assert "attribution" in history and "retrait" in history and "par Awa Cissé" in history
    client.post(page("person_deactivate", person.pk), keyed())
    assert not User.objects.get(pk=person.pk).is_active
    client.post(page("person_reactivate", person.pk), keyed())
    assert User.objects.get(pk=person.pk).is_active


def test_a_refused_decision_says_why_and_changes_nothing(client, administrator):
    own = administrator.role_assignments.get()
    answer = client.post(page("role_revoke", administrator.pk, own.pk), keyed())
    assert answer.status_code == 409 and "renoncer vous-même" in answer.content.decode()
    answer = client.post(page("person_deactivate", administrator.pk), keyed())
    assert answer.status_code == 409 and "votre propre compte" in answer.content.decode()
    assert User.objects.get(pk=administrator.pk).has_role(Role.ADMINISTRATOR)
    answer = client.post(page("role_grant", administrator.pk), keyed(role="proposer"))
    assert answer.status_code == 422 and "soi-même" in answer.content.decode()


def test_a_decision_without_its_key_is_refused(client, administrator):
    person = UserFactory()
    assert client.post(page("person_deactivate", person.pk)).status_code == 400
    assert User.objects.get(pk=person.pk).is_active


def test_the_list_is_searched_and_filtered(client, administrator):
    gao, mopti = Region.objects.get(abbreviation="GAO"), Region.objects.get(abbreviation="MPT")
    user_with(Role.PROPOSER, region=gao, name="Fatoumata Diarra", job_title="Ingénieure")
    user_with(Role.PROPOSER, region=mopti, name="Boubacar Sangaré")
    user_with(Role.APPROVER, name="Mariam Keïta")
    UserFactory(name="Ancien Collègue", is_active=False)

    def names(**query) -> set[str]:
        return {person.name for person in client.get(page("people"), query).context["people"]}

    everybody = {"Awa Cissé", "Fatoumata Diarra", "Boubacar Sangaré", "Mariam Keïta"}
    assert names() == everybody
    assert names(q="ingénieure diarra") == {"Fatoumata Diarra"}
    assert names(role="proposer") == {"Fatoumata Diarra", "Boubacar Sangaré"}
    assert names(role="proposer", region=gao.pk) == {"Fatoumata Diarra"}
    assert names(region=gao.pk) == everybody - {"Boubacar Sangaré"}
    assert names(state="inactive") == {"Ancien Collègue"}
    assert names(state="all") == everybody | {"Ancien Collègue"}
    for page_number in ("0", "-1", "x", "99999999999999", "²"):
        assert client.get(page("people"), {"page": page_number}).status_code == 200


def test_the_list_costs_the_same_at_10_and_at_200_people(client, administrator, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(8) as queries:
            assert client.get(page("people")).status_code == 200
        return len(queries)

    for _person in range(9):
        user_with(Role.PROPOSER)
    at_ten = cost()
    for _person in range(190):
        user_with(Role.PROPOSER)
    assert cost() == at_ten
    assert client.get(page("people")).context["has_more"]
    assert client.get(page("people"), {"page": 5}).status_code == 200


@pytest.mark.parametrize("role", [None, *Role])
def test_the_reference_data_pages_open_for_administrators_only(client, role):
    client.force_login(user_with(role) if role else UserFactory())
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.status_code == (200 if role == Role.ADMINISTRATOR else 403)


def test_visitors_reach_reference_data_through_the_portals_own_door(client):
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.resolver_match.view_name == "account_login"
