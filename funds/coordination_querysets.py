"""Every question asked of the groups, their meetings and their decisions."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Count, F, Q


class GroupQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        """With region, number of meetings (`meeting_count`) and the day of the last one held (`last_held_on`)."""
        held = Q(meetings__state="held")
        return (
            self.select_related("region")
            .defer("region__outline")
            .annotate(meeting_count=Count("meetings"), last_held_on=models.Max("meetings__held_on", filter=held))
        )

    def written_by(self, user) -> Self:
        """The groups for which this user keeps the meetings (`coordination_access.writes`)."""
        from funds.coordination_access import writable

        return self.filter(writable(user))


class MeetingQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        """With group and region, and `open_count`, how many of its decisions are still to be done."""
        waiting = Count("decisions", filter=Q(decisions__state="open"))
        return self.select_related("group__region").defer("group__region__outline").annotate(open_count=waiting)

    def for_page(self) -> Self:
        return (
            self.select_related("group__region", "created_by", "minutes_by", "minutes_document")
            .defer("group__region__outline")
            .prefetch_related(
                "participants__organisation", "decisions__owner", "decisions__organisation", "decisions__closed_by"
            )
        )


class DecisionQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state="open")

    def late(self, on: dt.date) -> Self:
        return self.open().filter(due_on__lt=on)

    def for_list(self) -> Self:
        return self.select_related("meeting__group__region", "owner", "organisation", "closed_by").defer(
            "meeting__group__region__outline"
        )

    def of_region(self, region) -> Self:
        return self.filter(meeting__group__region=region)

    def numbered_after(self) -> int:
        """The number that the next decision of these takes."""
        return (self.aggregate(last=models.Max(F("number")))["last"] or 0) + 1
