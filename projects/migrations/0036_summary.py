"""What is counted of each project, and the sums that the database keeps of it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# As `projects.summary.view` made it of the table; a test holds both equal.
FORWARD = """CREATE VIEW projects_fact_computed AS
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
CREATE FUNCTION fold_cells() RETURNS void LANGUAGE plpgsql AS $$
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

CREATE FUNCTION refresh_facts(targets bigint[]) RETURNS void LANGUAGE plpgsql
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

CREATE FUNCTION rebuild_facts() RETURNS void LANGUAGE plpgsql AS $$
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

CREATE FUNCTION facts_follow_partner_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_facts(ARRAY(SELECT id FROM projects_project WHERE partner_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER facts_follow AFTER UPDATE OF kind ON funds_organisation FOR EACH ROW
    WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION facts_follow_partner_kind();

CREATE FUNCTION facts_follow_first_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_facts(ARRAY(SELECT id FROM projects_project WHERE mechanism_id = NEW.code));
    RETURN NULL;
END $$;
CREATE TRIGGER facts_follow AFTER UPDATE OF fiscal_year_first_month ON funds_mechanism FOR EACH ROW
    WHEN (OLD.fiscal_year_first_month IS DISTINCT FROM NEW.fiscal_year_first_month) EXECUTE FUNCTION facts_follow_first_month();

CREATE FUNCTION facts_follow_envelope_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_facts(ARRAY(SELECT id FROM projects_project WHERE envelope_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER facts_follow AFTER UPDATE OF fiscal_year ON funds_envelope FOR EACH ROW
    WHEN (OLD.fiscal_year IS DISTINCT FROM NEW.fiscal_year) EXECUTE FUNCTION facts_follow_envelope_year();
ALTER TABLE projects_cell SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE projects_clockcell SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
"""
BACKWARD = """
DROP TRIGGER facts_follow ON funds_envelope;
DROP TRIGGER facts_follow ON funds_mechanism;
DROP TRIGGER facts_follow ON funds_organisation;
DROP FUNCTION facts_follow_envelope_year();
DROP FUNCTION facts_follow_first_month();
DROP FUNCTION facts_follow_partner_kind();
DROP FUNCTION rebuild_facts();
DROP FUNCTION refresh_facts(bigint[]);
DROP FUNCTION fold_cells();
DROP VIEW projects_fact_computed;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0023_contributions'),
        ('projects', '0035_published_for_good_validated'),
        ('regions', '0004_null_is_no_consent'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('state', models.CharField(choices=[('draft', 'Brouillon'), ('submitted', 'Soumise'), ('screening', 'En présélection'), ('returned', 'Renvoyée'), ('inadmissible', 'Irrecevable'), ('eligible', 'Recevable'), ('in_review', 'En comité'), ('recommended', 'Recommandée'), ('not_recommended', 'Non recommandée'), ('approved', 'Approuvée'), ('agreed', 'Protocole signé'), ('active', 'En cours'), ('suspended', 'Suspendue'), ('completed', 'Achevée'), ('closed', 'Clôturée'), ('refused', 'Refusée'), ('withdrawn', 'Retirée'), ('cancelled', 'Annulée')], max_length=20, verbose_name='état')),
                ('sector_id', models.CharField(max_length=5, verbose_name='secteur')),
                ('partner_kind', models.CharField(choices=[('ngo_national', 'ONG nationale'), ('ngo_international', 'ONG internationale'), ('association', 'Association ou coopérative'), ('local_authority', 'Collectivité territoriale'), ('state_service', 'Service de l’État'), ('un_agency', 'Agence des Nations Unies'), ('company', 'Entreprise'), ('donor', 'Donateur')], max_length=20, verbose_name='type de partenaire')),
                ('grain', models.CharField(choices=[('state', 'state'), ('sector', 'sector'), ('partner', 'partner'), ('sector_state', 'sector_state'), ('sector_partner', 'sector_partner')], max_length=20)),
                ('loose', models.BooleanField(db_default=True)),
                ('projects', models.BigIntegerField()),
                ('filed', models.BigIntegerField()),
                ('granted', models.BigIntegerField()),
                ('direct_women', models.BigIntegerField()),
                ('direct_men', models.BigIntegerField()),
                ('direct_girls', models.BigIntegerField()),
                ('direct_boys', models.BigIntegerField()),
                ('displaced', models.BigIntegerField()),
                ('disabled', models.BigIntegerField()),
                ('indirect_women', models.BigIntegerField()),
                ('indirect_men', models.BigIntegerField()),
                ('indirect_girls', models.BigIntegerField()),
                ('indirect_boys', models.BigIntegerField()),
                ('visits_planned', models.BigIntegerField()),
                ('visits_done', models.BigIntegerField()),
                ('requested_usd', models.DecimalField(decimal_places=2, max_digits=16)),
                ('approved_usd', models.DecimalField(decimal_places=2, max_digits=16)),
                ('reserved_usd', models.DecimalField(decimal_places=2, max_digits=16)),
                ('obligated_usd', models.DecimalField(decimal_places=2, max_digits=16)),
                ('paid_usd', models.DecimalField(decimal_places=2, max_digits=16)),
                ('justified_usd', models.DecimalField(decimal_places=2, max_digits=16)),
                ('refunded_usd', models.DecimalField(decimal_places=2, max_digits=16)),
                ('left_usd', models.DecimalField(decimal_places=2, max_digits=16)),
            ],
            options={
                'verbose_name': 'somme',
                'verbose_name_plural': 'sommes',
            },
        ),
        migrations.CreateModel(
            name='ClockCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock', models.CharField(choices=[('due_on', 'due_on'), ('works_due_on', 'works_due_on'), ('closure_due_on', 'closure_due_on')], max_length=20)),
                ('level', models.CharField(choices=[('month', 'month'), ('day', 'day')], max_length=5)),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('day', models.DateField()),
                ('projects', models.IntegerField()),
                ('loose', models.BooleanField(db_default=True)),
            ],
            options={
                'verbose_name': 'échéances d’un jour ou d’un mois',
                'verbose_name_plural': 'échéances par jour et par mois',
            },
        ),
        migrations.CreateModel(
            name='ProjectFact',
            fields=[
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('state', models.CharField(choices=[('draft', 'Brouillon'), ('submitted', 'Soumise'), ('screening', 'En présélection'), ('returned', 'Renvoyée'), ('inadmissible', 'Irrecevable'), ('eligible', 'Recevable'), ('in_review', 'En comité'), ('recommended', 'Recommandée'), ('not_recommended', 'Non recommandée'), ('approved', 'Approuvée'), ('agreed', 'Protocole signé'), ('active', 'En cours'), ('suspended', 'Suspendue'), ('completed', 'Achevée'), ('closed', 'Clôturée'), ('refused', 'Refusée'), ('withdrawn', 'Retirée'), ('cancelled', 'Annulée')], max_length=20, verbose_name='état')),
                ('sector_id', models.CharField(max_length=5, verbose_name='secteur')),
                ('partner_kind', models.CharField(choices=[('ngo_national', 'ONG nationale'), ('ngo_international', 'ONG internationale'), ('association', 'Association ou coopérative'), ('local_authority', 'Collectivité territoriale'), ('state_service', 'Service de l’État'), ('un_agency', 'Agence des Nations Unies'), ('company', 'Entreprise'), ('donor', 'Donateur')], max_length=20, verbose_name='type de partenaire')),
                ('project', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='fact', serialize=False, to='projects.project')),
                ('due_on', models.DateField(null=True)),
                ('works_due_on', models.DateField(null=True)),
                ('closure_due_on', models.DateField(null=True)),
                ('projects', models.IntegerField()),
                ('filed', models.IntegerField()),
                ('granted', models.IntegerField()),
                ('direct_women', models.IntegerField()),
                ('direct_men', models.IntegerField()),
                ('direct_girls', models.IntegerField()),
                ('direct_boys', models.IntegerField()),
                ('displaced', models.IntegerField()),
                ('disabled', models.IntegerField()),
                ('indirect_women', models.IntegerField()),
                ('indirect_men', models.IntegerField()),
                ('indirect_girls', models.IntegerField()),
                ('indirect_boys', models.IntegerField()),
                ('visits_planned', models.IntegerField()),
                ('visits_done', models.IntegerField()),
                ('requested_usd', models.DecimalField(decimal_places=2, max_digits=12)),
                ('approved_usd', models.DecimalField(decimal_places=2, max_digits=12)),
                ('reserved_usd', models.DecimalField(decimal_places=2, max_digits=12)),
                ('obligated_usd', models.DecimalField(decimal_places=2, max_digits=12)),
                ('paid_usd', models.DecimalField(decimal_places=2, max_digits=12)),
                ('justified_usd', models.DecimalField(decimal_places=2, max_digits=12)),
                ('refunded_usd', models.DecimalField(decimal_places=2, max_digits=12)),
                ('left_usd', models.DecimalField(decimal_places=2, max_digits=12)),
            ],
            options={
                'verbose_name': 'compte d’un projet',
                'verbose_name_plural': 'comptes des projets',
                'db_table': 'projects_fact',
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deadline',
            trigger=pgtrigger.compiler.Trigger(name='facts_begin', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT DISTINCT project_id FROM new_rows WHERE turn IS NOT NULL));\n            RETURN NULL;\n        ', hash='846c71960df0f90305d869c046e44a8517f97c79', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facts_begin_8c806', referencing='REFERENCING NEW TABLE AS new_rows ', table='projects_deadline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deadline',
            trigger=pgtrigger.compiler.Trigger(name='facts_follow', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT DISTINCT n.project_id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE NOT (ROW(o.turn, o.due_on) IS NOT DISTINCT FROM ROW(n.turn, n.due_on))));\n            RETURN NULL;\n        ', hash='d81f7ec63aa4f46a82dfb3c9b8795631ff88f032', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_facts_follow_e7761', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='projects_deadline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deadline',
            trigger=pgtrigger.compiler.Trigger(name='facts_end', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT DISTINCT project_id FROM old_rows WHERE turn IS NOT NULL));\n            RETURN NULL;\n        ', hash='5e52debf7a1544ab36ac562e09fd5f2c75fd0f0d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_facts_end_41cdc', referencing='REFERENCING OLD TABLE AS old_rows ', table='projects_deadline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='facts_begin', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT id FROM new_rows));\n            RETURN NULL;\n        ', hash='634d15494fed1c8e9eb45143c2df7155c2366faa', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facts_begin_93f62', referencing='REFERENCING NEW TABLE AS new_rows ', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='facts_follow', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE NOT (ROW(o.state, o.region_id, o.mechanism_id, o.envelope_id, o.sector_id, o.partner_id, o.submitted_at, o.ends_on, o.budget_usd, o.approved_usd, o.reserved_usd, o.obligated_usd, o.paid_usd, o.justified_usd, o.refunded_usd, o.direct_women, o.direct_men, o.direct_girls, o.direct_boys, o.displaced, o.disabled, o.indirect_women, o.indirect_men, o.indirect_girls, o.indirect_boys) IS NOT DISTINCT FROM ROW(n.state, n.region_id, n.mechanism_id, n.envelope_id, n.sector_id, n.partner_id, n.submitted_at, n.ends_on, n.budget_usd, n.approved_usd, n.reserved_usd, n.obligated_usd, n.paid_usd, n.justified_usd, n.refunded_usd, n.direct_women, n.direct_men, n.direct_girls, n.direct_boys, n.displaced, n.disabled, n.indirect_women, n.indirect_men, n.indirect_girls, n.indirect_boys))));\n            RETURN NULL;\n        ', hash='929178099c775e01207c32080dc30f7f906bfe58', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_facts_follow_11340', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='facts_end', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT id FROM old_rows));\n            RETURN NULL;\n        ', hash='170030bf890ac19ada0103bf74720c4e07a78738', level='STATEMENT', operation='DELETE', pgid='pgtrigger_facts_end_10e85', referencing='REFERENCING OLD TABLE AS old_rows ', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='facts_begin', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT DISTINCT project_id FROM new_rows));\n            RETURN NULL;\n        ', hash='a7cec5217c390fbc05f8c46f48a7875963c7b0b1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facts_begin_ceb6b', referencing='REFERENCING NEW TABLE AS new_rows ', table='projects_visit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='facts_follow', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT DISTINCT n.project_id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE NOT (ROW(o.state) IS NOT DISTINCT FROM ROW(n.state))));\n            RETURN NULL;\n        ', hash='eb190fa955b90b936b0ef877829a744d16a51f49', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_facts_follow_928b0', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='projects_visit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visit',
            trigger=pgtrigger.compiler.Trigger(name='facts_end', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            PERFORM refresh_facts(ARRAY(SELECT DISTINCT project_id FROM old_rows));\n            RETURN NULL;\n        ', hash='54c5ebc41d9ca252695c585d7a01faa57af7cf67', level='STATEMENT', operation='DELETE', pgid='pgtrigger_facts_end_1310e', referencing='REFERENCING OLD TABLE AS old_rows ', table='projects_visit', when='AFTER')),
        ),
        migrations.AddField(
            model_name='cell',
            name='mechanism',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='funds.mechanism'),
        ),
        migrations.AddField(
            model_name='cell',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regions.region'),
        ),
        migrations.AddField(
            model_name='clockcell',
            name='mechanism',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='funds.mechanism'),
        ),
        migrations.AddField(
            model_name='clockcell',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regions.region'),
        ),
        migrations.AddField(
            model_name='projectfact',
            name='mechanism',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='funds.mechanism'),
        ),
        migrations.AddField(
            model_name='projectfact',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regions.region'),
        ),
        migrations.AddIndex(
            model_name='cell',
            index=models.Index(fields=['grain', 'region'], name='cell_region'),
        ),
        migrations.AddIndex(
            model_name='cell',
            index=models.Index(condition=models.Q(('sector_id', ''), _negated=True), fields=['grain', 'sector_id'], name='cell_sector'),
        ),
        migrations.AddIndex(
            model_name='cell',
            index=models.Index(condition=models.Q(('loose', True)), fields=['id'], name='cell_loose'),
        ),
        migrations.AddIndex(
            model_name='cell',
            index=models.Index(condition=models.Q(('loose', False), ('projects', 0)), fields=['id'], name='cell_empty'),
        ),
        migrations.AddConstraint(
            model_name='cell',
            constraint=models.UniqueConstraint(condition=models.Q(('loose', False)), fields=('grain', 'region', 'mechanism', 'fiscal_year', 'state', 'sector_id', 'partner_kind'), name='cell_settled_once'),
        ),
        migrations.AddIndex(
            model_name='clockcell',
            index=models.Index(fields=['level', 'region', 'day'], name='clockcell_day'),
        ),
        migrations.AddIndex(
            model_name='clockcell',
            index=models.Index(condition=models.Q(('loose', True)), fields=['id'], name='clockcell_loose'),
        ),
        migrations.AddIndex(
            model_name='clockcell',
            index=models.Index(condition=models.Q(('loose', False), ('projects', 0)), fields=['id'], name='clockcell_empty'),
        ),
        migrations.AddConstraint(
            model_name='clockcell',
            constraint=models.UniqueConstraint(condition=models.Q(('loose', False)), fields=('clock', 'level', 'region', 'mechanism', 'fiscal_year', 'day'), name='clockcell_settled_once'),
        ),
        migrations.AddIndex(
            model_name='projectfact',
            index=models.Index(fields=['fiscal_year', 'region'], name='fact_year'),
        ),
        migrations.AddIndex(
            model_name='projectfact',
            index=models.Index(fields=['partner_kind'], name='fact_partner_kind'),
        ),
        migrations.AddIndex(
            model_name='projectfact',
            index=models.Index(condition=models.Q(('due_on__isnull', False)), fields=['due_on', 'sector_id'], name='fact_due_on'),
        ),
        migrations.AddIndex(
            model_name='projectfact',
            index=models.Index(condition=models.Q(('works_due_on__isnull', False)), fields=['works_due_on', 'sector_id'], name='fact_works_due_on'),
        ),
        migrations.AddIndex(
            model_name='projectfact',
            index=models.Index(condition=models.Q(('closure_due_on__isnull', False)), fields=['closure_due_on', 'sector_id'], name='fact_closure_due_on'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
