"""Regions and cercles: reference data with its sources, loaded by a migration from `regions/data`."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import connections, models, router
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regions.querysets import CercleQuerySet, RegionQuerySet
from sr_portal.history.tracking import tracked


class RegionKind(models.TextChoices):
    REGION = "region", _("Région")
    DISTRICT = "district", _("District")


@tracked(exclude=["outline"])
class Region(models.Model):
    """A region of Mali, or the district of Bamako.

    `outline` is a GeoJSON Polygon or MultiPolygon in degrees (longitude, latitude; WGS 84). A database trigger copies
    its rings into `regions_outlinering`, which `region_contains()` reads: the rule « the point lies in its region »
    is written once, in SQL, for forms and triggers alike.
    """

    code = models.CharField(
        _("code ISO 3166-2"),
        max_length=6,
        unique=True,
        validators=[
            RegexValidator(
                r"^ML-([0-9]{1,2}|BKO)$",
                _("Un code ISO 3166-2 du Mali s’écrit ML-7 ou ML-BKO."),
            )
        ],
    )
    abbreviation = models.CharField(
        _("abréviation"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Trois lettres majuscules."))],
        help_text=_("Trois lettres, reprises dans les références des projets."),
    )
    rank = models.PositiveSmallIntegerField(_("rang"), default=99, help_text=_("Ordre dans les listes."))
    name = models.CharField(_("nom"), max_length=60, unique=True)
    kind = models.CharField(_("type"), max_length=10, choices=RegionKind.choices, default=RegionKind.REGION)
    capital = models.CharField(_("chef-lieu"), max_length=60)
    capital_lat = models.FloatField(
        _("latitude du chef-lieu"),
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    capital_lon = models.FloatField(
        _("longitude du chef-lieu"),
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    label_lat = models.FloatField(_("latitude de l’étiquette"), null=True, blank=True)
    label_lon = models.FloatField(_("longitude de l’étiquette"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("année de la population"), null=True, blank=True)
    population_source = models.CharField(_("source de la population"), max_length=250, blank=True)
    pcode = models.CharField(_("P-code"), max_length=10, blank=True)
    pcode_version = models.CharField(_("version du P-code"), max_length=40, blank=True)
    outline = models.JSONField(_("contour"), null=True, blank=True, editable=False)
    outline_source = models.CharField(_("source du contour"), max_length=250, blank=True)
    outline_tolerance_km = models.FloatField(
        _("tolérance du contour (km)"),
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Un point hors du contour est accepté jusqu’à cette distance."),
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("région")
        verbose_name_plural = _("régions")
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(
                name="region_code_iso",
                condition=Q(code__regex=r"^ML-([0-9]{1,2}|BKO)$"),
            ),
            models.CheckConstraint(
                name="region_abbreviation",
                condition=Q(abbreviation__regex=r"^[A-Z]{3}$"),
            ),
            models.CheckConstraint(
                name="region_capital_on_earth",
                condition=Q(capital_lat__range=(-90, 90), capital_lon__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="region_population_has_year",
                condition=Q(population__isnull=True) | Q(population_year__isnull=False),
                violation_error_message=_("Indiquez l’année de la population."),
            ),
            models.CheckConstraint(
                name="region_tolerance_not_negative",
                condition=Q(outline_tolerance_km__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("regions:detail", args=[self.code])

    def contains(self, lat: float, lon: float) -> bool:
        """Whether the point lies in the region, give or take the outline's tolerance; true without an outline."""
        with connections[router.db_for_read(Region)].cursor() as cursor:
            cursor.execute("SELECT region_contains(%s, %s, %s)", [self.pk, float(lat), float(lon)])
            return cursor.fetchone()[0]


@tracked()
class Cercle(models.Model):
    """A cercle: the division of a region that proposals name. Its point is where a map writes its name."""

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="cercles",
        verbose_name=_("région"),
    )
    name = models.CharField(_("nom"), max_length=80)
    pcode = models.CharField(_("P-code"), max_length=12, blank=True)
    pcode_version = models.CharField(_("version du P-code"), max_length=40, blank=True)
    label_lat = models.FloatField(_("latitude de l’étiquette"), null=True, blank=True)
    label_lon = models.FloatField(_("longitude de l’étiquette"), null=True, blank=True)

    objects = CercleQuerySet.as_manager()

    class Meta:
        verbose_name = _("cercle")
        verbose_name_plural = _("cercles")
        ordering = ["region", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="cercle_once_in_its_region",
                violation_error_message=_("Ce cercle existe déjà dans la région."),
            ),
            # Lets a project hold its cercle and its region equal by a composite foreign key.
            models.UniqueConstraint(fields=["id", "region"], name="cercle_with_its_region"),
            models.CheckConstraint(
                name="cercle_label_on_earth",
                condition=Q(label_lat__isnull=True, label_lon__isnull=True)
                | Q(
                    label_lat__isnull=False,
                    label_lon__isnull=False,
                    label_lat__range=(-90, 90),
                    label_lon__range=(-180, 180),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
