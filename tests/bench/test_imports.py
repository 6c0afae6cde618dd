"""What it costs to bring in 20,000 rows: seconds of each step, and the most memory that the process took."""

import datetime as dt
import resource
import threading
import time
from pathlib import Path

import pytest

from funds.models import Envelope
from projects.imports.columns import SHEETS
from sr_portal.accounts.roles import Role
from sr_portal.imports.kinds import kind_named
from sr_portal.imports.models import DataImport, ImportStatus
from sr_portal.imports.running import run
from sr_portal.imports.services import confirm, receive, remembered, tell_columns
from sr_portal.imports.sources import guess, sheets_of
from sr_portal.spreadsheets.writing import workbook
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


def portfolio_of(projects: int) -> bytes:
    """`projects` closed projects, each with five lines of budget and two instalments, and a contribution for each ten."""

    def rows(kind, made):
        yield [str(column.label) for column in kind.columns]
        for row in made:
            yield [row.get(column.name) for column in kind.columns]

    day, names = dt.date(2018, 2, 10), [f"OLD-{n:05}" for n in range(projects)]
    told = (
        [{"name": f"Association {n}", "kind": "association"} for n in range(20)]
        + [{"name": f"Donateur {n}", "kind": "donor"} for n in range(5)],
        [
            {
                "reference": name, "mechanism": "QIP", "title": f"Marché n° {n}", "region": "Gao", "cercle": "Bourem",
                "partner": f"Association {n % 20}", "starts_on": day, "duration_months": 6, "state": "closed",
                "approved_on": day,
            }
            for n, name in enumerate(names)
        ],
        [
            {"reference": name, "category": "works", "label": f"Lot {n}", "unit_cost": 1000}
            for name in names
            for n in range(5)
        ],
        [
            {"reference": name, "position": n, "amount_usd": 2500, "paid_usd": 2500, "justified_usd": 2500}
            for name in names
            for n in (1, 2)
        ],
        [
            {
                "reference": f"CTB-{n:05}", "title": f"Don n° {n}", "donor": f"Donateur {n % 5}", "mechanism": "TF",
                "currency": "EUR", "pledged_amount": 10_000 + n, "pledged_on": day, "pledged_rate": 0.9,
                "signed_amount": 10_000 + n, "signed_on": day, "signed_rate": 0.9, "received_amount": 9_000,
                "received_on": day, "received_rate": 0.91,
            }
            for n in range(projects // 10)
        ],
    )  # fmt: skip
    return workbook([(str(kind.title), rows(kind, made)) for kind, made in zip(SHEETS, told, strict=True)])


def test_a_portfolio_of_twenty_thousand_rows(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    head, kind, count = user_with(Role.SECTION_HEAD), kind_named("portfolio"), 2_500
    Envelope.objects.create(mechanism_id="QIP", fiscal_year=2017, amount_usd=count * 5_000)
    content = portfolio_of(count)
    with PeakMemory() as memory:
        begun = time.perf_counter()
        record = receive(by=head, kind=kind, upload=named(content, "a.xlsx"), content=content)
        sheets = sheets_of(record)
        mapped = guess(kind, sheets, {})
        record = tell_columns(by=head, record=record, mapping=mapped, options={}, sheets=sheets)
        checked = time.perf_counter()
        assert record.fault_count == 0, record.faults[:3]
        confirm(by=head, record=record)
        run.call(record.pk)
        done = time.perf_counter()
    record.refresh_from_db()
    assert record.status == ImportStatus.DONE, record.failure
    print(
        f"\nportfolio of {record.rows} rows ({count} projects): read and checked {checked - begun:.1f} s, written"
        f" {done - checked:.1f} s; in all {done - begun:.1f} s; memory +{memory.grown:.0f} MB"
    )
