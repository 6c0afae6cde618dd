"""What the committee asks of other tables: who is barred from an item, what is eligible, the partner's weight."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Case, Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast

from funds.models import Interest
from projects.models import AgendaItem, Committee, Project, Screening
from projects.states import GRANTED, State
from sr_portal.web import clock

NOT_PROPOSED = (State.DRAFT, State.WITHDRAWN, State.REFUSED, State.INADMISSIBLE)


def barred_from(items: Iterable[AgendaItem]) -> dict[int, dict[int, str]]:
    """Who may not judge each item, whatever they declare: item → user → name of the bar (`access.SEPARATION`).

    The authors, the screeners, and those with an interest in who receives the money, as things stood when the item was closed.
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
    in_others = Interest.objects.filter(organisation__recipient_of__project__in=projects).values_list(
        "organisation__recipient_of__project_id", "user_id", Value("in_another"), "declared_at", "ended_at"
    )
    parts = (screeners.order_by(), interests.order_by(), in_others.order_by())
    rows = list(coauthors.union(*parts, all=True)) if items else []
    barred: dict[int, dict[int, str]] = {}
    for item in items:
        here = {item.project.author_id: "is_writer"}
        for key, user, bar, since, until in rows:
            if bar == "has_interest":
                if key == item.project.partner_id and _stood(since, until, item):
                    here.setdefault(user, bar)
            elif bar == "in_another":  # of those who receive
                if key == item.project_id and _stood(since, until, item):
                    here.setdefault(user, "has_interest")
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
    """The mechanism's own body before the others; of each, the regional one up to the delegated amount, else the central
    one (domain guide §1, §6)."""
    delegated = project.budget_usd <= project.mechanism.delegated_usd
    return _competent(project.mechanism_id, project.region_id if delegated else None).first()


def _competent(mechanism, delegated_region) -> QuerySet[Committee]:
    """The committees that may take a project of `mechanism`, the right one first.

    `delegated_region` is its region when its amount is delegated, else None; both may refer to an outer query.
    """
    place = Q(region__isnull=True)
    if delegated_region is not None:
        place |= Q(region_id=delegated_region)
    own = Q(mechanism__isnull=True) | Q(mechanism_id=mechanism)
    return Committee.objects.filter(place, own).order_by(
        F("mechanism_id").asc(nulls_last=True), F("region_id").asc(nulls_last=True), "pk"
    )


def eligible_for(committee: Committee) -> QuerySet[Project]:
    """The eligible projects of which this committee is the right one (`right_committee`)."""
    delegated = Case(When(budget_usd__lte=F("mechanism__delegated_usd"), then=F("region_id")))
    right = _competent(OuterRef("mechanism_id"), OuterRef("delegated_region")).values("pk")[:1]
    return (
        Project.objects.filter(state=State.ELIGIBLE)
        .annotate(delegated_region=delegated)
        .annotate(right_committee=Subquery(right))
        .filter(right_committee=committee.pk)
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
