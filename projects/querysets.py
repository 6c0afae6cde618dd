"""Every question asked of projects."""

import datetime as dt
import re
from functools import reduce
from operator import and_, or_
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import F, Prefetch, Q

from projects import publication
from projects.access import areas_of
from projects.guards.facts import columns
from projects.rules.likeness import KINDS_OF_WORK
from projects.rules.publication import Disclosure
from projects.rules.search_words import words_of
from projects.states import State

# A proposal here covers no need and spends no money: not yet, or no more.
LEADS_TO_NOTHING = (State.DRAFT, State.WITHDRAWN, State.REFUSED, State.INADMISSIBLE, State.CANCELLED)


def _query(text: str, kind: str = "plain") -> SearchQuery:
    return SearchQuery(text, config="portal_french", search_type=kind)


def words_query(text: str) -> SearchQuery:
    """Every word of the text, in one of its forms each."""
    words = words_of(text)
    if not words:
        return _query(text, "websearch")
    return reduce(and_, (reduce(or_, map(_query, forms)) for forms in words))


def written_with(user) -> models.QuerySet:
    """The keys of the projects that the user writes with their author."""
    from projects.models import Coauthor

    return Coauthor.objects.filter(user=user).order_by().values("project_id")


def written_by(user, project: str = "") -> Q:
    """Of projects; or of the records whose project, at the lookup `project`, the user wrote."""
    author, key = (f"{project}__author", f"{project}__in") if project else ("author", "pk__in")
    return Q(**{author: user}) | Q(**{key: written_with(user)})


def opened_by_roles(user) -> Q:
    """The projects that the user's roles open in their scope; an empty condition, which everything meets, for them all."""
    without, with_drafts = areas_of(user)
    if with_drafts.everywhere:
        return Q()
    return without.as_q("region_id") & ~Q(state=State.DRAFT) | with_drafts.as_q("region_id")


def keys_of_interest_to(user) -> models.QuerySet:
    """The keys of the projects whose money somebody receives in whom the user declared an interest (`access.has_interest`):
    from these few organisations to the projects that they lead or share in."""
    from projects.models import Project

    def through(interests: str) -> models.QuerySet:
        lasting = Q(**{f"{interests}__ended_at": None}) | Q(**{f"{interests}__ended_at__gt": F("submitted_at")})
        return Project.objects.filter(lasting, **{f"{interests}__user": user}).order_by().values("pk")

    return through("partner__interests").union(through("recipients__organisation__interests"))


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """What the user may read: what they write, and what their roles open in their scope (`access.areas_of`)."""
        by_role = opened_by_roles(user)
        return self.filter(written_by(user) | by_role) if by_role else self

    def written_beyond_roles_by(self, user) -> Self:
        """What the user may read for no other reason than that they write it."""
        by_role = opened_by_roles(user)
        if not by_role:
            return self.none()
        own = self.model.objects.filter(author=user).order_by().values("pk")
        return self.filter(pk__in=own.union(written_with(user))).exclude(by_role)

    def published(self) -> Self:
        """Those that were approved, whatever became of them: none ever leaves (see `projects.publication`)."""
        return self.filter(published_on__isnull=False)

    def open_to_partners(self) -> Self:
        """Those of which partners are told something: published, and not hidden."""
        return self.published().exclude(disclosure=Disclosure.HIDDEN)

    def with_shown(self, language: str | None = None) -> Self:
        """The columns that say no more than each project's disclosure allows (see `projects.publication`)."""
        return self.annotate(**publication.columns(language))

    def waiting_for(self, user) -> Self:
        """Those on which it is this user's turn now (`DeadlineQuerySet.for_user`)."""
        from projects.models import Deadline

        return self.filter(pk__in=Deadline.objects.for_user(user).now().order_by().values("project_id"))

    def with_first_due(self) -> Self:
        """`first_due`, the first day by which something is still asked of somebody; null when no clock runs."""
        from projects.models import Deadline

        asked = Deadline.objects.asked().filter(project=models.OuterRef("pk")).order_by().values("project_id")
        return self.annotate(first_due=models.Subquery(asked.annotate(first=models.Min("due_on")).values("first")))

    def late(self) -> Self:
        """Those of which something asked of somebody is past its day."""
        from projects.models import Deadline

        return self.filter(pk__in=Deadline.objects.late().order_by().values("project_id"))

    def search_text(self, text: str) -> Self:
        """French full text over reference, title, place, objective and need; stems, number and accents ignored."""
        return self.filter(search=words_query(text))

    def search_shown(self, text: str) -> Self:
        """The same over what partners are shown: words of a text that is not told find nothing."""
        told = SearchVector("reference", "title", "locality", "objective", config="portal_french")
        query = words_query(text)
        in_full = Q(disclosure=Disclosure.FULL, search=query, told_words=query)
        return self.annotate(told_words=told).filter(
            in_full | Q(disclosure=Disclosure.CERCLE, public_title__unaccent__icontains=text)
        )

    def for_list(self) -> Self:
        """The columns that a list shows, in one query."""
        return self.select_related("region", "mechanism", "sector", "partner", "cercle").only(
            "reference", "title", "state", "state_since", "locality", "budget_usd", "approved_usd", "updated_at",
            "starts_on", "duration_months", "author_id", "latitude", "region__name", "region__code", "mechanism__code",
            "mechanism__name_fr", "mechanism__name_en", "sector__name_fr", "sector__name_en", "partner__name", "partner__acronym",
            "cercle__name",
        )  # fmt: skip

    def with_facts(self, facts) -> Self:
        """Whether each of these guards lacks, as columns that the guards read instead of asking again."""
        return self.annotate(**columns(facts))

    def for_rules(self) -> Self:
        """What the steps of the road read to judge whether they may be taken."""
        return self.select_related("region", "mechanism", "facility", "partner", "author", "envelope").defer(
            "search", "region__outline"
        ).prefetch_related(
            "coauthors", "lines", "activities", "results", "attachments",
            "screenings__answers",
            "agenda_items__votes",
        )  # fmt: skip

    def for_page(self) -> Self:
        """Everything that a project's page and its rules read, in a constant number of queries."""
        from projects.models import AgendaItem, Attachment, Deadline, Recipient, Screening, StateChange

        return self.select_related(
            "region", "cercle", "mechanism", "facility", "focus_area", "sector", "partner", "author",
            "envelope__mechanism", "decision__decided_by", "priority__plan",
        ).defer("search", "region__outline", "priority__plan__summary").prefetch_related(
            "coauthors", "lines", "activities", "results", "marked", "answered",
            Prefetch("recipients", Recipient.objects.all()),
            Prefetch("attachments", Attachment.objects.select_related("document")),
            Prefetch("changes", StateChange.objects.select_related("actor")),
            Prefetch("deadlines", Deadline.objects.select_related("person")),
            Prefetch("screenings", Screening.objects.select_related("screener")), "screenings__answers",
            "screenings__reasons",
            Prefetch("agenda_items", AgendaItem.objects.select_related("session__committee")), "agenda_items__votes",
        )  # fmt: skip

    def with_life(self, *parts: str) -> Self:
        """What hangs on a project from its agreement to its closure, for pages and documents that tell it.

        `parts` of `life.PARTS`, all when none is named; a constant number of queries, whatever the number of rows.
        """
        from projects.life import reads

        return self.prefetch_related(*reads(*parts))

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
            .exclude(state__in=LEADS_TO_NOTHING)
        )

    def likely_duplicates(self, project) -> Self:
        """Same place and sector, and a title that shares a word; with the stems by which `rules.look_alike` judges.

        `stems` are those of the row's title, `own_stems` those of the title of `project`, `dull_stems` those that do
        not count: of the kinds of work and of the place.
        """
        words = [
            SearchQuery(word, config="portal_french", search_type="plain") for word in re.findall(r"\w+", project.title)
        ]
        if not words:
            return self.none()
        place = Q(region_id=project.region_id) & (
            Q(locality__unaccent__iexact=project.locality) if project.locality else Q(cercle_id=project.cercle_id)
        )
        names = (project.locality, project.region.name, project.cercle.name if project.cercle else "")
        return (
            self.filter(place, sector_id=project.sector_id, search=reduce(or_, words))
            .exclude(pk=project.pk)
            .exclude(state__in=LEADS_TO_NOTHING)
            .annotate(
                stems=stems(F("title")),
                own_stems=stems(models.Value(project.title)),
                dull_stems=stems(models.Value(" ".join((KINDS_OF_WORK, *names)))),
            )
        )


def stems(text) -> models.Func:
    """The stems of a text as an array, accents and stop words left out."""
    vector = SearchVector(text, config="portal_french")
    return models.Func(vector, function="tsvector_to_array", output_field=ArrayField(models.TextField()))
