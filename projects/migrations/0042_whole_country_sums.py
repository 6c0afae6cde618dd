"""Sums of the whole country and of each priority, beside those of the regions (decision 0011)."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# As `projects.summary.view` made it of the table; a test holds both equal.
FORWARD = """DROP VIEW projects_fact_computed;
CREATE VIEW projects_fact_computed AS
SELECT p.id AS project_id, p.region_id AS region_id, p.mechanism_id AS mechanism_id, coalesce(e.fiscal_year, extract(year FROM d.day)::int - (extract(month FROM d.day) < m.fiscal_year_first_month)::int)::smallint AS fiscal_year, p.state AS state, coalesce(p.sector_id, '') AS sector_id, coalesce(o.kind, '') AS partner_kind, coalesce(p.priority_id, 0) AS priority_id, t.due_on AS due_on, CASE WHEN p.state IN ('agreed', 'active', 'suspended') THEN p.ends_on END AS works_due_on, t.closure_due_on AS closure_due_on, 1 AS projects, (p.state <> 'draft')::int AS filed, (p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled'))::int AS granted, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.direct_women ELSE 0 END AS direct_women, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.direct_men ELSE 0 END AS direct_men, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.direct_girls ELSE 0 END AS direct_girls, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.direct_boys ELSE 0 END AS direct_boys, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.displaced ELSE 0 END AS displaced, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.disabled ELSE 0 END AS disabled, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.indirect_women ELSE 0 END AS indirect_women, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.indirect_men ELSE 0 END AS indirect_men, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.indirect_girls ELSE 0 END AS indirect_girls, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.indirect_boys ELSE 0 END AS indirect_boys, v.planned AS visits_planned, v.done AS visits_done, CASE WHEN p.state <> 'draft' THEN p.budget_usd ELSE 0 END AS requested_usd, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.approved_usd ELSE 0 END AS approved_usd, p.reserved_usd AS reserved_usd, p.obligated_usd AS obligated_usd, p.paid_usd AS paid_usd, p.justified_usd AS justified_usd, p.refunded_usd AS refunded_usd, p.reserved_usd - p.paid_usd + p.refunded_usd AS left_usd
  FROM projects_project p
  JOIN funds_mechanism m ON m.code = p.mechanism_id
  LEFT JOIN funds_envelope e ON e.id = p.envelope_id
  LEFT JOIN funds_organisation o ON o.id = p.partner_id
 CROSS JOIN LATERAL (SELECT mission_day(coalesce(p.submitted_at, p.created_at)) AS day) d
 CROSS JOIN LATERAL (SELECT min(due_on) FILTER (WHERE turn IN ('authorise_instalment', 'check_sustainability', 'close', 'complete', 'decide', 'decide_amendment', 'first_visit', 'judge', 'judge_receipts', 'judge_report', 'lift_finding', 'lift_reservations', 'mend', 'mend_report', 'pay_instalment', 'put_on_agenda', 'refund', 'refuse', 'request_instalment', 'resume', 'screen', 'sign', 'start', 'take_up', 'vet', 'visit', 'write', 'write_final', 'write_interim', 'write_periodic')) AS due_on,
                            min(due_on) FILTER (WHERE code = 'closure' AND turn IS NOT NULL) AS closure_due_on
                       FROM projects_deadline WHERE project_id = p.id) t
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'planned') AS planned,
                            count(*) FILTER (WHERE state = 'done') AS done
                       FROM projects_visit WHERE project_id = p.id) v
;
CREATE OR REPLACE FUNCTION fold_cells() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(1397894471) THEN
        RETURN;
    END IF;
    WITH taken AS (DELETE FROM projects_cell WHERE id IN (SELECT id FROM projects_cell WHERE loose LIMIT 5000) RETURNING *)
    INSERT INTO projects_cell AS c (loose, grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd)
    SELECT false, grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, sum(projects), sum(filed), sum(granted), sum(direct_women), sum(direct_men), sum(direct_girls), sum(direct_boys), sum(displaced), sum(disabled), sum(indirect_women), sum(indirect_men), sum(indirect_girls), sum(indirect_boys), sum(visits_planned), sum(visits_done), sum(requested_usd), sum(approved_usd), sum(reserved_usd), sum(obligated_usd), sum(paid_usd), sum(justified_usd), sum(refunded_usd), sum(left_usd) FROM taken GROUP BY grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id
        ON CONFLICT (grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id) WHERE NOT loose
        DO UPDATE SET projects = c.projects + EXCLUDED.projects, filed = c.filed + EXCLUDED.filed, granted = c.granted + EXCLUDED.granted, direct_women = c.direct_women + EXCLUDED.direct_women, direct_men = c.direct_men + EXCLUDED.direct_men, direct_girls = c.direct_girls + EXCLUDED.direct_girls, direct_boys = c.direct_boys + EXCLUDED.direct_boys, displaced = c.displaced + EXCLUDED.displaced, disabled = c.disabled + EXCLUDED.disabled, indirect_women = c.indirect_women + EXCLUDED.indirect_women, indirect_men = c.indirect_men + EXCLUDED.indirect_men, indirect_girls = c.indirect_girls + EXCLUDED.indirect_girls, indirect_boys = c.indirect_boys + EXCLUDED.indirect_boys, visits_planned = c.visits_planned + EXCLUDED.visits_planned, visits_done = c.visits_done + EXCLUDED.visits_done, requested_usd = c.requested_usd + EXCLUDED.requested_usd, approved_usd = c.approved_usd + EXCLUDED.approved_usd, reserved_usd = c.reserved_usd + EXCLUDED.reserved_usd, obligated_usd = c.obligated_usd + EXCLUDED.obligated_usd, paid_usd = c.paid_usd + EXCLUDED.paid_usd, justified_usd = c.justified_usd + EXCLUDED.justified_usd, refunded_usd = c.refunded_usd + EXCLUDED.refunded_usd, left_usd = c.left_usd + EXCLUDED.left_usd;
    DELETE FROM projects_cell WHERE NOT loose AND projects = 0;
    WITH taken AS (DELETE FROM projects_clockcell WHERE id IN (SELECT id FROM projects_clockcell WHERE loose LIMIT 5000) RETURNING *)
    INSERT INTO projects_clockcell AS c (loose, clock, level, region_id, mechanism_id, fiscal_year, day, projects)
    SELECT false, clock, level, region_id, mechanism_id, fiscal_year, day, sum(projects) FROM taken GROUP BY clock, level, region_id, mechanism_id, fiscal_year, day
        ON CONFLICT (clock, level, region_id, mechanism_id, fiscal_year, day) WHERE NOT loose DO UPDATE SET projects = c.projects + EXCLUDED.projects;
    DELETE FROM projects_clockcell WHERE NOT loose AND projects = 0;
END $$;

CREATE OR REPLACE FUNCTION refresh_facts(targets bigint[]) RETURNS void LANGUAGE plpgsql
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
SELECT CASE GROUPING(region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id) WHEN 7 THEN 'state' WHEN 11 THEN 'sector' WHEN 13 THEN 'partner' WHEN 3 THEN 'sector_state' WHEN 9 THEN 'sector_partner' WHEN 15 THEN 'region' WHEN 71 THEN 'whole_state' WHEN 75 THEN 'whole_sector' WHEN 77 THEN 'whole_partner' WHEN 118 THEN 'priority' END, coalesce(region_id, 0), coalesce(mechanism_id, ''), coalesce(fiscal_year, 0), coalesce(state, ''), coalesce(sector_id, ''), coalesce(partner_kind, ''), coalesce(priority_id, 0),
       sum(sign * projects), sum(sign * filed), sum(sign * granted), sum(sign * direct_women), sum(sign * direct_men), sum(sign * direct_girls), sum(sign * direct_boys), sum(sign * displaced), sum(sign * disabled), sum(sign * indirect_women), sum(sign * indirect_men), sum(sign * indirect_girls), sum(sign * indirect_boys), sum(sign * visits_planned), sum(sign * visits_done), sum(sign * requested_usd), sum(sign * approved_usd), sum(sign * reserved_usd), sum(sign * obligated_usd), sum(sign * paid_usd), sum(sign * justified_usd), sum(sign * refunded_usd), sum(sign * left_usd)
  FROM moved GROUP BY GROUPING SETS ((region_id, mechanism_id, fiscal_year, state), (region_id, mechanism_id, fiscal_year, sector_id), (region_id, mechanism_id, fiscal_year, partner_kind), (region_id, mechanism_id, fiscal_year, state, sector_id), (region_id, mechanism_id, fiscal_year, sector_id, partner_kind), (region_id, mechanism_id, fiscal_year), (mechanism_id, fiscal_year, state), (mechanism_id, fiscal_year, sector_id), (mechanism_id, fiscal_year, partner_kind), (state, priority_id))
HAVING sum(sign * projects) <> 0 OR sum(sign * filed) <> 0 OR sum(sign * granted) <> 0 OR sum(sign * direct_women) <> 0 OR sum(sign * direct_men) <> 0 OR sum(sign * direct_girls) <> 0 OR sum(sign * direct_boys) <> 0 OR sum(sign * displaced) <> 0 OR sum(sign * disabled) <> 0 OR sum(sign * indirect_women) <> 0 OR sum(sign * indirect_men) <> 0 OR sum(sign * indirect_girls) <> 0 OR sum(sign * indirect_boys) <> 0 OR sum(sign * visits_planned) <> 0 OR sum(sign * visits_done) <> 0 OR sum(sign * requested_usd) <> 0 OR sum(sign * approved_usd) <> 0 OR sum(sign * reserved_usd) <> 0 OR sum(sign * obligated_usd) <> 0 OR sum(sign * paid_usd) <> 0 OR sum(sign * justified_usd) <> 0 OR sum(sign * refunded_usd) <> 0 OR sum(sign * left_usd) <> 0
)
    INSERT INTO projects_clockcell (clock, level, region_id, mechanism_id, fiscal_year, day, projects)
SELECT c.clock, l.level, region_id, mechanism_id, fiscal_year,
       CASE WHEN l.level = 'month' THEN date_trunc('month', c.day)::date ELSE c.day END AS day, sum(sign)
  FROM moved CROSS JOIN LATERAL (VALUES ('due_on', due_on), ('works_due_on', works_due_on), ('closure_due_on', closure_due_on)) c(clock, day)
 CROSS JOIN (VALUES ('month'), ('day')) l(level)
 WHERE c.day IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(sign) <> 0
;
    IF random() * 50 < 1 THEN
        PERFORM fold_cells();
    END IF;
END $$;

CREATE OR REPLACE FUNCTION rebuild_facts() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1397894470);
    DELETE FROM projects_fact;
    DELETE FROM projects_cell;
    DELETE FROM projects_clockcell;
    INSERT INTO projects_fact (project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd) SELECT project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd FROM projects_fact_computed;
    INSERT INTO projects_cell (grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd, loose) SELECT *, false FROM (
SELECT CASE GROUPING(region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, priority_id) WHEN 7 THEN 'state' WHEN 11 THEN 'sector' WHEN 13 THEN 'partner' WHEN 3 THEN 'sector_state' WHEN 9 THEN 'sector_partner' WHEN 15 THEN 'region' WHEN 71 THEN 'whole_state' WHEN 75 THEN 'whole_sector' WHEN 77 THEN 'whole_partner' WHEN 118 THEN 'priority' END, coalesce(region_id, 0), coalesce(mechanism_id, ''), coalesce(fiscal_year, 0), coalesce(state, ''), coalesce(sector_id, ''), coalesce(partner_kind, ''), coalesce(priority_id, 0),
       sum(1 * projects), sum(1 * filed), sum(1 * granted), sum(1 * direct_women), sum(1 * direct_men), sum(1 * direct_girls), sum(1 * direct_boys), sum(1 * displaced), sum(1 * disabled), sum(1 * indirect_women), sum(1 * indirect_men), sum(1 * indirect_girls), sum(1 * indirect_boys), sum(1 * visits_planned), sum(1 * visits_done), sum(1 * requested_usd), sum(1 * approved_usd), sum(1 * reserved_usd), sum(1 * obligated_usd), sum(1 * paid_usd), sum(1 * justified_usd), sum(1 * refunded_usd), sum(1 * left_usd)
  FROM projects_fact GROUP BY GROUPING SETS ((region_id, mechanism_id, fiscal_year, state), (region_id, mechanism_id, fiscal_year, sector_id), (region_id, mechanism_id, fiscal_year, partner_kind), (region_id, mechanism_id, fiscal_year, state, sector_id), (region_id, mechanism_id, fiscal_year, sector_id, partner_kind), (region_id, mechanism_id, fiscal_year), (mechanism_id, fiscal_year, state), (mechanism_id, fiscal_year, sector_id), (mechanism_id, fiscal_year, partner_kind), (state, priority_id))
HAVING sum(1 * projects) <> 0 OR sum(1 * filed) <> 0 OR sum(1 * granted) <> 0 OR sum(1 * direct_women) <> 0 OR sum(1 * direct_men) <> 0 OR sum(1 * direct_girls) <> 0 OR sum(1 * direct_boys) <> 0 OR sum(1 * displaced) <> 0 OR sum(1 * disabled) <> 0 OR sum(1 * indirect_women) <> 0 OR sum(1 * indirect_men) <> 0 OR sum(1 * indirect_girls) <> 0 OR sum(1 * indirect_boys) <> 0 OR sum(1 * visits_planned) <> 0 OR sum(1 * visits_done) <> 0 OR sum(1 * requested_usd) <> 0 OR sum(1 * approved_usd) <> 0 OR sum(1 * reserved_usd) <> 0 OR sum(1 * obligated_usd) <> 0 OR sum(1 * paid_usd) <> 0 OR sum(1 * justified_usd) <> 0 OR sum(1 * refunded_usd) <> 0 OR sum(1 * left_usd) <> 0
) s;
    INSERT INTO projects_clockcell (clock, level, region_id, mechanism_id, fiscal_year, day, projects, loose) SELECT *, false FROM (
SELECT c.clock, l.level, region_id, mechanism_id, fiscal_year,
       CASE WHEN l.level = 'month' THEN date_trunc('month', c.day)::date ELSE c.day END AS day, sum(1)
  FROM projects_fact CROSS JOIN LATERAL (VALUES ('due_on', due_on), ('works_due_on', works_due_on), ('closure_due_on', closure_due_on)) c(clock, day)
 CROSS JOIN (VALUES ('month'), ('day')) l(level)
 WHERE c.day IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(1) <> 0
) s;
END $$;
"""
# As 0036 laid it down.
BACKWARD = """DELETE FROM projects_cell WHERE grain IN ('region', 'whole_state', 'whole_sector', 'whole_partner', 'priority');
DROP VIEW projects_fact_computed;
CREATE VIEW projects_fact_computed AS
SELECT p.id AS project_id, p.region_id AS region_id, p.mechanism_id AS mechanism_id, coalesce(e.fiscal_year, extract(year FROM d.day)::int - (extract(month FROM d.day) < m.fiscal_year_first_month)::int)::smallint AS fiscal_year, p.state AS state, coalesce(p.sector_id, '') AS sector_id, coalesce(o.kind, '') AS partner_kind, t.due_on AS due_on, CASE WHEN p.state IN ('agreed', 'active', 'suspended') THEN p.ends_on END AS works_due_on, t.closure_due_on AS closure_due_on, 1 AS projects, (p.state <> 'draft')::int AS filed, (p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled'))::int AS granted, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.direct_women ELSE 0 END AS direct_women, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.direct_men ELSE 0 END AS direct_men, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.direct_girls ELSE 0 END AS direct_girls, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.direct_boys ELSE 0 END AS direct_boys, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.displaced ELSE 0 END AS displaced, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.disabled ELSE 0 END AS disabled, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.indirect_women ELSE 0 END AS indirect_women, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.indirect_men ELSE 0 END AS indirect_men, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.indirect_girls ELSE 0 END AS indirect_girls, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.indirect_boys ELSE 0 END AS indirect_boys, v.planned AS visits_planned, v.done AS visits_done, CASE WHEN p.state <> 'draft' THEN p.budget_usd ELSE 0 END AS requested_usd, CASE WHEN p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') THEN p.approved_usd ELSE 0 END AS approved_usd, p.reserved_usd AS reserved_usd, p.obligated_usd AS obligated_usd, p.paid_usd AS paid_usd, p.justified_usd AS justified_usd, p.refunded_usd AS refunded_usd, p.reserved_usd - p.paid_usd + p.refunded_usd AS left_usd
  FROM projects_project p
  JOIN funds_mechanism m ON m.code = p.mechanism_id
  LEFT JOIN funds_envelope e ON e.id = p.envelope_id
  LEFT JOIN funds_organisation o ON o.id = p.partner_id
 CROSS JOIN LATERAL (SELECT mission_day(coalesce(p.submitted_at, p.created_at)) AS day) d
 CROSS JOIN LATERAL (SELECT min(due_on) FILTER (WHERE turn IN ('authorise_instalment', 'check_sustainability', 'close', 'complete', 'decide', 'decide_amendment', 'first_visit', 'judge', 'judge_receipts', 'judge_report', 'lift_finding', 'lift_reservations', 'mend', 'mend_report', 'pay_instalment', 'put_on_agenda', 'refund', 'refuse', 'request_instalment', 'resume', 'screen', 'sign', 'start', 'take_up', 'vet', 'visit', 'write', 'write_final', 'write_interim', 'write_periodic')) AS due_on,
                            min(due_on) FILTER (WHERE code = 'closure' AND turn IS NOT NULL) AS closure_due_on
                       FROM projects_deadline WHERE project_id = p.id) t
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'planned') AS planned,
                            count(*) FILTER (WHERE state = 'done') AS done
                       FROM projects_visit WHERE project_id = p.id) v
;
CREATE OR REPLACE FUNCTION fold_cells() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(1397894471) THEN
        RETURN;
    END IF;
    WITH taken AS (DELETE FROM projects_cell WHERE id IN (SELECT id FROM projects_cell WHERE loose LIMIT 5000) RETURNING *)
    INSERT INTO projects_cell AS c (loose, grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd)
    SELECT false, grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, sum(projects), sum(filed), sum(granted), sum(direct_women), sum(direct_men), sum(direct_girls), sum(direct_boys), sum(displaced), sum(disabled), sum(indirect_women), sum(indirect_men), sum(indirect_girls), sum(indirect_boys), sum(visits_planned), sum(visits_done), sum(requested_usd), sum(approved_usd), sum(reserved_usd), sum(obligated_usd), sum(paid_usd), sum(justified_usd), sum(refunded_usd), sum(left_usd) FROM taken GROUP BY grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind
        ON CONFLICT (grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind) WHERE NOT loose
        DO UPDATE SET projects = c.projects + EXCLUDED.projects, filed = c.filed + EXCLUDED.filed, granted = c.granted + EXCLUDED.granted, direct_women = c.direct_women + EXCLUDED.direct_women, direct_men = c.direct_men + EXCLUDED.direct_men, direct_girls = c.direct_girls + EXCLUDED.direct_girls, direct_boys = c.direct_boys + EXCLUDED.direct_boys, displaced = c.displaced + EXCLUDED.displaced, disabled = c.disabled + EXCLUDED.disabled, indirect_women = c.indirect_women + EXCLUDED.indirect_women, indirect_men = c.indirect_men + EXCLUDED.indirect_men, indirect_girls = c.indirect_girls + EXCLUDED.indirect_girls, indirect_boys = c.indirect_boys + EXCLUDED.indirect_boys, visits_planned = c.visits_planned + EXCLUDED.visits_planned, visits_done = c.visits_done + EXCLUDED.visits_done, requested_usd = c.requested_usd + EXCLUDED.requested_usd, approved_usd = c.approved_usd + EXCLUDED.approved_usd, reserved_usd = c.reserved_usd + EXCLUDED.reserved_usd, obligated_usd = c.obligated_usd + EXCLUDED.obligated_usd, paid_usd = c.paid_usd + EXCLUDED.paid_usd, justified_usd = c.justified_usd + EXCLUDED.justified_usd, refunded_usd = c.refunded_usd + EXCLUDED.refunded_usd, left_usd = c.left_usd + EXCLUDED.left_usd;
    DELETE FROM projects_cell WHERE NOT loose AND projects = 0;
    WITH taken AS (DELETE FROM projects_clockcell WHERE id IN (SELECT id FROM projects_clockcell WHERE loose LIMIT 5000) RETURNING *)
    INSERT INTO projects_clockcell AS c (loose, clock, level, region_id, mechanism_id, fiscal_year, day, projects)
    SELECT false, clock, level, region_id, mechanism_id, fiscal_year, day, sum(projects) FROM taken GROUP BY clock, level, region_id, mechanism_id, fiscal_year, day
        ON CONFLICT (clock, level, region_id, mechanism_id, fiscal_year, day) WHERE NOT loose DO UPDATE SET projects = c.projects + EXCLUDED.projects;
    DELETE FROM projects_clockcell WHERE NOT loose AND projects = 0;
END $$;

CREATE OR REPLACE FUNCTION refresh_facts(targets bigint[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF cardinality(targets) = 0 THEN
        RETURN;
    END IF;
    -- Waits only for a rebuild, which counts what is committed.
    PERFORM pg_advisory_xact_lock_shared(1397894470);
    -- The projects' rows first, so that what is read below was written before any other writer of theirs.
    PERFORM 1 FROM projects_project WHERE id = ANY(targets) ORDER BY id FOR NO KEY UPDATE;
    WITH computed AS MATERIALIZED (SELECT project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd FROM projects_fact_computed WHERE project_id = ANY(targets)),
         kept AS MATERIALIZED (SELECT project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd FROM projects_fact WHERE project_id = ANY(targets)),
         moved AS MATERIALIZED (
            SELECT 1 AS sign, c.* FROM computed c LEFT JOIN kept k USING (project_id) WHERE ROW(c.project_id, c.region_id, c.mechanism_id, c.fiscal_year, c.state, c.sector_id, c.partner_kind, c.due_on, c.works_due_on, c.closure_due_on, c.projects, c.filed, c.granted, c.direct_women, c.direct_men, c.direct_girls, c.direct_boys, c.displaced, c.disabled, c.indirect_women, c.indirect_men, c.indirect_girls, c.indirect_boys, c.visits_planned, c.visits_done, c.requested_usd, c.approved_usd, c.reserved_usd, c.obligated_usd, c.paid_usd, c.justified_usd, c.refunded_usd, c.left_usd) IS DISTINCT FROM ROW(k.project_id, k.region_id, k.mechanism_id, k.fiscal_year, k.state, k.sector_id, k.partner_kind, k.due_on, k.works_due_on, k.closure_due_on, k.projects, k.filed, k.granted, k.direct_women, k.direct_men, k.direct_girls, k.direct_boys, k.displaced, k.disabled, k.indirect_women, k.indirect_men, k.indirect_girls, k.indirect_boys, k.visits_planned, k.visits_done, k.requested_usd, k.approved_usd, k.reserved_usd, k.obligated_usd, k.paid_usd, k.justified_usd, k.refunded_usd, k.left_usd)
             UNION ALL
            SELECT -1, k.* FROM kept k LEFT JOIN computed c USING (project_id) WHERE ROW(c.project_id, c.region_id, c.mechanism_id, c.fiscal_year, c.state, c.sector_id, c.partner_kind, c.due_on, c.works_due_on, c.closure_due_on, c.projects, c.filed, c.granted, c.direct_women, c.direct_men, c.direct_girls, c.direct_boys, c.displaced, c.disabled, c.indirect_women, c.indirect_men, c.indirect_girls, c.indirect_boys, c.visits_planned, c.visits_done, c.requested_usd, c.approved_usd, c.reserved_usd, c.obligated_usd, c.paid_usd, c.justified_usd, c.refunded_usd, c.left_usd) IS DISTINCT FROM ROW(k.project_id, k.region_id, k.mechanism_id, k.fiscal_year, k.state, k.sector_id, k.partner_kind, k.due_on, k.works_due_on, k.closure_due_on, k.projects, k.filed, k.granted, k.direct_women, k.direct_men, k.direct_girls, k.direct_boys, k.displaced, k.disabled, k.indirect_women, k.indirect_men, k.indirect_girls, k.indirect_boys, k.visits_planned, k.visits_done, k.requested_usd, k.approved_usd, k.reserved_usd, k.obligated_usd, k.paid_usd, k.justified_usd, k.refunded_usd, k.left_usd)),
         gone AS (DELETE FROM projects_fact f USING moved m
                   WHERE f.project_id = m.project_id AND NOT EXISTS (SELECT 1 FROM computed c WHERE c.project_id = f.project_id)),
         written AS (INSERT INTO projects_fact (project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd) SELECT project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd FROM moved WHERE sign = 1
                         ON CONFLICT (project_id) DO UPDATE SET (region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd) = ROW(EXCLUDED.region_id, EXCLUDED.mechanism_id, EXCLUDED.fiscal_year, EXCLUDED.state, EXCLUDED.sector_id, EXCLUDED.partner_kind, EXCLUDED.due_on, EXCLUDED.works_due_on, EXCLUDED.closure_due_on, EXCLUDED.projects, EXCLUDED.filed, EXCLUDED.granted, EXCLUDED.direct_women, EXCLUDED.direct_men, EXCLUDED.direct_girls, EXCLUDED.direct_boys, EXCLUDED.displaced, EXCLUDED.disabled, EXCLUDED.indirect_women, EXCLUDED.indirect_men, EXCLUDED.indirect_girls, EXCLUDED.indirect_boys, EXCLUDED.visits_planned, EXCLUDED.visits_done, EXCLUDED.requested_usd, EXCLUDED.approved_usd, EXCLUDED.reserved_usd, EXCLUDED.obligated_usd, EXCLUDED.paid_usd, EXCLUDED.justified_usd, EXCLUDED.refunded_usd, EXCLUDED.left_usd)),
         counted AS (INSERT INTO projects_cell (grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd)
SELECT CASE GROUPING(state, sector_id, partner_kind) WHEN 3 THEN 'state' WHEN 5 THEN 'sector' WHEN 6 THEN 'partner' WHEN 1 THEN 'sector_state' WHEN 4 THEN 'sector_partner' END, region_id, mechanism_id, fiscal_year, coalesce(state, ''), coalesce(sector_id, ''), coalesce(partner_kind, ''),
       sum(sign * projects), sum(sign * filed), sum(sign * granted), sum(sign * direct_women), sum(sign * direct_men), sum(sign * direct_girls), sum(sign * direct_boys), sum(sign * displaced), sum(sign * disabled), sum(sign * indirect_women), sum(sign * indirect_men), sum(sign * indirect_girls), sum(sign * indirect_boys), sum(sign * visits_planned), sum(sign * visits_done), sum(sign * requested_usd), sum(sign * approved_usd), sum(sign * reserved_usd), sum(sign * obligated_usd), sum(sign * paid_usd), sum(sign * justified_usd), sum(sign * refunded_usd), sum(sign * left_usd)
  FROM moved GROUP BY GROUPING SETS ((region_id, mechanism_id, fiscal_year, state), (region_id, mechanism_id, fiscal_year, sector_id), (region_id, mechanism_id, fiscal_year, partner_kind), (region_id, mechanism_id, fiscal_year, state, sector_id), (region_id, mechanism_id, fiscal_year, sector_id, partner_kind))
HAVING sum(sign * projects) <> 0 OR sum(sign * filed) <> 0 OR sum(sign * granted) <> 0 OR sum(sign * direct_women) <> 0 OR sum(sign * direct_men) <> 0 OR sum(sign * direct_girls) <> 0 OR sum(sign * direct_boys) <> 0 OR sum(sign * displaced) <> 0 OR sum(sign * disabled) <> 0 OR sum(sign * indirect_women) <> 0 OR sum(sign * indirect_men) <> 0 OR sum(sign * indirect_girls) <> 0 OR sum(sign * indirect_boys) <> 0 OR sum(sign * visits_planned) <> 0 OR sum(sign * visits_done) <> 0 OR sum(sign * requested_usd) <> 0 OR sum(sign * approved_usd) <> 0 OR sum(sign * reserved_usd) <> 0 OR sum(sign * obligated_usd) <> 0 OR sum(sign * paid_usd) <> 0 OR sum(sign * justified_usd) <> 0 OR sum(sign * refunded_usd) <> 0 OR sum(sign * left_usd) <> 0
)
    INSERT INTO projects_clockcell (clock, level, region_id, mechanism_id, fiscal_year, day, projects)
SELECT c.clock, l.level, region_id, mechanism_id, fiscal_year,
       CASE WHEN l.level = 'month' THEN date_trunc('month', c.day)::date ELSE c.day END AS day, sum(sign)
  FROM moved CROSS JOIN LATERAL (VALUES ('due_on', due_on), ('works_due_on', works_due_on), ('closure_due_on', closure_due_on)) c(clock, day)
 CROSS JOIN (VALUES ('month'), ('day')) l(level)
 WHERE c.day IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(sign) <> 0
;
    IF random() * 50 < 1 THEN
        PERFORM fold_cells();
    END IF;
END $$;

CREATE OR REPLACE FUNCTION rebuild_facts() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1397894470);
    DELETE FROM projects_fact;
    DELETE FROM projects_cell;
    DELETE FROM projects_clockcell;
    INSERT INTO projects_fact (project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd) SELECT project_id, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, due_on, works_due_on, closure_due_on, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd FROM projects_fact_computed;
    INSERT INTO projects_cell (grain, region_id, mechanism_id, fiscal_year, state, sector_id, partner_kind, projects, filed, granted, direct_women, direct_men, direct_girls, direct_boys, displaced, disabled, indirect_women, indirect_men, indirect_girls, indirect_boys, visits_planned, visits_done, requested_usd, approved_usd, reserved_usd, obligated_usd, paid_usd, justified_usd, refunded_usd, left_usd, loose) SELECT *, false FROM (
SELECT CASE GROUPING(state, sector_id, partner_kind) WHEN 3 THEN 'state' WHEN 5 THEN 'sector' WHEN 6 THEN 'partner' WHEN 1 THEN 'sector_state' WHEN 4 THEN 'sector_partner' END, region_id, mechanism_id, fiscal_year, coalesce(state, ''), coalesce(sector_id, ''), coalesce(partner_kind, ''),
       sum(1 * projects), sum(1 * filed), sum(1 * granted), sum(1 * direct_women), sum(1 * direct_men), sum(1 * direct_girls), sum(1 * direct_boys), sum(1 * displaced), sum(1 * disabled), sum(1 * indirect_women), sum(1 * indirect_men), sum(1 * indirect_girls), sum(1 * indirect_boys), sum(1 * visits_planned), sum(1 * visits_done), sum(1 * requested_usd), sum(1 * approved_usd), sum(1 * reserved_usd), sum(1 * obligated_usd), sum(1 * paid_usd), sum(1 * justified_usd), sum(1 * refunded_usd), sum(1 * left_usd)
  FROM projects_fact GROUP BY GROUPING SETS ((region_id, mechanism_id, fiscal_year, state), (region_id, mechanism_id, fiscal_year, sector_id), (region_id, mechanism_id, fiscal_year, partner_kind), (region_id, mechanism_id, fiscal_year, state, sector_id), (region_id, mechanism_id, fiscal_year, sector_id, partner_kind))
HAVING sum(1 * projects) <> 0 OR sum(1 * filed) <> 0 OR sum(1 * granted) <> 0 OR sum(1 * direct_women) <> 0 OR sum(1 * direct_men) <> 0 OR sum(1 * direct_girls) <> 0 OR sum(1 * direct_boys) <> 0 OR sum(1 * displaced) <> 0 OR sum(1 * disabled) <> 0 OR sum(1 * indirect_women) <> 0 OR sum(1 * indirect_men) <> 0 OR sum(1 * indirect_girls) <> 0 OR sum(1 * indirect_boys) <> 0 OR sum(1 * visits_planned) <> 0 OR sum(1 * visits_done) <> 0 OR sum(1 * requested_usd) <> 0 OR sum(1 * approved_usd) <> 0 OR sum(1 * reserved_usd) <> 0 OR sum(1 * obligated_usd) <> 0 OR sum(1 * paid_usd) <> 0 OR sum(1 * justified_usd) <> 0 OR sum(1 * refunded_usd) <> 0 OR sum(1 * left_usd) <> 0
) s;
    INSERT INTO projects_clockcell (clock, level, region_id, mechanism_id, fiscal_year, day, projects, loose) SELECT *, false FROM (
SELECT c.clock, l.level, region_id, mechanism_id, fiscal_year,
       CASE WHEN l.level = 'month' THEN date_trunc('month', c.day)::date ELSE c.day END AS day, sum(1)
  FROM projects_fact CROSS JOIN LATERAL (VALUES ('due_on', due_on), ('works_due_on', works_due_on), ('closure_due_on', closure_due_on)) c(clock, day)
 CROSS JOIN (VALUES ('month'), ('day')) l(level)
 WHERE c.day IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(1) <> 0
) s;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0032_studies_touch_changes'),
        ('projects', '0041_hidden_projects'),
        ('regions', '0010_fill_changes_of_plans'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='project',
            name='facts_follow',
        ),
        migrations.RemoveConstraint(
            model_name='cell',
            name='cell_settled_once',
        ),
        migrations.AddField(
            model_name='cell',
            name='priority',
            field=models.ForeignKey(db_constraint=False, db_default=0, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regions.priority'),
        ),
        migrations.AddField(
            model_name='projectfact',
            name='priority',
            field=models.ForeignKey(db_constraint=False, db_default=0, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regions.priority'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            model_name='cell',
            name='grain',
            field=models.CharField(choices=[('state', 'state'), ('sector', 'sector'), ('partner', 'partner'), ('sector_state', 'sector_state'), ('sector_partner', 'sector_partner'), ('region', 'region'), ('whole_state', 'whole_state'), ('whole_sector', 'whole_sector'), ('whole_partner', 'whole_partner'), ('priority', 'priority')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='cell',
            index=models.Index(condition=models.Q(('priority', 0), _negated=True), fields=['priority'], name='cell_priority'),
        ),
        migrations.AddIndex(
            model_name='projectfact',
            index=models.Index(condition=models.Q(('due_on__isnull', False)), fields=['region', 'due_on'], name='fact_region_due_on'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='facts_follow', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE NOT (ROW(o.state, o.region_id, o.mechanism_id, o.envelope_id, o.sector_id, o.partner_id, o.priority_id, o.submitted_at, o.ends_on, o.budget_usd, o.approved_usd, o.reserved_usd, o.obligated_usd, o.paid_usd, o.justified_usd, o.refunded_usd, o.direct_women, o.direct_men, o.direct_girls, o.direct_boys, o.displaced, o.disabled, o.indirect_women, o.indirect_men, o.indirect_girls, o.indirect_boys) IS NOT DISTINCT FROM ROW(n.state, n.region_id, n.mechanism_id, n.envelope_id, n.sector_id, n.partner_id, n.priority_id, n.submitted_at, n.ends_on, n.budget_usd, n.approved_usd, n.reserved_usd, n.obligated_usd, n.paid_usd, n.justified_usd, n.refunded_usd, n.direct_women, n.direct_men, n.direct_girls, n.direct_boys, n.displaced, n.disabled, n.indirect_women, n.indirect_men, n.indirect_girls, n.indirect_boys))));\n            RETURN NULL;\n        ', hash='e49ac5126b951c6c6492acc054ea2860793a23e4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_facts_follow_11340', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='projects_project', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='cell',
            constraint=models.UniqueConstraint(condition=models.Q(('loose', False)), fields=('grain', 'region', 'mechanism', 'fiscal_year', 'state', 'sector_id', 'partner_kind', 'priority'), name='cell_settled_once'),
        ),
    ]
