"""Every question asked of committees, their sessions and their agendas."""

from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from projects.committee_access import SESSION_READERS
from sr_portal.accounts.roles import Role


def held_here(user, roles, field: str) -> Q | None:
    """The rows whose `field` (a region's key, empty for the central committee) lies where one of `roles` is held.

    None when one is held in the whole mission: everything does.
    """
    regions: set[int] = set()
    for role in roles:
        if scope := user.scopes.get(role):
            if scope.everywhere:
                return None
            regions |= scope.region_ids
    return Q(**{f"{field}__in": regions})


class CommitteeQuerySet(models.QuerySet):
    def kept_by(self, user) -> Self:
        """Those of which the user is a secretary."""
        here = held_here(user, [Role.COMMITTEE_SECRETARY], "region_id")
        return self if here is None else self.filter(here)

    def visible_to(self, user) -> Self:
        if Role.ADMINISTRATOR in user.scopes:
            return self
        here = held_here(user, SESSION_READERS, "region_id")
        return self if here is None else self.filter(here | Q(pk__in=user.committee_seats.values("committee_id")))


class ReviewSessionQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Those of the committees in the user's scope, and those where they sit."""
        here = held_here(user, SESSION_READERS, "committee__region_id")
        if here is None:
            return self
        return self.filter(
            here
            | Q(pk__in=user.session_seats.values("session_id"))
            | Q(committee_id__in=user.committee_seats.values("committee_id"))
        )

    def for_list(self) -> Self:
        return self.select_related("committee__region").annotate(
            item_count=Count("items"), waiting_count=Count("items", filter=Q(items__state="waiting"))
        )

    def for_page(self) -> Self:
        return self.select_related("committee__region", "created_by").prefetch_related("members__user")


class AgendaItemQuerySet(models.QuerySet):
    def for_page(self, user) -> Self:
        """All that judging an item reads, and whether the user may open the project's own page."""
        from projects.models import Project, Recusal, Vote

        opened = Project.objects.visible_to(user).filter(pk=OuterRef("project_id"))
        return (
            self.select_related(
                "project__mechanism", "project__partner", "project__region", "project__cercle", "project__sector",
                "closed_by",
            )
            .annotate(opens_project=Exists(opened))
            .prefetch_related(
                Prefetch("recusals", Recusal.objects.select_related("user").order_by("declared_at", "pk")),
                Prefetch("votes", Vote.objects.select_related("user").order_by("pk")),
                "scores",
                "project__mechanism__criteria",
            )
        )  # fmt: skip
