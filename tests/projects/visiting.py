"""What the tests of visits share: a project under way, who goes there, and what a report says."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import Project, Visit, VisitKind
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.documents.files import jpeg
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew, in_state
from tests.factories.projects import fresh, region


def report_values(**changes: Any) -> dict[str, Any]:
    return {
        "done_on": clock.today(), "participants": "Affaires civiles", "people_met": "Le maire", "progress": 60,
        "quality": "fair", "safety": "safe", "observations": "Murs montés.", "recommendations": "Couler la dalle.",
        "latitude": None, "longitude": None, "accuracy_m": None, **changes,
    }  # fmt: skip


def photo(name: str = "Site.jpg", size: tuple[int, int] = (640, 480)) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(size))


def under_way(state: State = State.ACTIVE, crew: Crew | None = None, **fields) -> Project:
    """A project of Gao with the plan of its visits."""
    return in_state(state, crew or Crew(), **fields)


def planned(project: Project, kind: str = VisitKind.MIDWAY) -> Visit:
    return project.visits.get(kind=kind, state="planned")


def officer(code: str | None = None) -> User:
    return user_with(Role.PROGRAMME_OFFICER, region=region(code) if code else None)


def manager(code: str = "ML-7") -> User:
    return user_with(Role.REGIONAL_MANAGER, region=region(code))


def in_days(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


__all__ = ["files", "fresh", "in_days", "manager", "officer", "photo", "planned", "report_values", "under_way"]
