"""Clocks over all funds and years, which is what a dashboard asks most (decision 0011)."""

from importlib import import_module

from django.db import migrations, models

# As `projects.summary.view` made it of the table; a test holds both equal.
FORWARD = """CREATE OR REPLACE FUNCTION refresh_facts(targets bigint[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF cardinality(targets) = 0 THEN
        RETURN;
    END IF;
    -- Waits only for a rebuild, which counts what is committed.
    PERFORM pg_advisory_xact_lock_shared(1397894470);
    -- The projects' rows first, so that what is read below was written before any other writer of theirs.
    PERFORM 1 FROM projects_project WHERE id = ANY(targets) ORDER BY id FOR NO KEY UPDATE;
    WITH computed AS MATERIALIZED (SELECT project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd FROM projects_fact_computed WHERE project_id = ANY(targets)),
         kept AS MATERIALIZED (SELECT project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd FROM projects_fact WHERE project_id = ANY(targets)),
         moved AS MATERIALIZED (
            SELECT 1 AS sign, c.* FROM computed c LEFT JOIN kept k USING (project_id) WHERE ROW(c.project_id, c.region_id, c.mechanism_id, c.fiscal_year, c.state, c.sector_id, c.partner_kind, c.priority_id, c.due_on, c.works_due_on, c.closure_due_on, c.projects, c.filed, c.granted, c.direct_women, c.direct_men, c.direct_girls, c.direct_boys, c.displaced, c.disabled, c.indirect_women, c.indirect_men, c.indirect_girls, c.indirect_boys, c.visits_planned, c.visits_done, c.requested_usd, c.approved_usd, c.reserved_usd, c.obligated_usd, c.paid_usd, c.justified_usd, c.refunded_usd, c.left_usd) IS DISTINCT FROM ROW(k.project_id, k.region_id, k.mechanism_id, k.fiscal_year, k.state, k.sector_id, k.partner_kind, k.priority_id, k.due_on, k.works_due_on, k.closure_due_on, k.projects, k.filed, k.granted, k.direct_women, k.direct_men, k.direct_girls, k.direct_boys, k.displaced, k.disabled, k.indirect_women, k.indirect_men, k.indirect_girls, k.indirect_boys, k.visits_planned, k.visits_done, k.requested_usd, k.approved_usd, k.reserved_usd, k.obligated_usd, k.paid_usd, k.justified_usd, k.refunded_usd, k.left_usd)
             UNION ALL
            SELECT -1, k.* FROM kept k LEFT JOIN computed c USING (project_id) WHERE ROW(c.project_id, c.region_id, c.mechanism_id, c.fiscal_year, c.state, c.sector_id, c.partner_kind, c.priority_id, c.due_on, c.works_due_on, c.closure_due_on, c.projects, c.filed, c.granted, c.direct_women, c.direct_men, c.direct_girls, c.direct_boys, c.displaced, c.disabled, c.indirect_women, c.indirect_men, c.indirect_girls, c.indirect_boys, c.visits_planned, c.visits_done, c.requested_usd, c.approved_usd, c.reserved_usd, c.obligated_usd, c.paid_usd, c.justified_usd, c.refunded_usd, c.left_usd) IS DISTINCT FROM ROW(k.project_id, k.region_id, k.mechanism_id, k.fiscal_year, k.state, k.sector_id, k.partner_kind, k.priority_id, k.due_on, k.works_due_on, k.closure_due_on, k.projects, k.filed, k.granted, k.direct_women, k.direct_men, k.direct_girls, k.direct_boys, k.displaced, k.disabled, k.indirect_women, k.indirect_men, k.indirect_girls, k.indirect_boys, k.visits_planned, k.visits_done, k.requested_usd, k.approved_usd, k.reserved_usd, k.obligated_usd, k.paid_usd, k.justified_usd, k.refunded_usd, k.left_usd)),
         gone AS (DELETE FROM projects_fact f USING moved m
                   WHERE f.project_id = m.project_id AND NOT EXISTS (SELECT 1 FROM computed c WHERE c.project_id = f.project_id)),
         written AS (INSERT INTO projects_fact (project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd) SELECT project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd FROM moved WHERE sign = 1
                         ON CONFLICT (project_id) DO UPDATE SET (region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd) = ROW(EXCLUDED.region_id, EXCLUDED.mechanism_id, EXCLUDED.fiscal_year, EXCLUDED.state, EXCLUDED.sector_id, EXCLUDED.partner_kind, EXCLUDED.priority_id, EXCLUDED.due_on, EXCLUDED.works_due_on, EXCLUDED.closure_due_on, EXCLUDED.projects, EXCLUDED.filed, EXCLUDED.granted, EXCLUDED.direct_women, EXCLUDED.direct_men, EXCLUDED.direct_girls, EXCLUDED.direct_boys, EXCLUDED.displaced, EXCLUDED.disabled, EXCLUDED.indirect_women, EXCLUDED.indirect_men, EXCLUDED.indirect_girls, EXCLUDED.indirect_boys, EXCLUDED.visits_planned, EXCLUDED.visits_done, EXCLUDED.requested_usd, EXCLUDED.approved_usd, EXCLUDED.reserved_usd, EXCLUDED.obligated_usd, EXCLUDED.paid_usd, EXCLUDED.justified_usd, EXCLUDED.refunded_usd, EXCLUDED.left_usd)),
         counted AS (INSERT INTO projects_cell (grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd)
SELECT CASE GROUPING(region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id) WHEN 7 THEN 'state' WHEN 11 THEN 'sector' WHEN 13 THEN 'partner' WHEN 3 THEN 'sector_state' WHEN 9 THEN 'sector_partner' WHEN 15 THEN 'region' WHEN 71 THEN 'whole_state' WHEN 75 THEN 'whole_sector' WHEN 77 THEN 'whole_partner' WHEN 67 THEN 'whole_sector_state' WHEN 73 THEN 'whole_sector_partner' WHEN 118 THEN 'priority' END, coalesce(region_id, 0), coalesce(mechanism_id, ''), coalesce(fiscal_year, 0), coalesce(state, ''), coalesce(sector_id, ''), coalesce(partner_kind, ''), coalesce(priority_id, 0),
       sum(sign * projects), sum(sign * filed), sum(sign * granted), sum(sign * direct_women), sum(sign * direct_men), sum(sign * direct_girls), sum(sign * direct_boys), sum(sign * displaced), sum(sign * disabled), sum(sign * indirect_women), sum(sign * indirect_men), sum(sign * indirect_girls), sum(sign * indirect_boys), sum(sign * visits_planned), sum(sign * visits_done), sum(sign * requested_usd), sum(sign * approved_usd), sum(sign * reserved_usd), sum(sign * obligated_usd), sum(sign * paid_usd), sum(sign * justified_usd), sum(sign * refunded_usd), sum(sign * left_usd)
  FROM moved GROUP BY GROUPING SETS ((region_id, mechanism_id, fiscal_year, state), (region_id, mechanism_id, fiscal_year, sector_id), (region_id, mechanism_id, fiscal_year, partner_kind), (region_id, mechanism_id, fiscal_year, state, sector_id), (region_id, mechanism_id, fiscal_year, sector_id, partner_kind), (region_id, mechanism_id, fiscal_year), (mechanism_id, fiscal_year, state), (mechanism_id, fiscal_year, sector_id), (mechanism_id, fiscal_year, partner_kind), (mechanism_id, fiscal_year, state, sector_id), (mechanism_id, fiscal_year, sector_id, partner_kind), (state, priority_id))
HAVING sum(sign * projects) <> 0 OR sum(sign * filed) <> 0 OR sum(sign * granted) <> 0 OR sum(sign * direct_women) <> 0 OR sum(sign * direct_men) <> 0 OR sum(sign * direct_girls) <> 0 OR sum(sign * direct_boys) <> 0 OR sum(sign * displaced) <> 0 OR sum(sign * disabled) <> 0 OR sum(sign * indirect_women) <> 0 OR sum(sign * indirect_men) <> 0 OR sum(sign * indirect_girls) <> 0 OR sum(sign * indirect_boys) <> 0 OR sum(sign * visits_planned) <> 0 OR sum(sign * visits_done) <> 0 OR sum(sign * requested_usd) <> 0 OR sum(sign * approved_usd) <> 0 OR sum(sign * reserved_usd) <> 0 OR sum(sign * obligated_usd) <> 0 OR sum(sign * paid_usd) <> 0 OR sum(sign * justified_usd) <> 0 OR sum(sign * refunded_usd) <> 0 OR sum(sign * left_usd) <> 0
)
    INSERT INTO projects_clockcell (clock, level, region_id, mechanism_id, fiscal_year, day, projects)
SELECT c.clock, l.level, region_id, CASE WHEN l.over_all THEN '' ELSE mechanism_id END,
       CASE WHEN l.over_all THEN 0 ELSE fiscal_year END,
       CASE WHEN l.unit = 'month' THEN date_trunc('month', c.day)::date ELSE c.day END AS day, sum(sign)
  FROM moved CROSS JOIN LATERAL (VALUES ('due_on', due_on), ('works_due_on', works_due_on), ('closure_due_on', closure_due_on)) c(clock, day)
 CROSS JOIN (VALUES ('month', 'month', false), ('day', 'day', false), ('m_all', 'month', true), ('d_all', 'day', true)) l(level, unit, over_all)
 WHERE c.day IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(sign) <> 0
;
    IF random() * 50 < 1 THEN
        PERFORM fold_cells();
    END IF;
END $$;

CREATE OR REPLACE FUNCTION rebuild_facts() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1397894470), pg_advisory_xact_lock(1397894471);
    DELETE FROM projects_fact;
    DELETE FROM projects_cell;
    DELETE FROM projects_clockcell;
    INSERT INTO projects_fact (project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd) SELECT project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd FROM projects_fact_computed;
    -- In the order in which they are asked for: a question then reads a few pages, in memory or not.
    INSERT INTO projects_cell (grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd, loose) SELECT *, false FROM (
SELECT CASE GROUPING(region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id) WHEN 7 THEN 'state' WHEN 11 THEN 'sector' WHEN 13 THEN 'partner' WHEN 3 THEN 'sector_state' WHEN 9 THEN 'sector_partner' WHEN 15 THEN 'region' WHEN 71 THEN 'whole_state' WHEN 75 THEN 'whole_sector' WHEN 77 THEN 'whole_partner' WHEN 67 THEN 'whole_sector_state' WHEN 73 THEN 'whole_sector_partner' WHEN 118 THEN 'priority' END, coalesce(region_id, 0), coalesce(mechanism_id, ''), coalesce(fiscal_year, 0), coalesce(state, ''), coalesce(sector_id, ''), coalesce(partner_kind, ''), coalesce(priority_id, 0),
       sum(1 * projects), sum(1 * filed), sum(1 * granted), sum(1 * direct_women), sum(1 * direct_men), sum(1 * direct_girls), sum(1 * direct_boys), sum(1 * displaced), sum(1 * disabled), sum(1 * indirect_women), sum(1 * indirect_men), sum(1 * indirect_girls), sum(1 * indirect_boys), sum(1 * visits_planned), sum(1 * visits_done), sum(1 * requested_usd), sum(1 * approved_usd), sum(1 * reserved_usd), sum(1 * obligated_usd), sum(1 * paid_usd), sum(1 * justified_usd), sum(1 * refunded_usd), sum(1 * left_usd)
  FROM projects_fact GROUP BY GROUPING SETS ((region_id, mechanism_id, fiscal_year, state), (region_id, mechanism_id, fiscal_year, sector_id), (region_id, mechanism_id, fiscal_year, partner_kind), (region_id, mechanism_id, fiscal_year, state, sector_id), (region_id, mechanism_id, fiscal_year, sector_id, partner_kind), (region_id, mechanism_id, fiscal_year), (mechanism_id, fiscal_year, state), (mechanism_id, fiscal_year, sector_id), (mechanism_id, fiscal_year, partner_kind), (mechanism_id, fiscal_year, state, sector_id), (mechanism_id, fiscal_year, sector_id, partner_kind), (state, priority_id))
HAVING sum(1 * projects) <> 0 OR sum(1 * filed) <> 0 OR sum(1 * granted) <> 0 OR sum(1 * direct_women) <> 0 OR sum(1 * direct_men) <> 0 OR sum(1 * direct_girls) <> 0 OR sum(1 * direct_boys) <> 0 OR sum(1 * displaced) <> 0 OR sum(1 * disabled) <> 0 OR sum(1 * indirect_women) <> 0 OR sum(1 * indirect_men) <> 0 OR sum(1 * indirect_girls) <> 0 OR sum(1 * indirect_boys) <> 0 OR sum(1 * visits_planned) <> 0 OR sum(1 * visits_done) <> 0 OR sum(1 * requested_usd) <> 0 OR sum(1 * approved_usd) <> 0 OR sum(1 * reserved_usd) <> 0 OR sum(1 * obligated_usd) <> 0 OR sum(1 * paid_usd) <> 0 OR sum(1 * justified_usd) <> 0 OR sum(1 * refunded_usd) <> 0 OR sum(1 * left_usd) <> 0
) s (grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd)
     ORDER BY grain, CASE WHEN grain IN ('sector_state', 'sector_partner', 'whole_sector_state', 'whole_sector_partner') THEN sector_id ELSE '' END, region_id;
    INSERT INTO projects_clockcell (clock, level, region_id, mechanism_id, fiscal_year, day, projects, loose) SELECT *, false FROM (
SELECT c.clock, l.level, region_id, CASE WHEN l.over_all THEN '' ELSE mechanism_id END,
       CASE WHEN l.over_all THEN 0 ELSE fiscal_year END,
       CASE WHEN l.unit = 'month' THEN date_trunc('month', c.day)::date ELSE c.day END AS day, sum(1)
  FROM projects_fact CROSS JOIN LATERAL (VALUES ('due_on', due_on), ('works_due_on', works_due_on), ('closure_due_on', closure_due_on)) c(clock, day)
 CROSS JOIN (VALUES ('month', 'month', false), ('day', 'day', false), ('m_all', 'month', true), ('d_all', 'day', true)) l(level, unit, over_all)
 WHERE c.day IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(1) <> 0
) s (clock, level, region_id, mechanism_id, fiscal_year, day, projects)
     ORDER BY level, region_id, day;
END $$;
"""
BEFORE = import_module("projects.migrations.0046_sectors_of_the_whole_country").FORWARD
# Nobody folds meanwhile. Who began to write before it may leave rows behind: then « check_summaries --repair ».
BACKWARD = [
    "SELECT pg_advisory_xact_lock(1397894470), pg_advisory_xact_lock(1397894471)",
    BEFORE,
    "DELETE FROM projects_clockcell WHERE level IN ('m_all', 'd_all')",
]


class Migration(migrations.Migration):
    dependencies = [("projects", "0047_fill_sectors")]
    operations = [
        migrations.AlterField(
            model_name="clockcell",
            name="level",
            field=models.CharField(choices=[('month', 'month'), ('day', 'day'), ('m_all', 'm_all'), ('d_all', 'd_all')], max_length=5),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
