"""The table of the summary as SQL, which a migration lays down; a test holds both equal (see decision 0011).

`projects_fact_computed` computes what is counted of each project. `refresh_facts` brings `projects_fact` up to date and
writes the difference as loose rows of `projects_cell` and `projects_clockcell`: rows of one cell add up, so that two
writers never wait for each other. `fold_cells` adds loose rows to the settled one of their cell.
"""

from .table import (
    ALWAYS,
    ASKED_TURNS,
    CELL_COLUMNS,
    CLOCK_COLUMNS,
    CLOCKS,
    DIMENSIONS,
    FACT_COLUMNS,
    GRAINS,
    LEVELS,
    MEASURES,
    OVER_ALL,
)

VIEW = "projects_fact_computed"
REBUILD_LOCK, FOLD_LOCK = 0x53_52_2D_46, 0x53_52_2D_47  # any numbers, the same for everybody: "SR-F", "SR-G"
FOLD_ONE_IN = 50  # writes: a fold then meets some hundred loose rows
MOST_FOLDED = 5000


def named(names, before: str = "") -> str:
    return ", ".join(f"{before}{name}" for name in names)


def facts() -> str:
    """The query behind the view; its columns are `FACT_COLUMNS`."""
    columns = {**DIMENSIONS, **CLOCKS, **MEASURES}
    return f"""
SELECT p.id AS project_id, {", ".join(f"{sql} AS {name}" for name, sql in columns.items())}
  FROM projects_project p
  JOIN funds_mechanism m ON m.code = p.mechanism_id
  LEFT JOIN funds_envelope e ON e.id = p.envelope_id
  LEFT JOIN funds_organisation o ON o.id = p.partner_id
 CROSS JOIN LATERAL (SELECT mission_day(coalesce(p.submitted_at, p.created_at)) AS day) d
 CROSS JOIN LATERAL (SELECT min(due_on) FILTER (WHERE turn IN ({ASKED_TURNS})) AS due_on,
                            min(due_on) FILTER (WHERE code = 'closure' AND turn IS NOT NULL) AS closure_due_on
                       FROM projects_deadline WHERE project_id = p.id) t
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'planned') AS planned,
                            count(*) FILTER (WHERE state = 'done') AS done
                       FROM projects_visit WHERE project_id = p.id) v
"""


def cells(source: str, sign: str = "1") -> str:
    """The sums over facts (`source`, each with its `sign`) by every grain; columns `CELL_COLUMNS`."""
    sets = ", ".join(f"({named(by)})" for by in GRAINS.values())
    left_out = {
        sum(1 << (len(DIMENSIONS) - 1 - rank) for rank, name in enumerate(DIMENSIONS) if name not in by): grain
        for grain, by in GRAINS.items()
    }
    grain = " ".join(f"WHEN {bits} THEN '{name}'" for bits, name in left_out.items())
    over_all = {name: OVER_ALL.get(name, "''") for name in DIMENSIONS}
    dimensions = [f"coalesce({name}, {value})" for name, value in over_all.items()]
    return f"""
SELECT CASE GROUPING({named(DIMENSIONS)}) {grain} END, {", ".join(dimensions)},
       {", ".join(f"sum({sign} * {name})" for name in MEASURES)}
  FROM {source} GROUP BY GROUPING SETS ({sets})
HAVING {" OR ".join(f"sum({sign} * {name}) <> 0" for name in MEASURES)}
"""


def clock_cells(source: str, sign: str = "1") -> str:
    """How many projects each clock counts on each level; columns `CLOCK_COLUMNS`."""
    days = ", ".join(f"('{name}', {name})" for name in CLOCKS)
    levels = ", ".join(f"('{level}', '{unit}', {str(over_all).lower()})" for level, (unit, over_all) in LEVELS.items())
    return f"""
SELECT c.clock, l.level, region_id, CASE WHEN l.over_all THEN '' ELSE mechanism_id END,
       CASE WHEN l.over_all THEN 0 ELSE fiscal_year END,
       CASE WHEN l.unit = 'month' THEN date_trunc('month', c.day)::date ELSE c.day END AS day, sum({sign})
  FROM {source} CROSS JOIN LATERAL (VALUES {days}) c(clock, day)
 CROSS JOIN (VALUES {levels}) l(level, unit, over_all)
 WHERE c.day IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum({sign}) <> 0
"""


def refresh() -> str:
    """The function that brings the facts of some projects up to date, and the sums with them."""
    moved = ", ".join(FACT_COLUMNS)
    other = FACT_COLUMNS[1:]
    differ = f"ROW({named(FACT_COLUMNS, 'c.')}) IS DISTINCT FROM ROW({named(FACT_COLUMNS, 'k.')})"
    return f"""
CREATE FUNCTION refresh_facts(targets bigint[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF cardinality(targets) = 0 THEN
        RETURN;
    END IF;
    -- Waits only for a rebuild, which counts what is committed.
    PERFORM pg_advisory_xact_lock_shared({REBUILD_LOCK});
    -- The projects' rows first, so that what is read below was written before any other writer of theirs.
    PERFORM 1 FROM projects_project WHERE id = ANY(targets) ORDER BY id FOR NO KEY UPDATE;
    WITH computed AS MATERIALIZED (SELECT {moved} FROM {VIEW} WHERE project_id = ANY(targets)),
         kept AS MATERIALIZED (SELECT {moved} FROM projects_fact WHERE project_id = ANY(targets)),
         moved AS MATERIALIZED (
            SELECT 1 AS sign, c.* FROM computed c LEFT JOIN kept k USING (project_id) WHERE {differ}
             UNION ALL
            SELECT -1, k.* FROM kept k LEFT JOIN computed c USING (project_id) WHERE {differ}),
         gone AS (DELETE FROM projects_fact f USING moved m
                   WHERE f.project_id = m.project_id AND NOT EXISTS (SELECT 1 FROM computed c WHERE c.project_id = f.project_id)),
         written AS (INSERT INTO projects_fact ({moved}) SELECT {moved} FROM moved WHERE sign = 1
                         ON CONFLICT (project_id) DO UPDATE SET ({named(other)}) = ROW({named(other, "EXCLUDED.")})),
         counted AS (INSERT INTO projects_cell ({named(CELL_COLUMNS)}){cells("moved", "sign")})
    INSERT INTO projects_clockcell ({named(CLOCK_COLUMNS)}){clock_cells("moved", "sign")};
    IF random() * {FOLD_ONE_IN} < 1 THEN
        PERFORM fold_cells();
    END IF;
END $$;
"""


def fold() -> str:
    """The function that adds loose rows to the settled row of their cell; two at once: the second leaves it."""
    cell, clock = CELL_COLUMNS[: -len(MEASURES)], CLOCK_COLUMNS[:-1]
    return f"""
CREATE FUNCTION fold_cells() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock({FOLD_LOCK}) THEN
        RETURN;
    END IF;
    WITH taken AS (DELETE FROM projects_cell WHERE id IN (SELECT id FROM projects_cell WHERE loose LIMIT {MOST_FOLDED}) RETURNING *)
    INSERT INTO projects_cell AS c (loose, {named(CELL_COLUMNS)})
    SELECT false, {named(cell)}, {", ".join(f"sum({name})" for name in MEASURES)} FROM taken GROUP BY {named(cell)}
        ON CONFLICT ({named(cell)}) WHERE NOT loose
        DO UPDATE SET {", ".join(f"{name} = c.{name} + EXCLUDED.{name}" for name in MEASURES)};
    DELETE FROM projects_cell WHERE NOT loose AND projects = 0;
    WITH taken AS (DELETE FROM projects_clockcell WHERE id IN (SELECT id FROM projects_clockcell WHERE loose LIMIT {MOST_FOLDED}) RETURNING *)
    INSERT INTO projects_clockcell AS c (loose, {named(CLOCK_COLUMNS)})
    SELECT false, {named(clock)}, sum(projects) FROM taken GROUP BY {named(clock)}
        ON CONFLICT ({named(clock)}) WHERE NOT loose DO UPDATE SET projects = c.projects + EXCLUDED.projects;
    DELETE FROM projects_clockcell WHERE NOT loose AND projects = 0;
END $$;
"""


def rebuild() -> str:
    """The function that counts everything anew; writers and whoever folds wait for its end."""
    others = {name: set(by) - {*ALWAYS, "sector_id"} for name, by in GRAINS.items() if "sector_id" in by}
    by_sector = ", ".join(f"'{name}'" for name, more in others.items() if more)
    return f"""
CREATE FUNCTION rebuild_facts() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({REBUILD_LOCK}), pg_advisory_xact_lock({FOLD_LOCK});
    DELETE FROM projects_fact;
    DELETE FROM projects_cell;
    DELETE FROM projects_clockcell;
    INSERT INTO projects_fact ({named(FACT_COLUMNS)}) SELECT {named(FACT_COLUMNS)} FROM {VIEW};
    -- In the order in which they are asked for: a question then reads a few pages, in memory or not.
    INSERT INTO projects_cell ({named(CELL_COLUMNS)}, loose) SELECT *, false FROM ({cells("projects_fact")}) s ({named(CELL_COLUMNS)})
     ORDER BY grain, CASE WHEN grain IN ({by_sector}) THEN sector_id ELSE '' END, region_id;
    INSERT INTO projects_clockcell ({named(CLOCK_COLUMNS)}, loose) SELECT *, false FROM ({clock_cells("projects_fact")}) s ({named(CLOCK_COLUMNS)})
     ORDER BY level, region_id, day;
END $$;
"""


def outside() -> str:
    """The triggers on the tables of `funds`, which know nothing of projects."""
    follows = {
        "partner_kind": ("funds_organisation", "kind", "partner_id = NEW.id"),
        "first_month": ("funds_mechanism", "fiscal_year_first_month", "mechanism_id = NEW.code"),
        "envelope_year": ("funds_envelope", "fiscal_year", "envelope_id = NEW.id"),
    }
    return "".join(
        f"""
CREATE FUNCTION facts_follow_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_facts(ARRAY(SELECT id FROM projects_project WHERE {mine}));
    RETURN NULL;
END $$;
CREATE TRIGGER facts_follow AFTER UPDATE OF {column} ON {table} FOR EACH ROW
    WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION facts_follow_{name}();
"""
        for name, (table, column, mine) in follows.items()
    )


def forward() -> str:
    """All of it, as the migration lays it down."""
    # Loose rows come and go: their room is used again soon.
    tidy = "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000"
    return "".join(
        (
            f"CREATE VIEW {VIEW} AS{facts()};",
            fold(), refresh(), rebuild(), outside(),
            *(f"ALTER TABLE {table} SET ({tidy});\n" for table in ("projects_cell", "projects_clockcell")),
        )
    )  # fmt: skip
