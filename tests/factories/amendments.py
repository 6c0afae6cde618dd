"""Amendments for tests: the form as its page shows it, and each step by the real services."""

import datetime as dt
from decimal import Decimal
from typing import Any

from projects.forms.amendment import initial_of
from projects.models import Amendment, Project
from projects.services import amendment_content as contents
from projects.services import amendments as services
from sr_portal.accounts.models import User
from tests.factories.projects import fresh

REASON = "Le prix du ciment a monté."


def content(project: Project) -> contents.Content:
    return contents.content_of(Project.objects.get(pk=project.pk))


def raised(project: Project, by: str) -> contents.Content:
    """The project with `by` USD more (or less), on its first line and its last instalment."""
    after = content(project)
    lines = [dict(line) for line in after["lines"]]
    plan = [dict(row) for row in after["instalments"]]
    for row in (lines[0], plan[-1]):
        row["amount"] = contents.money(Decimal(row["amount"]) + Decimal(by))
    approved = contents.money(Decimal(after["approved_usd"]) + Decimal(by))
    return after | {"approved_usd": approved, "lines": lines, "instalments": plan}


def written(project: Project, by: User, after: contents.Content | None = None, *, reason: str = REASON) -> Amendment:
    return services.save(project=project, user=fresh(by), reason=reason, after=after or raised(project, "2000"))


def submitted(project: Project, by: User, after: contents.Content | None = None) -> Amendment:
    amendment = written(project, by, after)
    return services.submit(project=project, user=fresh(by), amendment=amendment)


def approve(project: Project, amendment: Amendment, by: User) -> Amendment:
    return services.approve(project=project, user=fresh(by), amendment=amendment)


def amended(project: Project, officer: User, approver: User, after: contents.Content | None = None) -> Amendment:
    return approve(project, submitted(project, officer, after), approver)


def typed(project: Project, after: contents.Content | None = None, **changes: str) -> dict[str, Any]:
    """What a browser sends of the form: every field as the page filled it, and `changes`."""
    values = initial_of(after or content(project), REASON)
    sent = {
        name: value.isoformat() if isinstance(value, dt.date) else "" if value is None else str(value)
        for name, value in values.items()
    }
    return sent | changes
