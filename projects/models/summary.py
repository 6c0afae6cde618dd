"""What is counted of each project, and its sums: rows that the database alone writes (`projects.summary`)."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funds.models import OrganisationKind
from projects.states import State
from projects.summary.table import ALWAYS, AMOUNTS, CLOCKS, COUNTS, DIMENSIONS, GRAINS, LEVELS
from projects.summary_querysets import CellQuerySet

from .projects import Project

SOME_CLOCK = reduce(or_, (Q(**{f"{name}__isnull": False}) for name in CLOCKS))


def place() -> models.ForeignKey:
    return models.ForeignKey(
        "regions.Region", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )


def fund() -> models.ForeignKey:
    return models.ForeignKey(
        "funds.Mechanism", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )


class Dimensions(models.Model):
    """By what a project is counted; a dimension is empty, or 0, where a project has none, or where a sum is over all."""

    region = place()
    mechanism = fund()
    fiscal_year = models.PositiveSmallIntegerField(_("exercice"))
    state = models.CharField(_("état"), max_length=20, choices=State.choices)
    sector_id = models.CharField(_("secteur"), max_length=5)
    partner_kind = models.CharField(_("type de partenaire"), max_length=20, choices=OrganisationKind.choices)
    priority = models.ForeignKey(
        "regions.Priority", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+",
        db_default=0,
    )  # fmt: skip

    class Meta:
        abstract = True


def with_measures(model: type, count: type[models.Field], digits: int) -> None:
    """Give the model a column for each measure of the table."""
    for name in COUNTS:
        count().contribute_to_class(model, name)
    for name in AMOUNTS:
        models.DecimalField(max_digits=digits, decimal_places=2).contribute_to_class(model, name)


class ProjectFact(Dimensions):
    """What is counted of one project, as `projects_fact_computed` computes it; USD, calendar days of the mission.

    It goes by trigger with its project: an ORM that deleted it first would leave the sums as they are.
    """

    project = models.OneToOneField(
        Project, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="fact"
    )
    due_on = models.DateField(null=True)
    works_due_on = models.DateField(null=True)
    closure_due_on = models.DateField(null=True)

    class Meta:
        db_table = "projects_fact"
        verbose_name = _("compte d’un projet")
        verbose_name_plural = _("comptes des projets")
        indexes = [
            models.Index(fields=["fiscal_year", "region"], name="fact_year"),
            models.Index(fields=["partner_kind"], name="fact_partner_kind"),
            # All that clocks are asked for one sector, without a look at the rows themselves.
            models.Index(
                fields=["sector_id"],
                include=["region", "mechanism", "fiscal_year", *CLOCKS],
                condition=SOME_CLOCK,
                name="fact_clocks_of_sector",
            ),
            models.Index(fields=["region", "due_on"], condition=Q(due_on__isnull=False), name="fact_region_due_on"),
            *(
                models.Index(fields=[name, "sector_id"], condition=Q(**{f"{name}__isnull": False}), name=f"fact_{name}")
                for name in CLOCKS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.state}, {self.fiscal_year}"


class Cell(Dimensions):
    """A sum over the projects of one cell of a grain; several rows of a cell add up, all but one of them `loose`."""

    grain = models.CharField(max_length=20, choices=[(grain, grain) for grain in GRAINS])
    loose = models.BooleanField(db_default=True)

    objects = CellQuerySet.as_manager()

    class Meta:
        verbose_name = _("somme")
        verbose_name_plural = _("sommes")
        constraints = [
            models.UniqueConstraint(
                fields=["grain", *(name.removesuffix("_id") if name != "sector_id" else name for name in DIMENSIONS)],
                condition=Q(loose=False), name="cell_settled_once",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["grain", "region"], name="cell_region"),
            models.Index(fields=["grain", "sector_id", "region"], condition=~Q(sector_id=""), name="cell_of_sector"),
            models.Index(fields=["priority"], condition=~Q(priority=0), name="cell_priority"),
            models.Index(fields=["id"], condition=Q(loose=True), name="cell_loose"),
            models.Index(fields=["id"], condition=Q(loose=False, projects=0), name="cell_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.grain} {self.region_id} {self.mechanism_id} {self.fiscal_year}"


class ClockCell(models.Model):
    """How many projects have the day of a clock in one month, or on one day; rows of a cell add up as in `Cell`."""

    clock = models.CharField(max_length=20, choices=[(clock, clock) for clock in CLOCKS])
    level = models.CharField(max_length=5, choices=[(level, level) for level in LEVELS])
    region = place()
    mechanism = fund()
    fiscal_year = models.PositiveSmallIntegerField(_("exercice"))
    day = models.DateField()
    projects = models.IntegerField()
    loose = models.BooleanField(db_default=True)

    class Meta:
        verbose_name = _("échéances d’un jour ou d’un mois")
        verbose_name_plural = _("échéances par jour et par mois")
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "level", *(name.removesuffix("_id") for name in ALWAYS), "day"],
                condition=Q(loose=False), name="clockcell_settled_once",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["level", "region", "day"], name="clockcell_day"),
            models.Index(fields=["id"], condition=Q(loose=True), name="clockcell_loose"),
            models.Index(fields=["id"], condition=Q(loose=False, projects=0), name="clockcell_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.day}: {self.projects}"


with_measures(ProjectFact, models.IntegerField, 12)
with_measures(Cell, models.BigIntegerField, 16)
