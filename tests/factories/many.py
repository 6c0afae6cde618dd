"""Many rows at once, for what must not cost more when lists grow."""

from django.db import connection
from django.db.models import F, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from projects.models import Project
from projects.states import State
from regions.models import Region
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory


def many_projects(count: int, *, author: User | None = None, state: State = State.SUBMITTED, **fields) -> list[int]:
    """Primary keys of `count` projects over all regions, in `state` (draft or submitted), without budget lines."""
    author = author or user_with(Role.PROPOSER)
    regions = list(Region.objects.order_by("rank"))
    values = {"mechanism_id": "QIP", "author": author, "partner": PartnerFactory(), "locality": "Bourem", **fields}
    if "region" not in values:
        made = [Project(title=f"Forage n° {n}", region=regions[n % len(regions)], **values) for n in range(count)]
    else:
        made = [Project(title=f"Forage n° {n}", **values) for n in range(count)]
    keys = [project.pk for project in Project.objects.bulk_create(made, batch_size=500)]
    if state != State.DRAFT:
        Project.objects.filter(pk__in=keys).update(
            state=state, reference=Concat(Value("QIP-"), Cast(F("pk"), CharField())), submitted_at=F("created_at")
        )
    with connection.cursor() as cursor:  # as autovacuum would have done: without statistics, plans are for empty tables
        cursor.execute("ANALYZE")
    return keys
