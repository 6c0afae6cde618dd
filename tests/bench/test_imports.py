"""What it costs to bring in 20,000 rows: seconds of each step, and the most memory that the process took."""

import datetime as dt
import resource
import threading
import time
from pathlib import Path

import pytest

from sr_portal.accounts.roles import Role
from sr_portal.imports.kinds import kind_named
from sr_portal.imports.models import DataImport, ImportStatus
from sr_portal.imports.running import run
from sr_portal.imports.services import confirm, receive, remembered, tell_columns
from sr_portal.imports.sources import guess, sheets_of
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.imports.files import named, xlsx

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
ROWS = 20_000
HEADING = [
    "Identifiant", "Organisation", "Réalisée par", "Intitulé", "Secteur", "Région", "Cercle", "Localité", "Latitude",
    "Longitude", "Début", "Fin", "État", "Montant", "Monnaie", "Bénéficiaires",
]  # fmt: skip


def rows_of(count: int):
    start = dt.date(2024, 1, 1)
    yield HEADING
    for n in range(count):
        day = start + dt.timedelta(days=n % 900)
        yield [
            f"ML-{n:05}", f"PTF{n % 20}", "Association Kanuya", f"Réhabilitation du point d’eau n° {n}", "14031", "Gao",
            "Bourem", f"Village {n % 700}", 16.27 + n % 50 / 100, -0.04, day, day + dt.timedelta(days=200), "En cours",
            10_000 + n, ("USD", "EUR", "XOF")[n % 3], n % 900,
        ]  # fmt: skip


class PeakMemory:
    """The resident memory of this process above what it was, in MB, looked at every 20 ms."""

    def __enter__(self):
        self.start = self.peak = self.now()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def watch(self):
        while not self.over.wait(0.02):
            self.peak = max(self.peak, self.now())

    def __exit__(self, *_error):
        self.over.set()
        self.thread.join()

    @staticmethod
    def now() -> float:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 2**20

    @property
    def grown(self) -> float:
        return self.peak - self.start


def test_twenty_thousand_activities(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for n in range(20):
        PartnerFactory(name=f"Partenaire technique {n}", acronym=f"PTF{n}")
    head, kind = user_with(Role.SECTION_HEAD), kind_named("activities")
    content = xlsx(list(rows_of(ROWS)))
    print(f"\n20,000 activities, XLSX of {len(content) / 2**20:.1f} MB")
    for name in ("first import", "same file again"):
        with PeakMemory() as memory:
            begun = time.perf_counter()
            record = receive(by=head, kind=kind, upload=named(content, "a.xlsx"), content=content)
            sheets = sheets_of(record)
            read = time.perf_counter()
            mapped = guess(kind, sheets, remembered(head, kind.code))
            record = tell_columns(by=head, record=record, mapping=mapped, options={}, sheets=sheets)
            checked = time.perf_counter()
            assert record.fault_count == 0, record.faults[:3]
            del sheets
            confirm(by=head, record=record)
            run.call(record.pk)
            done = time.perf_counter()
        record = DataImport.objects.get(pk=record.pk)
        assert record.status == ImportStatus.DONE, record.failure
        print(
            f"{name:>16}: read {read - begun:5.1f} s, checked {checked - read:5.1f} s, written {done - checked:5.1f} s;"
            f" in all {done - begun:5.1f} s; memory +{memory.grown:4.0f} MB (process {memory.peak:4.0f} MB);"
            f" created {record.created}, unchanged {record.unchanged}"
        )
    assert clock.now()
