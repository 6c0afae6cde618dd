"""From an idea to a submitted proposal."""

from django.db import connection, transaction

from projects import rules
from projects.lifecycle import TRANSITIONS
from projects.models import Project, ReferenceCounter, StateChange
from sr_portal.web import clock

from .steps import check_step, locked, record_step


@transaction.atomic
def create_draft(*, author, **content) -> Project:
    """A new draft; raises `ValidationError` naming the fields. The step « create » is recorded."""
    project = Project(author=author, **content)
    project.full_clean()
    project.save()
    StateChange.objects.create(project=project, transition="create", target=project.state, actor=author, at=clock.now())
    return project


def next_reference(project: Project) -> str:
    """The next number of this mechanism, region and year; its counter's row stays locked until the commit.

    A rolled back submission gives its number back, so references have no gaps (issue « reference given by the system »).
    """
    year = clock.today().year
    table = ReferenceCounter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (mechanism_id, region_id, year, last) VALUES (%s, %s, %s, 1) "  # noqa: S608
            f"ON CONFLICT (mechanism_id, region_id, year) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [project.mechanism_id, project.region_id, year],
        )
        number = cursor.fetchone()[0]
    return rules.format_reference(project.mechanism_id, project.region.abbreviation, year, number)


@transaction.atomic
def submit(*, project: Project, user) -> Project:
    """Submit a complete proposal; the first time gives it its reference. Raises `StepRefused` with what lacks."""
    project = locked(project.pk)
    step = TRANSITIONS["submit"]
    check_step(project, step, user)
    project.full_clean()
    now = clock.now()
    reference = project.reference or next_reference(project)
    return record_step(project, step, user, submitted_at=now, reference=reference)
