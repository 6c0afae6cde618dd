"""Every question asked of the regional plans and of the studies. All who work for the mission read them."""

import datetime as dt
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Sum


class PlanQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """At most one per region: the database holds it."""
        return self.filter(status="validated")

    def for_list(self) -> Self:
        """With `priority_count` and `need_usd`, the sum of its priorities' needs (None without any)."""
        return (
            self.select_related("region")
            .defer("region__outline")
            .annotate(priority_count=Count("priorities"), need_usd=Sum("priorities__need_usd"))
        )

    def for_page(self) -> Self:
        """The whole plan, in a constant number of queries."""
        return (
            self.select_related("region", "document", "created_by", "validated_by")
            .defer("region__outline")
            .prefetch_related("axes__priorities__indicators")
        )

    def versions_of(self, plan) -> Self:
        """All versions of the same plan, the newest first."""
        return self.filter(series=plan.series).order_by("-number")


class PriorityQuerySet(models.QuerySet):
    def in_order(self) -> Self:
        """As the plan numbers them: 1.2 before 1.10."""
        return self.order_by("axis__number", models.functions.Length("code"), "code")

    def to_choose(self, region_id: int | None) -> Self:
        """Those that a project or an activity of this region may serve now; none without a region."""
        if region_id is None:
            return self.none()
        found = self.filter(plan__region_id=region_id, plan__status="validated")
        return found.select_related("axis").in_order()

    def same_as(self, priority) -> Self:
        """The priority in all versions of its plan."""
        return self.filter(lineage=priority.lineage)


class StudyQuerySet(models.QuerySet):
    def of_region(self, region_id: int) -> Self:
        """Those of the region, and those of the whole country."""
        return self.filter(Q(regions=region_id) | Q(regions__isnull=True)).distinct()

    def with_place_names(self) -> Self:
        """With `place_names`, those of its regions in their order."""
        places = self.model.places.rel.related_model.objects.filter(study=OuterRef("pk")).order_by("region__rank")
        return self.annotate(place_names=ArraySubquery(places.values("region__name")))

    def latest_first(self) -> Self:
        return self.order_by(F("published_on").desc(nulls_last=True), "-pk")

    def running(self, on: dt.date) -> Self:
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gte=on))
