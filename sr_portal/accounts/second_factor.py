"""Whether somebody must use a second factor, and whether they do."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from .models import User
from .roles import Role


def compulsory_roles() -> set[Role]:
    """The roles named by `SECOND_FACTOR_ROLES`; an unknown code is a mistake to report, never to ignore."""
    return {Role(code) for code in settings.SECOND_FACTOR_ROLES}


def is_compulsory(user: User) -> bool:
    """Whether a role that this person holds asks for a second factor."""
    compulsory = compulsory_roles()
    return bool(compulsory) and any(role in compulsory for role in user.scopes)


def is_set_up(user: User) -> bool:
    """Whether an authenticator application is tied to this account; one query."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
