"""Every question asked of visits and of their findings."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Count, Prefetch, Q

from projects.states import UNDER_AGREEMENT
from sr_portal.web import clock

CARRIED_DAYS = 60  # how long a visit made stays in the notebook, to be corrected there
MOST_CARRIED = 80


def of_visible_projects(user) -> models.QuerySet:
    from projects.models import Project

    return Project.objects.visible_to(user).order_by().values("pk")


class VisitQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        return self.filter(project__in=of_visible_projects(user))

    def followed(self) -> Self:
        """Of the projects that live: those that ended ask for no visit any more."""
        return self.filter(project__state__in=sorted(UNDER_AGREEMENT))

    def late(self, on: dt.date) -> Self:
        """Planned before `on` and neither made nor cancelled."""
        return self.followed().filter(state="planned", planned_on__lt=on)

    def with_people(self) -> Self:
        return self.select_related("visitor", "reported_by", "created_by")

    def with_counts(self) -> Self:
        """`photo_count`, `finding_count`, `open_count` (findings not closed yet)."""
        return self.annotate(
            photo_count=Count("photos", filter=Q(photos__document__withdrawn_at=None), distinct=True),
            finding_count=Count("findings", distinct=True),
            open_count=Count("findings", filter=Q(findings__closed_at=None), distinct=True),
        )

    def to_carry_by(self, user) -> Self:
        """Those of one visitor that a device keeps for the field: to make, or made lately; three queries.

        `project.still_open` holds the open findings of each project.
        """
        from projects.models import Finding

        since = clock.today() - dt.timedelta(days=CARRIED_DAYS)
        barred = user.interests.filter(ended_at=None).values("organisation_id")
        return (
            self.followed()
            .filter(Q(state="planned") | Q(state="done", done_on__gte=since), visitor=user)
            .exclude(project__partner__in=barred)
            .exclude(project__recipients__organisation__in=barred)
            .select_related("project__region", "project__partner", "project__author")
            .defer("project__search", "project__region__outline")
            .prefetch_related(
                "project__coauthors",
                Prefetch("project__findings", Finding.objects.open(), to_attr="still_open"),
            )
            .order_by("planned_on", "pk")[:MOST_CARRIED]
        )

    def for_list(self) -> Self:
        """The columns that a list or a calendar shows, in one query."""
        return self.select_related("project__region", "visitor").only(
            "kind", "state", "planned_on", "done_on", "progress", "distance_m", "visitor__name", "visitor__email",
            "project__title", "project__reference", "project__state", "project__locality", "project__region__name",
        )  # fmt: skip


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        return self.filter(project__in=of_visible_projects(user))

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def of_living_projects(self) -> Self:
        """Those that ended have nothing left to put right."""
        return self.filter(project__state__in=sorted(UNDER_AGREEMENT))

    def overdue(self, on: dt.date) -> Self:
        return self.open().filter(due_on__lt=on)

    def with_people(self) -> Self:
        return self.select_related("owner", "created_by", "closed_by", "visit")

    def for_list(self) -> Self:
        return self.select_related("project__region", "owner", "created_by", "visit").only(
            "severity", "text", "due_on", "created_at", "closed_at", "owner__name", "owner__email", "created_by__name",
            "created_by__email", "visit__kind", "visit__done_on", "visit__project_id", "project__title",
            "project__reference", "project__state", "project__locality", "project__region__name",
        )  # fmt: skip
