"""What an administrator does to people and roles. Each service is one transaction, and refuses whoever may not act."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sr_portal.web import clock

from . import rules
from .models import RoleAssignment, User
from .roles import Role, incompatible_with


@transaction.atomic
def create_person(*, by: User, email: str, name: str, job_title: str = "", language: str = "fr") -> User:
    """A new account without a password: its holder chooses one through the link of `invitations`.

    Raises PermissionDenied, or ValidationError (address already taken, bad field).
    """
    _only_administrators(by)
    user = User.objects.create_user(email=email, name=name, job_title=job_title, language=language)
    # The administrator answers for the address: allauth asks for no proof before a second factor is set up.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def update_person(user: User, *, by: User, email: str, name: str, job_title: str, language: str) -> User:
    """Changes who somebody is; their address is also their login. Raises PermissionDenied or ValidationError."""
    _only_administrators(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.email, user.name, user.job_title, user.language = email.lower(), name, job_title, language
    user.full_clean(exclude=["password"])
    user.save(update_fields=["email", "name", "job_title", "language"])
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


@transaction.atomic
def update_profile(user: User, *, name: str, job_title: str, language: str) -> User:
    """What everybody may change about themselves. Raises ValidationError."""
    user.name, user.job_title, user.language = name, job_title, language
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "job_title", "language"])
    return user


@transaction.atomic
def deactivate(user: User, *, by: User) -> User:
    """Closes an account: open sessions end at their next request. Never one's own, nor the last administrator's."""
    _only_administrators(by)
    if user.pk == by.pk:
        raise ValidationError(_("Vous ne pouvez pas désactiver votre propre compte."), code="own_account")
    _lock_administrators()
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.has_role(Role.ADMINISTRATOR):
        _keep_another_administrator(User.objects.exclude(pk=user.pk))
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def reactivate(user: User, *, by: User) -> User:
    """Opens a closed account again, with the roles that it held."""
    _only_administrators(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def grant_role(user: User, role: Role, region_id: int | None = None, *, by: User) -> RoleAssignment:
    """Gives a role in a region, or in the whole mission when `region_id` is None.

    Raises PermissionDenied; ValidationError when the role is already held there, is incompatible with another one,
    is asked for oneself, or is the administrator's with a region.
    """
    _only_administrators(by)
    if user.pk == by.pk:
        raise ValidationError(
            _("On ne s’attribue pas un rôle à soi-même\u00a0: demandez-le à un autre administrateur."), code="own_role"
        )
    if role is Role.ADMINISTRATOR and region_id is not None:
        raise ValidationError(_("Un administrateur l’est pour toute la mission."), code="administrator_region")
    User.objects.select_for_update().get(pk=user.pk)  # two grants at once cannot give two incompatible roles
    held = set(RoleAssignment.objects.filter(user=user).values_list("group__name", flat=True))
    clash = sorted(other.label for other in incompatible_with(role) if other in held)
    if clash:
        raise ValidationError(
            _("Le rôle «\u00a0%(role)s\u00a0» ne se cumule pas avec\u00a0: %(others)s."),
            code="incompatible_roles",
            params={"role": role.label, "others": ", ".join(map(str, clash))},
        )
    assignment = RoleAssignment(
        user=user,
        group=Group.objects.get(name=role.value),
        region_id=region_id,
        granted_by=by,
        granted_at=clock.now(),
    )
    assignment.full_clean()
    assignment.save()
    return assignment


@transaction.atomic
def revoke_role(assignment: RoleAssignment, *, by: User) -> None:
    """Takes a role back. Never the last administrator's, nor an administrator's own. A second call has no effect."""
    _only_administrators(by)
    if assignment.role is Role.ADMINISTRATOR:
        if assignment.user_id == by.pk:
            raise ValidationError(
                _("Vous ne pouvez pas renoncer vous-même au rôle d’administrateur."), code="own_administrator_role"
            )
        _lock_administrators()
        _keep_another_administrator(User.objects.exclude(pk=assignment.user_id))
    RoleAssignment.objects.filter(pk=assignment.pk).delete()


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> None:
    """Forgets a lost telephone: the person sets a second factor up again at their next sign-in."""
    _only_administrators(by)
    if user.pk == by.pk:
        raise ValidationError(_("Changez votre propre second facteur depuis votre compte."), code="own_second_factor")
    Authenticator.objects.filter(user=user).delete()


def _only_administrators(by: User) -> None:
    if not rules.may_manage_people(by):
        raise PermissionDenied


def _lock_administrators() -> None:
    """Two administrators who remove each other at once act one after the other; the database trigger agrees."""
    Group.objects.select_for_update(no_key=True).get(name=Role.ADMINISTRATOR)


def _keep_another_administrator(others) -> None:
    if not others.filter(is_active=True, role_assignments__group__name=Role.ADMINISTRATOR).exists():
        raise ValidationError(_("Le portail doit garder au moins un administrateur actif."), code="last_administrator")
