"""People for tests."""

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Aminata Touré {n}")
    email = factory.Sequence(lambda n: f"personne{n}@portail.example")
    password = factory.LazyFunction(lambda: make_password(None))  # nobody knows it: tests use `force_login`


def user_with(*roles: Role, region=None, **fields) -> User:
    """Somebody who holds `roles` in `region`, or in the whole mission."""
    user = UserFactory(**fields)
    for role in roles:
        group, _made = Group.objects.get_or_create(name=role.value)
        RoleAssignment.objects.create(user=user, group=group, region=region)
    return user
