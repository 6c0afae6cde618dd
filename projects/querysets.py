"""Every question asked of projects."""

import datetime as dt
from typing import Self

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import F, Prefetch, Q

from projects.access import READERS
from projects.states import State
from sr_portal.accounts.roles import Role


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """What the user may read: what they write, and what their roles open in their scope (`access.READERS`)."""
        seen = Q(author=user) | Q(pk__in=user.coauthored_projects.values("pk"))
        for role, drafts_too in READERS.items():
            if scope := user.scopes.get(role):
                here = scope.as_q("region_id")
                seen |= here if drafts_too else here & ~Q(state=State.DRAFT)
                if drafts_too and scope.everywhere:
                    return self
        return self.filter(seen)

    def waiting_for(self, user) -> Self:
        """What this user can move on now: the other half of `access`, as one SQL condition.

        Someone who wrote a proposal, screened it or holds an interest in its partner is not asked to decide on it.
        """
        mine = Q(author=user) | Q(pk__in=user.coauthored_projects.values("pk"))
        elsewhere = ~mine & ~Q(
            pk__in=self.model._default_manager.filter(
                partner__interests__in=user.interests.filter(ended_at=None)
            ).values("pk")
        )
        waiting = Q(pk__in=[])
        if Role.PROPOSER in user.scopes:
            waiting |= mine & Q(state__in=[State.DRAFT, State.RETURNED])
        if scope := user.scopes.get(Role.PROGRAMME_OFFICER):
            waiting |= elsewhere & scope.as_q("region_id") & Q(state=State.SUBMITTED)
            waiting |= Q(state=State.SCREENING, screenings__screener=user, screenings__closed_at__isnull=True)
        if scope := user.scopes.get(Role.COMMITTEE_SECRETARY):
            waiting |= scope.as_q("region_id") & Q(state=State.ELIGIBLE)
        waiting |= elsewhere & Q(
            pk__in=self.model._default_manager.filter(
                state=State.IN_REVIEW,
                agenda_items__state="waiting",
                agenda_items__session__state="open",
                agenda_items__session__members__in=user.session_seats.filter(
                    present=True, seat__in=["chair", "member"]
                ),
            )
            .exclude(agenda_items__in=user_voted(user))
            .values("pk")
        )
        if scope := user.scopes.get(Role.APPROVER):
            competent = Q() if scope.everywhere else Q(budget_usd__lte=F("mechanism__delegated_usd"))
            waiting |= (
                elsewhere & scope.as_q("region_id") & competent
                & Q(state__in=[State.RECOMMENDED, State.NOT_RECOMMENDED])
            )  # fmt: skip
        return self.filter(waiting)

    def search_text(self, text: str) -> Self:
        """French full text over reference, title, place, objective and need; stems, accents ignored."""
        return self.filter(search=SearchQuery(text, config="portal_french", search_type="websearch"))

    def for_list(self) -> Self:
        """The columns that a list shows, in one query."""
        return self.select_related("region", "mechanism", "sector", "partner", "cercle").only(
            "reference", "title", "state", "state_since", "locality", "budget_usd", "approved_usd", "updated_at",
            "starts_on", "duration_months", "author_id", "region__name", "region__code", "mechanism__code",
            "mechanism__name_fr", "mechanism__name_en", "mechanism__screening_days", "mechanism__review_days",
            "mechanism__decision_days", "sector__name_fr", "sector__name_en", "partner__name", "partner__acronym",
            "cercle__name",
        )  # fmt: skip

    def for_page(self) -> Self:
        """Everything that a project's page and its rules read, in a constant number of queries."""
        from projects.models import AgendaItem, Attachment, Screening, StateChange

        return self.select_related(
            "region", "cercle", "mechanism", "sector", "partner", "author", "envelope__mechanism", "decision__decided_by"
        ).defer("search", "region__outline").prefetch_related(
            "coauthors", "lines", "activities", "results",
            Prefetch("attachments", Attachment.objects.select_related("document")),
            Prefetch("changes", StateChange.objects.select_related("actor")),
            Prefetch("screenings", Screening.objects.select_related("screener")), "screenings__answers",
            "screenings__reasons",
            Prefetch("agenda_items", AgendaItem.objects.select_related("session__committee")), "agenda_items__votes",
        )  # fmt: skip

    def likely_splitting(self, project, *, ceiling) -> Self:
        """Others of the same partner or place within 12 months, when together with `project` they pass `ceiling`.

        The caller sums; see `services.warnings`. Source: domain guide §5 « no splitting », §9.
        """
        since = project.created_at - dt.timedelta(days=365)
        until = project.created_at + dt.timedelta(days=365)
        same = Q(pk__in=[])
        if project.partner_id:
            same |= Q(partner_id=project.partner_id)
        if project.locality:
            same |= Q(region_id=project.region_id, locality__unaccent__iexact=project.locality)
        return (
            self.filter(same, mechanism_id=project.mechanism_id, created_at__range=(since, until))
            .exclude(pk=project.pk)
            .exclude(state__in=[State.DRAFT, State.WITHDRAWN, State.REFUSED, State.INADMISSIBLE])
        )

    def likely_duplicates(self, project) -> Self:
        """Same place and sector, or same place and a title sharing its words (accents and stems ignored)."""
        words = SearchQuery(" OR ".join(project.title.split()), config="portal_french", search_type="websearch")
        place = Q(region_id=project.region_id) & (
            Q(locality__unaccent__iexact=project.locality) if project.locality else Q(cercle_id=project.cercle_id)
        )
        return (
            self.filter(place, search=words)
            .filter(sector_id=project.sector_id)
            .exclude(pk=project.pk)
            .exclude(state__in=[State.DRAFT, State.WITHDRAWN, State.REFUSED, State.INADMISSIBLE])
        )


def user_voted(user) -> models.QuerySet:
    """Agenda items on which the user has voted or from which they are recused."""
    from projects.models import AgendaItem

    return AgendaItem.objects.filter(Q(votes__user=user) | Q(recusals__user=user))
