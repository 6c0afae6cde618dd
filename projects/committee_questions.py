"""What the committee asks of other tables: who is barred from an item, what is eligible, the partner's weight."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Count, DateTimeField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from funds.models import Interest
from projects.models import AgendaItem, Committee, Project, Screening
from projects.states import GRANTED, State
from sr_portal.web import clock

NOT_PROPOSED = (State.DRAFT, State.WITHDRAWN, State.REFUSED, State.INADMISSIBLE)


def barred_from(items: Iterable[AgendaItem]) -> dict[int, dict[int, str]]:
    """Who may not judge each item, whatever they declare: item → user → name of the bar (`access.SEPARATION`).

    The authors, the screeners, and those with an interest in the partner, as things stood when the item was closed.
    One query for all the items.
    """
    items = list(items)
    projects = {item.project_id for item in items}
    never = Cast(Value(None), DateTimeField())
    coauthors = Project.coauthors.through.objects.filter(project_id__in=projects).values_list(
        "project_id", "user_id", Value("is_writer"), never, never
    )
    screeners = Screening.objects.filter(project_id__in=projects).values_list(
        "project_id", "screener_id", Value("has_screened"), never, never
    )
    interests = Interest.objects.filter(
        organisation_id__in={item.project.partner_id for item in items if item.project.partner_id}
    ).values_list("organisation_id", "user_id", Value("has_interest"), "declared_at", "ended_at")
    rows = list(coauthors.union(screeners.order_by(), interests.order_by(), all=True)) if items else []
    barred: dict[int, dict[int, str]] = {}
    for item in items:
        here = {item.project.author_id: "is_writer"}
        for key, user, bar, since, until in rows:
            if bar == "has_interest":
                if key == item.project.partner_id and _stood(since, until, item):
                    here.setdefault(user, bar)
            elif key == item.project_id:
                here.setdefault(user, bar)
        barred[item.pk] = here
    return barred


def _stood(since: dt.datetime, until: dt.datetime | None, item: AgendaItem) -> bool:
    """Declared before the item was closed, and not ended before its proposal was submitted (`access.has_interest`)."""
    declared = item.closed_at is None or since <= item.closed_at
    submitted = item.project.submitted_at
    return declared and (until is None or (submitted is not None and until > submitted))


def right_committee(project: Project) -> Committee | None:
    """The regional committee up to the delegated amount, the central one above it (domain guide §6)."""
    if project.budget_usd <= project.mechanism.delegated_usd:
        regional = Committee.objects.filter(region_id=project.region_id).first()
        if regional:
            return regional
    return Committee.objects.filter(region__isnull=True).first()


def eligible_for(committee: Committee) -> QuerySet[Project]:
    """The eligible projects of which this committee is the right one (`right_committee`)."""
    delegated = Q(budget_usd__lte=F("mechanism__delegated_usd"))
    if committee.region_id is not None:
        mine = delegated & Q(region_id=committee.region_id)
    else:
        served = Committee.objects.filter(region__isnull=False).values("region_id")
        mine = ~delegated | ~Q(region_id__in=served)
    return (
        Project.objects.filter(mine, state=State.ELIGIBLE)
        .select_related("partner", "region", "mechanism")
        .order_by("state_since", "pk")
    )


def partner_concentration(project: Project) -> dict[str, int | Decimal]:
    """What else the partner has proposed and been granted: numbers and USD, in all and in the last 12 months."""
    if project.partner_id is None:
        return {}
    year = Q(submitted_at__gte=clock.now() - dt.timedelta(days=365))
    granted = Q(state__in=GRANTED)
    return (
        Project.objects.filter(partner_id=project.partner_id)
        .exclude(pk=project.pk)
        .exclude(state__in=NOT_PROPOSED)
        .aggregate(
            proposed=Count("pk"),
            proposed_usd=Sum("budget_usd", default=Decimal(0)),
            approved=Count("pk", filter=granted),
            approved_usd=Sum("approved_usd", filter=granted, default=Decimal(0)),
            recent=Count("pk", filter=year),
            recent_usd=Sum("budget_usd", filter=year, default=Decimal(0)),
        )
    )
