"""Every question asked of the places. They are public to all who are signed in."""

from django.db import models
from django.db.models import Count


class RegionQuerySet(models.QuerySet):
    def by_code(self):
        """In the order of the country's own codes: ML-1 … ML-10, then the district."""
        return self.order_by("rank")

    def with_cercle_count(self):
        return self.annotate(cercle_count=Count("cercles")).order_by("rank")

    def for_map(self):
        """What a map draws, and nothing else."""
        return self.only("code", "name", "outline", "label_lat", "label_lon").order_by("rank")

    def without_outline(self):
        """For pages that draw no map: an outline weighs some kilobytes."""
        return self.defer("outline")


class CercleQuerySet(models.QuerySet):
    def of_region(self, region_id: int | None):
        """The cercles to choose from once the region is known; none before."""
        return self.filter(region_id=region_id).order_by("name") if region_id else self.none()
