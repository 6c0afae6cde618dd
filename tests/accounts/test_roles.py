"""Grants, scopes, incompatible roles, and the administrator whom the portal always keeps."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from regions.models import Region
from sr_portal.accounts import rules, services
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import DECISION_ROLES, Role, holds, incompatible_with
from tests.factories.accounts import UserFactory, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return user_with(Role.ADMINISTRATOR)


class refused:
    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, _trace) -> bool:
        assert kind is ValidationError, f"expected a refusal, got {error!r}"
        codes = {item.code for item in error.error_list} if hasattr(error, "error_list") else {error.code}
        assert codes == {self.code}
        return True


def test_a_group_exists_for_each_role():
    assert set(Group.objects.values_list("name", flat=True)) >= set(Role.values)


def test_a_role_reaches_as_far_as_its_region_and_no_further():
    gao, kidal = Region.objects.get(abbreviation="GAO"), Region.objects.get(abbreviation="KDL")
    local = user_with(Role.PROPOSER, region=gao)
    assert local.scopes[Role.PROPOSER].covers(gao.pk)
    assert local.scopes[Role.PROPOSER].covers(None)
    assert not local.scopes[Role.PROPOSER].covers(kidal.pk)
    assert list(Region.objects.filter(local.scopes[Role.PROPOSER].as_q("pk"))) == [gao]
    central = user_with(Role.PROPOSER)
    assert central.scopes[Role.PROPOSER].covers(kidal.pk)
    assert Region.objects.filter(central.scopes[Role.PROPOSER].as_q("pk")).count() == Region.objects.count()


def test_an_inactive_person_or_a_visitor_holds_nothing():
    user = user_with(Role.ADMINISTRATOR, is_active=False)
    assert user.scopes == {} and not rules.may_manage_people(user)
    assert not holds(*Role)(AnonymousUser())


@pytest.mark.parametrize("role", list(Role))
def test_only_an_administrator_may_call_any_service(role):
    user_with(Role.ADMINISTRATOR)
    actor, person = user_with(role), user_with(Role.PROPOSER)
    held = person.role_assignments.get()
    acts = [
        lambda: services.create_person(by=actor, email="a@b.example", name="A"),
        lambda: services.update_person(person, by=actor, email=person.email, name="A", job_title="", language="fr"),
        lambda: services.grant_role(person, Role.PARTNER, by=actor),
        lambda: services.revoke_role(held, by=actor),
        lambda: services.deactivate(person, by=actor),
        lambda: services.reactivate(person, by=actor),
        lambda: services.reset_second_factor(person, by=actor),
    ]
    for act in acts:
        if role == Role.ADMINISTRATOR:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()


def test_incompatibility_is_mutual():
    for one, other in itertools.permutations(Role, 2):
        assert (other in incompatible_with(one)) == (one in incompatible_with(other)), (one, other)


@pytest.mark.parametrize("role", sorted(DECISION_ROLES))
def test_an_administrator_takes_no_project_decision(administrator, role):
    other = user_with(Role.ADMINISTRATOR)
    with refused("incompatible_roles"):
        services.grant_role(other, role, by=administrator)


def test_an_auditor_changes_nothing_so_holds_no_other_role(administrator):
    auditor = user_with(Role.AUDITOR)
    with refused("incompatible_roles"):
        services.grant_role(auditor, Role.PROPOSER, by=administrator)


def test_a_role_is_granted_once_at_one_place_and_never_to_oneself(administrator):
    gao = Region.objects.get(abbreviation="GAO")
    person = UserFactory()
    services.grant_role(person, Role.PROPOSER, gao.pk, by=administrator)
    services.grant_role(person, Role.PROPOSER, None, by=administrator)
    for region_id in (gao.pk, None):
        with pytest.raises(ValidationError, match="déjà ce rôle"):
            services.grant_role(person, Role.PROPOSER, region_id, by=administrator)
    with refused("own_role"):
        services.grant_role(administrator, Role.PROPOSER, by=administrator)
    with refused("administrator_region"):
        services.grant_role(UserFactory(), Role.ADMINISTRATOR, gao.pk, by=administrator)


def test_an_administrator_may_remove_another_but_not_themselves(administrator):
    other = user_with(Role.ADMINISTRATOR)
    with refused("own_administrator_role"):
        services.revoke_role(administrator.role_assignments.get(), by=administrator)
    with refused("own_account"):
        services.deactivate(administrator, by=administrator)
    services.deactivate(other, by=administrator)
    services.reactivate(other, by=administrator)
    services.revoke_role(other.role_assignments.get(), by=administrator)
    assert not User.objects.get(pk=other.pk).has_role(Role.ADMINISTRATOR)


LAST_ONE_LOST = [
    "DELETE FROM accounts_roleassignment WHERE user_id = %(user)s",
    "UPDATE accounts_roleassignment SET group_id = (SELECT max(id) FROM auth_group WHERE name = 'auditor')",
    "UPDATE accounts_roleassignment SET user_id = %(inactive)s WHERE user_id = %(user)s",
    "UPDATE accounts_user SET is_active = false WHERE id = %(user)s",
    "UPDATE accounts_user SET is_active = false",
    "DELETE FROM accounts_user WHERE id = %(user)s",
    "UPDATE auth_group SET name = 'former' WHERE name = 'administrator'",
    "TRUNCATE accounts_roleassignment CASCADE",
]


@pytest.mark.parametrize("statement", LAST_ONE_LOST)
def test_the_last_administrator_stays_whoever_writes_raw_sql(administrator, statement):
    inactive = UserFactory(is_active=False)
    with connection.cursor() as cursor:
        # The rows made above are checked, nothing is pending; then foreign keys wait for the end, as in real life.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET CONSTRAINTS last_administrator IMMEDIATE")
        with pytest.raises(IntegrityError, match="last_administrator"), transaction.atomic():
            cursor.execute(statement, {"user": administrator.pk, "inactive": inactive.pk})
    assert User.objects.get(pk=administrator.pk).has_role(Role.ADMINISTRATOR)


@pytest.mark.parametrize("statement", LAST_ONE_LOST[:5:3])
def test_one_of_two_administrators_may_go(administrator, statement):
    user_with(Role.ADMINISTRATOR)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"user": administrator.pk})


def test_bulk_writes_of_the_orm_are_refused_as_well(administrator):
    for act in (
        lambda: RoleAssignment.objects.filter(user=administrator).delete(),
        lambda: User.objects.filter(pk=administrator.pk).update(is_active=False),
        lambda: administrator.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_nobody_is_superuser_and_the_first_administrator_holds_the_role():
    with pytest.raises(IntegrityError, match="user_never_superuser"), transaction.atomic():
        User.objects.filter(pk=UserFactory().pk).update(is_superuser=True)
    call_command("createsuperuser", interactive=False, email="Premier@portail.example", name="Premier", verbosity=0)
    first = User.objects.get(email="premier@portail.example")
    assert first.has_role(Role.ADMINISTRATOR) and not first.is_superuser
