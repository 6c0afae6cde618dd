"""Who does what, where and when (4W): what the technical and financial partners do in the country (domain guide §1)."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funds.activity_querysets import ActivityQuerySet
from regions.models.plan_triggers import serves_its_region
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .mechanisms import Mechanism
from .organisations import Organisation
from .reference import Sector


class ActivityStatus(models.TextChoices):
    PLANNED = "planned", _("Prévue")
    ONGOING = "ongoing", _("En cours")
    DONE = "done", _("Terminée")
    CANCELLED = "cancelled", _("Abandonnée")

    @property
    def tone(self) -> str:
        return {"planned": "info", "ongoing": "positive", "done": "neutral", "cancelled": "danger"}[self.value]

    @property
    def icon(self) -> str:
        return {
            "planned": "hourglass-split",
            "ongoing": "play-circle",
            "done": "check-circle",
            "cancelled": "x-circle",
        }[self.value]


class ActivitySource(models.TextChoices):
    TYPED = "typed", _("Saisie")
    SHEET = "sheet", _("Tableur")
    IATI = "iati", _("Fichier IITA (IATI)")


@tracked()
class PartnerActivity(ChecksAtOnce):
    """One activity of a partner, in one region or (region empty) in the whole country.

    `amount` is in `currency` (ISO 4217), `amount_usd` its worth in USD, empty when no rate is known. `external_id` is
    the partner's own number of it (its `iati-identifier` in an IATI file): it is how a second import recognises it.
    It serves at most one priority of the plan in force in its region, so that its money counts once; `own_fund` says
    which of our own mechanisms pays for it, whose money is then counted with our projects and not with others'.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="activities", verbose_name=_("organisation")
    )
    implementer = models.CharField(_("réalisée par"), max_length=200, blank=True)
    funder = models.CharField(_("financée par"), max_length=200, blank=True)
    title = models.CharField(_("intitulé"), max_length=250)
    description = models.TextField(_("description"), blank=True)
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("secteur")
    )
    region = models.ForeignKey(
        "regions.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("région")
    )
    cercle = models.ForeignKey(
        "regions.Cercle", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cercle")
    )
    locality = models.CharField(_("commune ou localité"), max_length=120, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"), null=True, blank=True)
    status = models.CharField(_("état"), max_length=10, choices=ActivityStatus.choices, default=ActivityStatus.ONGOING)
    amount = models.DecimalField(
        _("montant"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(
        _("monnaie"), max_length=3, blank=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Trois lettres majuscules, comme USD, EUR ou XOF."))],
    )  # fmt: skip
    amount_usd = models.DecimalField(
        _("montant (USD)"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    beneficiaries = models.PositiveIntegerField(_("bénéficiaires"), null=True, blank=True)
    priority = models.ForeignKey(
        "regions.Priority", on_delete=models.PROTECT, null=True, blank=True, related_name="activities",
        verbose_name=_("priorité du plan régional"),
    )  # fmt: skip
    own_fund = models.ForeignKey(
        Mechanism, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("financée par l’un de nos fonds"),
    )  # fmt: skip
    source = models.CharField(
        _("source"), max_length=10, choices=ActivitySource.choices, default=ActivitySource.TYPED, editable=False
    )
    external_id = models.CharField(_("identifiant chez le partenaire"), max_length=160, blank=True)
    data_import = models.ForeignKey(
        "imports.DataImport", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("dernier import"),
    )  # fmt: skip
    import_row = models.PositiveIntegerField(_("ligne du fichier"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("inscrite par"),
    )
    created_at = models.DateTimeField(_("inscrite le"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("modifiée le"), default=clock.now, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activité d’un partenaire")
        verbose_name_plural = _("activités des partenaires")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "external_id", "region"],
                condition=~Q(external_id=""),
                nulls_distinct=False,
                name="activity_known_once",
                violation_error_message=_("Cette organisation a déjà une activité de cet identifiant dans la région."),
            ),
            models.CheckConstraint(
                name="activity_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("La fin précède le début."),
            ),
            models.CheckConstraint(
                name="activity_money_whole",
                condition=Q(amount__isnull=True, currency="", amount_usd__isnull=True)
                | Q(amount__isnull=False, amount__gte=0, currency__regex=r"^[A-Z]{3}$", amount_usd__isnull=True)
                | Q(
                    amount__isnull=False,
                    amount__gte=0,
                    currency__regex=r"^[A-Z]{3}$",
                    amount_usd__isnull=False,
                    amount_usd__gte=0,
                ),
                violation_error_message=_("Donnez le montant et sa monnaie, ou aucun des deux."),
            ),  # fmt: skip
            models.CheckConstraint(
                name="activity_usd_is_usd",
                condition=~Q(currency="USD")
                | Q(amount__isnull=False, amount_usd__isnull=False, amount_usd=F("amount")),
                violation_error_message=_("Un montant en USD est le même en USD."),
            ),
            models.CheckConstraint(
                name="activity_point_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                violation_error_message=_("Donnez la latitude et la longitude, ou aucune des deux."),
            ),
            models.CheckConstraint(
                name="activity_cercle_has_region",
                condition=Q(cercle__isnull=True) | Q(region__isnull=False),
                violation_error_message=_("Indiquez la région du cercle."),
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_on", "-id"], name="activity_recent"),
            models.Index(fields=["region", "sector"], name="activity_place_sector"),
        ]
        triggers = [
            serves_its_region("activity"),
            pgtrigger.Trigger(
                name="place_is_in_region",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("region_id", "cercle_id", "latitude", "longitude"),
                func="""
                    IF NEW.cercle_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM regions_cercle WHERE id = NEW.cercle_id AND region_id = NEW.region_id) THEN
                        RAISE EXCEPTION 'cercle_in_region: the cercle of activity % lies in another region', NEW.id;
                    END IF;
                    IF NEW.region_id IS NOT NULL AND NEW.latitude IS NOT NULL AND NEW.longitude IS NOT NULL
                       AND NOT region_contains(NEW.region_id, NEW.latitude::float8, NEW.longitude::float8) THEN
                        RAISE EXCEPTION 'point_in_region: the point of activity % lies outside its region', NEW.id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("funds:activity", args=[self.pk])

    @property
    def status_label(self) -> ActivityStatus:
        return ActivityStatus(self.status)

    @property
    def place(self) -> str:
        """The closest name of where it is, within its region; empty when only the region is known."""
        return self.locality or (self.cercle.name if self.cercle else "")
