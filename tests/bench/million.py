"""Projects by the hundred thousand, loaded by COPY: plausible in number and in kind, without what hangs on them.

Triggers are off while they load, then everything that is counted is counted at once (`rebuild_facts`).
"""

import io
import random

from django.db import connection

from funds.models import Envelope, Mechanism, Organisation, Sector
from projects.models import Project
from projects.states import GRANTED, RESERVING, State
from regions.models import Region
from tests.factories.funds import PartnerFactory
from tests.factories.projects import DraftFactory

YEARS = (2022, 2023, 2024, 2025, 2026)
KINDS = ("ngo_national", "ngo_international", "association", "local_authority", "state_service", "un_agency", "company")
# State → how many of a hundred; those that end are most of them.
SHARES = {
    State.DRAFT: 3, State.SUBMITTED: 4, State.SCREENING: 3, State.RETURNED: 2, State.ELIGIBLE: 3, State.IN_REVIEW: 2,
    State.RECOMMENDED: 2, State.APPROVED: 3, State.AGREED: 2, State.ACTIVE: 12, State.SUSPENDED: 1,
    State.COMPLETED: 6, State.CLOSED: 40, State.REFUSED: 7, State.WITHDRAWN: 4, State.CANCELLED: 3, State.INADMISSIBLE: 3,
}  # fmt: skip
PROJECTS_OF_A_PARTNER, VILLAGES = 50, 20_000
COLUMNS = "n int, region int, mechanism text, state text, sector text, partner bigint, envelope bigint, year int, days int, amount numeric, paid numeric, people int"


def load(count: int, seed: int = 20261127) -> None:
    """`count` projects more, in the transaction under way; the same for the same seed."""
    chance = random.Random(seed)
    regions = list(Region.objects.values_list("pk", flat=True))
    mechanisms = list(Mechanism.objects.values_list("code", flat=True))
    sectors = list(Sector.objects.values_list("code", flat=True))
    template, partner = DraftFactory(), PartnerFactory()
    states, weights = zip(*SHARES.items(), strict=True)
    granted = {state.value for state in GRANTED}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        partners = _partners(cursor, partner, max(140, count // PROJECTS_OF_A_PARTNER))
        envelopes = {
            (mechanism, year): Envelope.objects.get_or_create(
                mechanism_id=mechanism, fiscal_year=year, defaults={"amount_usd": 9_000_000_000}
            )[0].pk
            for mechanism in mechanisms
            for year in YEARS
        }
        cursor.execute(f"CREATE TEMPORARY TABLE loaded ({COLUMNS}) ON COMMIT DROP")
        for start in range(0, count, 50_000):
            text = io.StringIO()
            for n in range(start, min(start + 50_000, count)):
                state = chance.choices(states, weights)[0].value
                mechanism, year = chance.choice(mechanisms), chance.choice(YEARS)
                amount = chance.randrange(500, 5_000) * 10
                paid = amount if state in ("closed", "completed") else amount // 2 if state in granted else 0
                envelope = envelopes[mechanism, year] if state in granted else "\\N"
                row = (n, chance.choice(regions), mechanism, state, chance.choice(sectors), chance.choice(partners),
                       envelope, year, chance.randrange(360), amount, paid, chance.randrange(400))  # fmt: skip
                text.write("\t".join(map(str, row)) + "\n")
            text.seek(0)
            cursor.copy_expert("COPY loaded FROM STDIN", text)
        _insert(cursor, template, {state.value for state in RESERVING})
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE")  # or the count is planned for the empty tables of a moment ago
        cursor.execute("SELECT rebuild_facts()")
        cursor.execute("ANALYZE")


def _partners(cursor, template: Organisation, count: int) -> list[int]:
    """So many implementing partners of every kind, copies of one."""
    names = [f.column for f in Organisation._meta.concrete_fields if not f.generated and f.column != "id"]
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    kind = f"(ARRAY[{kinds}])[mod(n, {len(KINDS)}) + 1]"
    own = {"name": "'Partenaire ' || n", "acronym": "'P' || n", "kind": kind}
    cursor.execute(
        f"INSERT INTO funds_organisation ({', '.join(names)}) SELECT {', '.join(own.get(name, name) for name in names)}"
        " FROM funds_organisation, generate_series(1, %s) n WHERE id = %s RETURNING id",
        [count, template.pk],
    )
    return [key for (key,) in cursor.fetchall()]


def _insert(cursor, template: Project, reserving: set[str]) -> None:
    """One project for each loaded row: the template's columns, but those that the row gives."""
    granted = ", ".join(f"'{state.value}'" for state in GRANTED)
    holding = ", ".join(f"'{state}'" for state in sorted(reserving))
    given = {
        "id": "1000000 + l.n", "reference": "'B-' || l.n", "region_id": "l.region", "mechanism_id": "l.mechanism",
        "state": "l.state", "sector_id": "l.sector", "partner_id": "l.partner", "envelope_id": "l.envelope",
        "created_at": "make_date(l.year, 7, 1) + l.days * interval '1 day' - interval '20 days'",
        "locality": f"'Village ' || mod(l.n, {VILLAGES})",
        "submitted_at": "make_date(l.year, 7, 1) + l.days * interval '1 day'",
        "state_since": "make_date(l.year, 7, 1) + l.days * interval '1 day'",
        "starts_on": f"CASE WHEN l.state IN ({granted}) THEN make_date(l.year, 7, 1) + l.days END",
        "duration_months": f"CASE WHEN l.state IN ({granted}) THEN 6 END",
        "published_on": f"CASE WHEN l.state IN ({granted}) THEN make_date(l.year, 7, 1) + l.days END",
        "iati_identifier": f"CASE WHEN l.state IN ({granted}) THEN 'XM-BENCH-' || l.n END",
        "budget_usd": "l.amount", "recommended_usd": f"CASE WHEN l.state IN ({granted}) THEN l.amount END",
        "approved_usd": f"CASE WHEN l.state IN ({granted}) THEN l.amount END",
        "reserved_usd": f"CASE WHEN l.state IN ({holding}) THEN l.amount WHEN l.state IN ({granted}) THEN l.paid ELSE 0 END",
        "paid_usd": "l.paid", "justified_usd": "CASE WHEN l.state = 'closed' THEN l.paid ELSE 0 END",
        "direct_women": "l.people", "direct_men": "l.people", "direct_girls": "l.people / 2", "direct_boys": "l.people / 2",
    }  # fmt: skip
    fields = [f for f in Project._meta.concrete_fields if not f.generated]
    columns = ", ".join(f.column for f in fields)
    values = ", ".join(given.get(f.column, f"t.{f.column}") for f in fields)
    cursor.execute(
        f"INSERT INTO projects_project ({columns}) SELECT {values} FROM loaded l, projects_project t WHERE t.id = %s",
        [template.pk],
    )
    cursor.execute(
        "INSERT INTO projects_deadline (id, project_id, region_id, state, code, turn, detail, since, opens_on, due_on, barred)"
        " SELECT 'bench-' || n, 1000000 + n, region, state, 'end_of_works', 'complete', '', due, due, due, '{}' FROM"
        " (SELECT *, current_date + days - 180 AS due FROM loaded WHERE state NOT IN"
        " ('draft', 'closed', 'cancelled', 'refused', 'withdrawn', 'inadmissible')) open"
    )
