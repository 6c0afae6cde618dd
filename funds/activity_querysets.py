"""Every question asked of the register of the partners' activities (4W)."""

import datetime as dt
import math
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q, Sum

from funds.activity_rules import NEAR_KM

KM_A_DEGREE = 111.195


class ActivityQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        return self.select_related("organisation", "region", "cercle", "sector").only(
            "title", "status", "starts_on", "ends_on", "amount", "currency", "amount_usd", "locality", "source",
            "organisation__name", "organisation__acronym", "region__name", "region__code", "cercle__name",
            "sector__name_fr", "sector__name_en",
        )  # fmt: skip

    def search(self, text: str) -> Self:
        """Title, place, organisation or implementer contains `text`, accents and case ignored."""
        found = Q()
        for name in ("title", "locality", "implementer", "organisation__name", "organisation__acronym"):
            found |= Q(**{f"{name}__unaccent__icontains": text})
        return self.filter(found)

    def filtered(self, wanted: dict[str, Any]) -> Self:
        """By the cleaned data of `ActivityFilter`: the same for the list, the map and the exports."""
        found = self
        if text := wanted.get("q"):
            found = found.search(text)
        if region := wanted.get("region"):
            found = found.filter(region__isnull=True) if region == "-" else found.filter(region__code=region)
        if sector := wanted.get("secteur"):
            found = found.filter(sector__code=sector)
        if status := wanted.get("etat"):
            found = found.filter(status=status)
        if source := wanted.get("source"):
            found = found.filter(source=source)
        if priority := wanted.get("priorite"):
            found = found.filter(priority__lineage=priority.lineage)
        if organisation := wanted.get("organisation"):
            found = found.filter(organisation_id=organisation)
        return found

    def by_region(self) -> list[dict[str, Any]]:
        """For each region (None: the whole country): `count`, `usd` (None when no amount is known), `partners`."""
        return list(
            self.order_by()
            .values("region_id")
            .annotate(count=Count("pk"), usd=Sum("amount_usd"), partners=Count("organisation", distinct=True))
        )

    def serving_the_same(self, project, on: dt.date) -> Self:
        """Activities that may already meet the need of `project`: its family of sectors, near its place, not over.

        Near is the same locality or cercle, or a point within `NEAR_KM`; without any place, the same region. Over is
        done, cancelled, or ended before the project would begin.
        """
        if not project.sector_id or not project.region_id:
            return self.none()
        starts = max(project.starts_on or on, on)
        alive = Q(status__in=("planned", "ongoing")) & (Q(ends_on__isnull=True) | Q(ends_on__gte=starts))
        near = Q(pk__in=[])
        if project.locality:
            near |= Q(locality__unaccent__iexact=project.locality)
        if project.cercle_id:
            near |= Q(cercle_id=project.cercle_id)
        if project.latitude is not None and project.longitude is not None:
            up = NEAR_KM / KM_A_DEGREE
            across = up / max(math.cos(math.radians(float(project.latitude))), 0.1)
            latitude, longitude = float(project.latitude), float(project.longitude)
            near |= Q(
                latitude__range=(latitude - up, latitude + up),
                longitude__range=(longitude - across, longitude + across),
            )
        return self.filter(alive, near, region_id=project.region_id, sector__code__startswith=project.sector_id[:3])
