"""One portfolio with a project in each state, written once for all the files that are read back here."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import transaction

from projects.exports.open_data import FILES, Options
from projects.models import Project, PublishedFile
from projects.services.publication import clear_file, set_disclosure
from projects.states import GRANTED, State
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.implementation import Crew, approved, carry_to, instalment_of, pay
from tests.factories.projects import cast

NOW = dt.datetime(2026, 11, 26, 10, 0, tzinfo=dt.UTC)
TITLE = "=Forage d’Ansongo ; « œuvre » n° 7, à l’élève\tÉté"


@dataclass
class Portfolio:
    """`projects` by state; and one whose place is kept silent, one hidden after it was published."""

    projects: dict[str, Project]
    sensitive: Project
    hidden: Project
    published: PublishedFile

    def file(self, name: str, **options) -> bytes:
        return b"".join(FILES[name].write(Options(**options)))


@pytest.fixture(scope="module")
def portfolio(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Portfolio]:
    from django.conf import settings

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        yield _portfolio()
        transaction.set_rollback(True)


def _portfolio() -> Portfolio:
    people, crew, head = cast(), Crew(), user_with(Role.SECTION_HEAD)
    projects = {}
    for rank, state in enumerate(sorted(GRANTED)):
        title = TITLE if state == State.ACTIVE else f"Projet n° {rank}"
        project = approved(people, amount=str(10_000 + rank), title=title, latitude="16.27100", longitude="-0.04500")
        if state in (State.SUSPENDED, State.CANCELLED, State.ACTIVE):
            project = carry_to(State.AGREED, project, crew)
            pay(instalment_of(project), crew, Decimal("1234.56"))
            project.refresh_from_db()
            project = _on_from_agreed(state, project, crew)
        else:
            project = carry_to(state, project, crew)
        projects[state.value] = project
    sensitive = approved(
        people, amount="7000", visibility_risk=True, title="École d’Ansongo", latitude="16.27100", longitude="-0.04500"
    )
    hidden = approved(people, amount="9000", title="Poste de Gao", sector_id="15220")
    set_disclosure(project=hidden, user=head, level="hidden", reason="Menaces.")
    done = projects[State.COMPLETED.value]
    photo = done.visits.filter(photos__isnull=False).first().photos.first().document
    cleared = clear_file(project=done, user=head, public_id=photo.public_id, title="Le forage terminé", consent=True)
    ActivityFactory(
        title="Points d’eau – phase II", amount=Decimal("250000.50"), currency="USD", amount_usd=Decimal("250000.50")
    )
    return Portfolio(projects, sensitive, hidden, cleared)


def _on_from_agreed(state: State, project: Project, crew: Crew) -> Project:
    from projects.services import implementation as steps
    from tests.factories.implementation import fresh_project, start
    from tests.factories.projects import fresh

    if project.state == State.AGREED:
        project = start(fresh_project(project), crew)
    if state == State.SUSPENDED:
        return steps.suspend(project=project, user=fresh(crew.approver), note="Insécurité.")
    if state == State.CANCELLED:
        return steps.cancel(project=project, user=fresh(crew.approver), note="Site inaccessible.")
    return project
