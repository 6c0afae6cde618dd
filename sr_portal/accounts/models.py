"""People: the user, and the roles that they hold, each in a region or in the whole mission."""

from functools import cached_property

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, Group, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked
from sr_portal.web import clock

from .querysets import UserQuerySet
from .roles import Role, Scopes, scopes_of


class Language(models.TextChoices):
    FRENCH = "fr", _("Français")
    ENGLISH = "en", _("Anglais")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """The first administrator, for `manage.py createsuperuser`: the role, never Django's all-seeing flag."""
        with transaction.atomic(using=self._db):
            user = self.create_user(email, password, **fields)
            user.role_assignments.create(group=Group.objects.get(name=Role.ADMINISTRATOR))
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What they may do comes from their roles alone (see `scopes`)."""

    email = models.EmailField(_("adresse électronique"), max_length=254)
    name = models.CharField(_("nom complet"), max_length=120)
    job_title = models.CharField(_("fonction"), max_length=120, blank=True)
    language = models.CharField(
        _("langue de l’interface"), max_length=2, choices=Language.choices, default=Language.FRENCH
    )
    is_active = models.BooleanField(
        _("actif"), default=True, help_text=_("Décochez plutôt que de supprimer : l’historique garde le nom.")
    )
    date_joined = models.DateTimeField(_("compte créé le"), default=timezone.now, editable=False)
    groups = models.ManyToManyField(
        Group, through="RoleAssignment", through_fields=("user", "group"), related_name="users", verbose_name=_("rôles")
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("utilisateur")
        verbose_name_plural = _("utilisateurs")
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_unique", violation_error_message=_("Cette adresse a déjà un compte.")
            ),
            # Rights come from roles alone: Django's flag would pass over the separation of duties.
            models.CheckConstraint(name="user_never_superuser", condition=models.Q(is_superuser=False)),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @property
    def is_staff(self) -> bool:
        """Only administrators open the reference data pages."""
        return self.is_active and Role.ADMINISTRATOR in self.scopes

    @cached_property
    def scopes(self) -> Scopes:
        """Each role held now, with where it is held; one query, kept for the life of this object."""
        if not self.pk or not self.is_active:
            return {}
        return scopes_of(self.role_assignments.values_list("group__name", "region_id"))

    def has_role(self, *roles: Role) -> bool:
        return any(role in self.scopes for role in roles)


@tracked()
class RoleAssignment(models.Model):
    """One role held by one person, in one region or (region empty) in the whole mission."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_assignments", verbose_name=_("personne")
    )
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("rôle"))
    region = models.ForeignKey(
        "regions.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("région"),
        help_text=_("Laissez vide pour toute la mission."),
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("attribué par"),
    )
    granted_at = models.DateTimeField(_("attribué le"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("rôle attribué")
        verbose_name_plural = _("rôles attribués")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group", "region"],
                nulls_distinct=False,
                name="role_held_once",
                violation_error_message=_("Cette personne a déjà ce rôle à cet endroit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role.label} ({self.region or _('toute la mission')})"

    @property
    def role(self) -> Role:
        return Role(self.group.name)


@tracked(exclude=["digest"])
class CalendarKey(models.Model):
    """The secret of somebody's calendar address, as a SHA-256 digest: whoever reads the database finds no address.

    One for each person; a new one puts the old address out of use, and no row means that they have none.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key", verbose_name=_("personne")
    )
    digest = models.CharField(_("empreinte"), max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("créée le"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("adresse de calendrier")
        verbose_name_plural = _("adresses de calendrier")
        constraints = [
            models.CheckConstraint(name="calendar_key_is_digest", condition=models.Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return str(self.user)
