"""One registry of organisations: donors, partners of coordination, implementing partners."""

import datetime as dt

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funds import rules
from funds.querysets import OrganisationQuerySet, verified_account
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .organisation_triggers import RETIRED_FOR_GOOD, ROLES_FOLLOW_KIND, SURVIVOR_IS_CURRENT


class OrganisationKind(models.TextChoices):
    NGO_NATIONAL = "ngo_national", _("ONG nationale")
    NGO_INTERNATIONAL = "ngo_international", _("ONG internationale")
    ASSOCIATION = "association", _("Association ou coopérative")
    LOCAL_AUTHORITY = "local_authority", _("Collectivité territoriale")
    STATE_SERVICE = "state_service", _("Service de l’État")
    UN_AGENCY = "un_agency", _("Agence des Nations Unies")
    COMPANY = "company", _("Entreprise")
    DONOR = "donor", _("Donateur")


# Short names of the roles, for badges and filters.
ROLE_LABELS = {
    "is_donor": _("Donateur"),
    "is_ptf": _("PTF"),
    "is_implementing": _("Mise en œuvre"),
}


class VettingStatus(models.TextChoices):
    PENDING = "pending", _("À vérifier")
    CLEARED = "cleared", _("Vérifié")
    REJECTED = "rejected", _("Non conforme")


@tracked()
class Organisation(ChecksAtOnce):
    name = models.CharField(_("nom"), max_length=200)
    acronym = models.CharField(_("sigle"), max_length=30, blank=True)
    kind = models.CharField(_("type"), max_length=20, choices=OrganisationKind.choices)
    # What it does with the section: one organisation may give money, coordinate and carry out projects.
    is_donor = models.BooleanField(_("donateur"), default=False)
    is_ptf = models.BooleanField(_("partenaire technique et financier (PTF)"), default=False)
    is_implementing = models.BooleanField(_("partenaire de mise en œuvre"), default=False)
    iati_ref = models.CharField(
        _("identifiant IATI"), max_length=60, blank=True,
        validators=[RegexValidator(rules.IATI_REF, _("Des lettres, des chiffres, des points et des tirets : XM-DAC-41122."))],
        help_text=_("Identifiant d’organisation selon org-id.guide, par exemple XM-DAC-41122 ; vide s’il n’y en a pas."),
    )  # fmt: skip
    region = models.ForeignKey(
        "regions.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("région du siège"),
    )
    contact_name = models.CharField(_("personne à contacter"), max_length=120, blank=True)
    contact_phone = models.CharField(_("téléphone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("adresse électronique"), blank=True)
    address = models.CharField(_("adresse"), max_length=250, blank=True)
    vetting_status = models.CharField(
        _("vérification"), max_length=10, choices=VettingStatus.choices, default=VettingStatus.PENDING
    )
    vetted_on = models.DateField(_("vérifié le"), null=True, blank=True)
    vetting_note = models.TextField(_("note de vérification"), blank=True)
    late_reports = models.PositiveSmallIntegerField(
        _("rapports en retard"), default=0, help_text=_("Rapports dus au titre d’anciens projets et non remis.")
    )
    excluded = models.BooleanField(_("exclu"), default=False)
    exclusion_reason = models.TextField(_("motif de l’exclusion"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # A duplicate is never deleted: it stays readable, and says which record goes on in its place.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged",
        verbose_name=_("réunie à"),
    )  # fmt: skip
    merged_at = models.DateTimeField(_("réunie le"), null=True, blank=True, editable=False)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("réunie par"),
    )  # fmt: skip

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="organisation_name_unique",
                violation_error_message=_("Une organisation porte déjà ce nom."),
            ),
            models.CheckConstraint(
                name="organisation_iati_ref",
                condition=Q(iati_ref="") | Q(iati_ref__regex=rules.IATI_REF),
                violation_error_message=_("Un identifiant IATI n’a ni espace ni / & | ?."),
            ),
            models.CheckConstraint(
                name="organisation_has_a_role",
                condition=Q(is_donor=True) | Q(is_ptf=True) | Q(is_implementing=True),
                violation_error_message=_("Indiquez au moins un rôle."),
            ),
            models.CheckConstraint(
                name="organisation_merged_with_who_and_when",
                condition=Q(merged_into__isnull=True, merged_at__isnull=True, merged_by__isnull=True)
                | (
                    Q(merged_into__isnull=False, merged_at__isnull=False, merged_by__isnull=False)
                    & ~Q(merged_into=models.F("pk"))
                ),
                violation_error_message=_("Une fiche réunie à une autre dit laquelle, par qui et quand."),
            ),
            models.CheckConstraint(
                name="organisation_cleared_with_date",
                condition=~Q(vetting_status=VettingStatus.CLEARED) | Q(vetted_on__isnull=False),
                violation_error_message=_("Indiquez la date à laquelle le partenaire a été vérifié."),
            ),
            models.CheckConstraint(
                name="organisation_excluded_with_reason",
                condition=Q(excluded=False) | ~Q(exclusion_reason=""),
                violation_error_message=_("Indiquez le motif de l’exclusion."),
            ),
        ]
        triggers = [ROLES_FOLLOW_KIND, RETIRED_FOR_GOOD, SURVIVOR_IS_CURRENT]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def clean(self) -> None:
        super().clean()
        self.take_roles_of_kind()

    def save(self, *args, **kwargs) -> None:
        if self._state.adding:
            self.take_roles_of_kind()
        super().save(*args, **kwargs)

    def take_roles_of_kind(self) -> None:
        """Of a new organisation without any role, those that go with its kind, as the database gives them too."""
        if self._state.adding and not any(getattr(self, role) for role in rules.ROLES):
            for role in rules.roles_of_kind(self.kind):
                setattr(self, role, True)

    @property
    def roles(self) -> list[str]:
        """The labels of its roles, in the order in which they are always shown."""
        return [label for role, label in ROLE_LABELS.items() if getattr(self, role)]

    @property
    def vetting_expires_on(self) -> dt.date | None:
        return rules.vetting_expires_on(self.vetted_on) if self.vetted_on else None

    def is_cleared(self, on: dt.date) -> bool:
        """Vetted less than 12 months before `on`, and not excluded (domain guide §4, §5)."""
        expires = self.vetting_expires_on
        return (
            not self.excluded and self.vetting_status == VettingStatus.CLEARED and expires is not None and on < expires
        )

    def has_verified_account(self) -> bool:
        """Whether finance verified a bank account to which money may go (domain guide §4)."""
        return verified_account(self) is not None


@tracked()
class Interest(models.Model):
    """Somebody's declared interest in an organisation: it excludes them from deciding on its projects."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interests")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="interests", verbose_name=_("organisation")
    )
    nature = models.CharField(_("nature de l’intérêt"), max_length=250)
    declared_at = models.DateTimeField(_("déclaré le"), default=clock.now, editable=False)
    ended_at = models.DateTimeField(_("levé le"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("intérêt déclaré")
        verbose_name_plural = _("intérêts déclarés")
        ordering = ["-declared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="interest_declared_once",
                violation_error_message=_("Vous avez déjà déclaré un intérêt dans cette organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"
