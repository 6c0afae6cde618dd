"""What the detectors find among the projects that a reader sees: one query, whatever the projects."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import CharField, QuerySet, Value

from projects.models import Project
from sr_portal.web import clock
from sr_portal.web.keyset import Count

from .table import DETECTORS, Detector

MOST_COUNTED = 100
SHOWN = 5


@dataclass
class Found:
    """What one detector found: how many, up to a cap, and the first projects of them."""

    detector: Detector
    count: Count
    keys: list[int]
    projects: list[Project] = field(default_factory=list)


def look(visible: QuerySet, detectors: Iterable[Detector]) -> list[Found]:
    """Those that found something, the grave ones first; one query."""
    today = clock.today()
    detectors = list(detectors)
    asked = [
        detector.projects(visible, today)
        .order_by(detector.order, "pk")
        .annotate(signal=Value(detector.code, CharField()))
        .values_list("signal", "pk")[: MOST_COUNTED + 1]
        for detector in detectors
    ]
    keys: dict[str, list[int]] = {detector.code: [] for detector in detectors}
    for code, key in asked[0].union(*asked[1:], all=True):
        keys[code].append(key)
    found = [
        Found(detector, Count(min(len(keys[detector.code]), MOST_COUNTED), len(keys[detector.code]) > MOST_COUNTED), keys[detector.code])
        for detector in detectors
        if keys[detector.code]
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.detector.grave)


def with_projects(found: list[Found]) -> list[Found]:
    """Each with the first projects that it found, by one more query."""
    wanted = {key for one in found for key in one.keys[:SHOWN]}
    rows = {project.pk: project for project in Project.objects.filter(pk__in=wanted).for_list().with_first_due()}
    for one in found:
        one.projects = [rows[key] for key in one.keys[:SHOWN] if key in rows]
    return found


def quick() -> list[Detector]:
    return [detector for detector in DETECTORS.values() if not detector.wide]
