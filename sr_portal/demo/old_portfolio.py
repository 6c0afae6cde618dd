"""Two sample files of an older portfolio: one brought in, one whose check found faults and that waits to be mended."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection

from funds.models import Envelope
from projects.imports.columns import SHEETS
from sr_portal.accounts.models import User
from sr_portal.imports.kinds import kind_named
from sr_portal.imports.models import DataImport
from sr_portal.imports.running import run
from sr_portal.imports.services import confirm, receive, remembered, tell_columns
from sr_portal.imports.sources import guess, sheets_of
from sr_portal.spreadsheets.writing import workbook

from .contributions import morning
from .story import Story

BROUGHT_IN_ON, FAULTY_ON = dt.date(2026, 11, 9), dt.date(2026, 11, 20)
YEAR, ENVELOPE_USD = 2023, Decimal("1500000")  # July 2023 – June 2024, before the other sample data
PARTNERS = (
    ("Coopérative maraîchère de Bourem", "association", "Gao"),
    ("Association des artisans de Djenné", "association", "Mopti"),
    ("Royaume d’Espagne", "donor", ""),
)
# Reference, title, region, cercle, locality, sector, partner, start, months, state, approved on, in it since, budget,
# paid, refunded.
PROJECTS = (
    ("QIP-GAO-2023-0114", "Clôture et forage du périmètre maraîcher de Bourem", "Gao", "Bourem", "Bourem", "31120", 0,
     "2023-10-02", 5, "closed", "2023-09-12", "2024-05-21", 41_500, 41_500, 380),
    ("QIP-MPT-2023-0117", "Réhabilitation du marché artisanal de Djenné", "Mopti", "Djenné", "Djenné", "32130", 1,
     "2023-11-06", 6, "closed", "2023-10-18", "2024-07-02", 48_900, 48_900, 0),
    ("QIP-GAO-2024-0121", "Éclairage solaire de la place du marché de Bourem", "Gao", "Bourem", "Bourem", "23230", 0,
     "2024-02-05", 4, "cancelled", "2024-01-16", "2024-06-11", 36_000, 10_800, 2_150),
    ("QIP-MPT-2024-0125", "Ateliers de dialogue des jeunes de Djenné", "Mopti", "Djenné", "Djenné", "15220", 1,
     "2024-04-01", 6, "completed", "2024-03-12", "2024-10-28", 27_400, 27_400, 0),
)  # fmt: skip
CONTRIBUTION = {
    "reference": "CTB-2023-04", "title": "Appui au relèvement du nord, 2023", "donor": "Royaume d’Espagne",
    "mechanism": "TF", "region": "Tombouctou", "currency": "EUR", "pledged_amount": 450_000, "pledged_on": "2023-03-06",
    "pledged_rate": 0.94, "signed_amount": 450_000, "signed_on": "2023-05-15", "signed_rate": 0.92,
    "received_amount": 450_000, "received_on": "2023-06-19", "received_rate": 0.915,
}  # fmt: skip


def bring_in_old_portfolio(story: Story) -> None:
    """The last of the sample data: what is brought in takes nothing from what was told before."""
    Envelope.objects.create(mechanism_id="QIP", fiscal_year=YEAR, amount_usd=ENVELOPE_USD)
    with morning(BROUGHT_IN_ON), story.acting("administrateur") as by:
        record = _checked(by, "Portefeuille 2023-2024.xlsx", PROJECTS, [CONTRIBUTION])
        confirm(by=by, record=record)
        run.call(record.pk)
        _plan_as_usual()
    with morning(FAULTY_ON), story.acting("administrateur") as by:
        _checked(by, "Portefeuille 2022, à revoir.xlsx", _with_faults(), [])


def _checked(by: User, name: str, projects: Sequence[tuple], contributions: Sequence[dict]) -> DataImport:
    kind, content = kind_named("portfolio"), book(projects, contributions)
    record = receive(by=by, kind=kind, upload=ContentFile(content, name=name), content=content)
    sheets = sheets_of(record)
    mapping = guess(kind, sheets, remembered(by, kind.code))
    return tell_columns(by=by, record=record, mapping=mapping, options={}, sheets=sheets)


def _plan_as_usual() -> None:
    """An import tells the planner to expect many rows until its transaction ends; here others follow in it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = on")
        cursor.execute("SET LOCAL plan_cache_mode = auto")


def _with_faults() -> list[tuple]:
    """A project over the ceiling, one too long, one in a region that does not exist."""
    first, second, third, fourth = (list(row) for row in PROJECTS)
    for rank, row in enumerate((first, second, third, fourth), start=1):
        row[0] = f"QIP-2022-{rank:04}"
    first[12], second[8], third[2] = 60_000, 8, "Gaow"
    return [tuple(row) for row in (first, second, third, fourth)]


def book(projects: Sequence[tuple], contributions: Sequence[dict]) -> bytes:
    partners = [{"name": name, "kind": kind, "region": region} for name, kind, region in PARTNERS]
    told = [_project(row) for row in projects]
    lines = [line for row in projects for line in _lines(row[0], row[12])]
    parts = [part for row in projects for part in _parts(row[0], *row[12:15])]
    rows = zip(SHEETS, (partners, told, lines, parts, contributions), strict=True)
    return workbook([(str(kind.title), _sheet(kind, made)) for kind, made in rows])


def _sheet(kind: Any, rows: Sequence[dict]) -> Iterator[list[Any]]:
    yield [str(column.label) for column in kind.columns]
    for row in rows:
        yield [row.get(column.name) for column in kind.columns]


def _project(row: tuple) -> dict[str, Any]:
    names = (
        "reference", "title", "region", "cercle", "locality", "sector", "partner", "starts_on", "duration_months", "state",
        "approved_on", "since",
    )  # fmt: skip
    values = dict(zip(names, row, strict=False))
    values["partner"] = PARTNERS[row[6]][0]
    return values | {"mechanism": "QIP", "sponsor": "civil_affairs", "direct_women": 120, "direct_men": 95}


def _lines(reference: str, budget: int) -> list[dict[str, Any]]:
    works = budget * 7 // 10
    return [
        {"reference": reference, "category": "works", "label": "Travaux", "unit_cost": works},
        {"reference": reference, "category": "supplies", "label": "Fournitures", "unit_cost": budget - works},
    ]


def _parts(reference: str, budget: int, paid: int, refunded: int) -> list[dict[str, Any]]:
    """Two instalments, paid and justified in turn; what came back was of the last one paid."""
    first = budget * 6 // 10
    amounts, rows = (first, budget - first), []
    for position, amount in enumerate(amounts, start=1):
        part = min(amount, paid)
        paid -= part
        back = refunded if part and not paid else 0
        refunded -= back
        rows.append(
            {
                "reference": reference, "position": position, "amount_usd": amount, "paid_usd": part,
                "justified_usd": part - back, "refunded_usd": back,
            }
        )  # fmt: skip
    return rows
