"""An ETag over several transactions: whatever a list shows, whoever changes it, the answer before is not taken for it."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import OperationalError, connection

from funds.models import Mechanism, Organisation, Sector
from projects.models import ExpectedResult, Project
from projects.rules.publication import Disclosure
from projects.services.publication import clear_file, set_disclosure, take_back
from projects.states import State
from regions.models import Region
from sr_portal.accounts.roles import Role
from sr_portal.api import reading
from tests.api.asking import Program
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of
from tests.factories.implementation import Crew, in_state, visit
from tests.factories.many import many_projects


def changes_of(project: Project) -> dict[str, tuple[str, Callable[[], object]]]:
    """What is done, with the list that shows it."""
    head, partner = user_with(Role.SECTION_HEAD), Organisation.objects.filter(pk=project.partner_id)
    photo = visit(project, Crew().officer, "midway", photos=("after",)).photos.get().document
    row = Project.objects.filter(pk=project.pk)

    def clear() -> None:
        clear_file(project=project, user=head, public_id=photo.public_id, title="Le forage", consent=True)

    def restrict(level: Disclosure) -> Callable[[], object]:
        return lambda: set_disclosure(project=row.get(), user=head, level=level, reason="Menaces.")

    return {
        "its title": ("projects", lambda: row.update(title="Forage de Bourem")),
        "its sector's name": ("projects", lambda: Sector.objects.filter(pk=project.sector_id).update(name_fr="Eau")),
        "its partner's name": ("projects", lambda: partner.update(acronym="AK")),
        "its partner's name, sought": ("projects?partenaire=AK", lambda: partner.update(acronym="KA")),
        "its partner's kind": ("projects?type_partenaire=association", lambda: partner.update(kind="company")),
        "the kind of an organisation": ("organisations", lambda: partner.update(kind="ngo_national")),
        "its region's name": ("projects?region=ML-7", lambda: Region.objects.filter(code="ML-7").update(name="Gawo")),
        "its fund's name": ("projects", lambda: Mechanism.objects.filter(pk="QIP").update(name_fr="Rapides")),
        "the year of its envelope": (
            "projects?exercice=2026",
            lambda: Mechanism.objects.filter(pk="QIP").update(fiscal_year_first_month=1),
        ),
        "a result more": ("projects", lambda: ExpectedResult.objects.create(project=project, statement="L’eau", target=1)),
        "a photo cleared": ("projects", clear),
        "a photo taken back": (
            "projects", lambda: take_back(cleared=project.published_files.get(), user=head, reason="Refus."),
        ),
        "a deadline passed": ("projects?retard=1", lambda: project.deadlines.update(due_on="2020-01-01")),
        "its place kept silent": ("projects", restrict(Disclosure.CERCLE)),
        "nothing told of it": ("projects", restrict(Disclosure.HIDDEN)),
    }  # fmt: skip


def test_an_etag_never_outlives_what_the_list_shows(own_database, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    envelope_of("500000")
    project = in_state(State.ACTIVE)
    programs = {Role.SECTION_HEAD: Program(Role.SECTION_HEAD), Role.PARTNER: Program(Role.PARTNER)}
    seen, told = 0, changes_of(project)
    for what, (path, change) in told.items():
        of_partners = "retard" not in path
        before = {
            (role, address): one.get(address)
            for role, one in programs.items()
            for address in (path, f"projects/{project.pk}")
            if of_partners or role is not Role.PARTNER
        }
        change()
        for (role, address), old in before.items():
            if old.status_code == 404:
                continue
            again = programs[role].get(address, **{"If-None-Match": old["ETag"]})
            fresh = programs[role].get(address)
            assert again.status_code == (304 if fresh.headers.get("ETag") == old["ETag"] else fresh.status_code)
            assert again.status_code != 304 or fresh.content == old.content, (what, role)
            seen += address == path and fresh.content != old.content
    assert seen >= len(told), "each shows to somebody"


def test_a_record_that_changes_while_it_is_read_is_not_said_to_be_unchanged(own_database, monkeypatch):
    """The row is the one of before; its ETag must not be that of what was written since."""
    (key,), program, plain = many_projects(1), Program(Role.SECTION_HEAD), reading.written

    def written(*asked):
        rows = plain(*asked)
        Project.objects.filter(pk=key).update(title="Écrit entre-temps")
        return rows

    with monkeypatch.context() as during:
        during.setattr(reading, "written", written)
        first = program.get(f"projects/{key}")
    assert first.json()["title"] != "Écrit entre-temps"
    again = program.get(f"projects/{key}", **{"If-None-Match": first["ETag"]})
    assert again.status_code == 200 and again.json()["title"] == "Écrit entre-temps"


def test_a_connection_cut_since_the_last_request_is_not_the_clients_concern(own_database, monkeypatch):
    (key,), program = many_projects(1), Program(Role.SECTION_HEAD)
    etags = {path: program.get(path)["ETag"] for path in ("projects", f"projects/{key}")}
    for path, etag in etags.items():
        with monkeypatch.context() as during:  # one that lives is not asked first whether it does
            during.setattr(connection, "is_usable", lambda: pytest.fail("asked"))
            connection.health_check_done = False
            left = int(program.get(path, **{"If-None-Match": etag})["RateLimit-Remaining"])
        with connection.cursor() as cursor, suppress(OperationalError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        connection.health_check_done = False  # as at the start of every request; the test's client says nothing of it
        again = program.get(path, **{"If-None-Match": etag})
        anew = int(again["RateLimit-Limit"]) - 1  # should the minute have turned
        assert again.status_code == 304 and int(again["RateLimit-Remaining"]) in (left - 1, anew)
