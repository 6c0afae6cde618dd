"""What an export of 100,000 projects costs: first byte, whole, size and memory above idle. `make bench` prints, nothing is judged.

The rows are copies made below the triggers, in a transaction that is undone: what is measured is reading and writing.
"""

import os
import resource
import threading
import time

import pytest
from django.db import connection

from projects.exports.open_data import FILES, Options
from projects.models import Project
from tests.factories.implementation import Crew, in_state

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
ROWS = int(os.environ.get("EXPORT_ROWS", "100000"))
MEGABYTE = 1024 * 1024


def resident() -> int:
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * resource.getpagesize()


def copied(project: Project) -> None:
    """`ROWS` copies of one project, with a reference and an identifier of their own."""
    names = [field.column for field in Project._meta.concrete_fields if not field.generated and not field.primary_key]
    own = {"reference": "'QIP-GAO-' || n", "iati_identifier": "'XM-DAC-41310-QIP-GAO-' || n"}
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(own.get(name, f'"{name}"') for name in names)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO projects_project ({quoted}) SELECT {values} FROM projects_project, generate_series(1, %s) n"
            " WHERE id = %s",
            [ROWS, project.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE projects_project")


@pytest.mark.parametrize("name", ["projets.csv", "projets.xlsx", "projets.geojson", "iati-activites.xml"])
def test_an_export_of_a_hundred_thousand_projects(name, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    copied(in_state("active", Crew()))
    b"".join(FILES["fonds.csv"].write(Options()))  # what is imported once is no cost of the file
    idle, most, stopped = resident(), [0], threading.Event()

    def watch() -> None:
        while not stopped.wait(0.05):
            most[0] = max(most[0], resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    parts = FILES[name].write(Options())
    size = len(next(parts))
    first = time.perf_counter() - start
    size += sum(map(len, parts))
    whole = time.perf_counter() - start
    stopped.set()
    watcher.join()
    print(
        f"\n{name:20}{ROWS:>9} rows  first byte {first * 1000:8.0f} ms  whole {whole:7.1f} s"
        f"  {size / MEGABYTE:7.1f} MB  memory +{(most[0] - idle) / MEGABYTE:6.1f} MB"
    )
