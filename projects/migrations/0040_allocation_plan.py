"""How a project's reservation would be carried is asked of the function that carries it: one rule for both."""

from django.db import migrations

# Which contributions would carry `more` USD of a project, in the order in which they are taken, and what each still has
# before: the narrowest earmark first, then the oldest signature. Less than `more` in all when they do not cover it.
PLAN = """
CREATE FUNCTION allocation_plan(project bigint, more numeric)
    RETURNS TABLE (contribution_id bigint, part numeric, free numeric) LANGUAGE sql STABLE AS $$
    SELECT serving.id, least(serving.free, more - serving.before), serving.free
      FROM (SELECT c.id, c.signed_usd - c.allocated_usd AS free, c.region_id, c.theme, c.signed_on,
                   sum(c.signed_usd - c.allocated_usd) OVER taken - (c.signed_usd - c.allocated_usd) AS before
              FROM projects_project p
              JOIN funds_contribution c ON c.mechanism_id = p.mechanism_id AND c.signed_on IS NOT NULL
              LEFT JOIN funds_sector s ON s.code = p.sector_id
             WHERE p.id = project AND c.signed_usd > c.allocated_usd
               AND earmark_serves(c.region_id, c.theme, p.region_id, s.group_fr)
            WINDOW taken AS (ORDER BY earmark_precision(c.region_id, c.theme) DESC, c.signed_on, c.id
                             ROWS UNBOUNDED PRECEDING)) serving
     WHERE serving.before < more
     ORDER BY earmark_precision(serving.region_id, serving.theme) DESC, serving.signed_on, serving.id
$$;
"""

ALLOCATE = """
CREATE OR REPLACE FUNCTION allocate_project(project bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p projects_project%ROWTYPE;
    gap numeric; part numeric; row record;
BEGIN
    SELECT * INTO p FROM projects_project WHERE id = project;
    IF NOT (SELECT funded_by_contributions FROM funds_mechanism WHERE code = p.mechanism_id) THEN
        RETURN;
    END IF;
    SELECT p.reserved_usd - coalesce(sum(amount_usd), 0) INTO gap FROM projects_allocation WHERE project_id = project;
    IF gap > 0 THEN
        PERFORM 1 FROM funds_contribution c LEFT JOIN funds_sector s ON s.code = p.sector_id
          WHERE c.mechanism_id = p.mechanism_id AND c.signed_on IS NOT NULL
            AND earmark_serves(c.region_id, c.theme, p.region_id, s.group_fr)
          ORDER BY c.id FOR NO KEY UPDATE OF c;
        FOR row IN SELECT * FROM allocation_plan(project, gap) LOOP
            UPDATE projects_allocation SET amount_usd = amount_usd + row.part
             WHERE project_id = project AND contribution_id = row.contribution_id;
            IF NOT FOUND THEN
                INSERT INTO projects_allocation (project_id, contribution_id, amount_usd)
                VALUES (project, row.contribution_id, row.part);
            END IF;
            gap = gap - row.part;
        END LOOP;
        IF gap > 0 THEN
            RAISE EXCEPTION 'contributions_cover: % USD of project % are covered by no signed contribution that it may use',
                gap, project;
        END IF;
    ELSIF gap < 0 THEN
        PERFORM 1 FROM funds_contribution c
          WHERE c.id IN (SELECT contribution_id FROM projects_allocation WHERE project_id = project)
          ORDER BY c.id FOR NO KEY UPDATE;
        FOR row IN
            SELECT a.id, a.amount_usd FROM projects_allocation a JOIN funds_contribution c ON c.id = a.contribution_id
             WHERE a.project_id = project
             ORDER BY earmark_precision(c.region_id, c.theme), c.signed_on DESC, c.id DESC
        LOOP
            EXIT WHEN gap >= 0;
            part = least(-gap, row.amount_usd);
            IF part = row.amount_usd THEN
                DELETE FROM projects_allocation WHERE id = row.id;
            ELSE
                UPDATE projects_allocation SET amount_usd = amount_usd - part WHERE id = row.id;
            END IF;
            gap = gap + part;
        END LOOP;
    END IF;
END $$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION allocate_project(project bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p projects_project%ROWTYPE;
    family text; gap numeric; part numeric; locked bigint[]; row record;
BEGIN
    SELECT * INTO p FROM projects_project WHERE id = project;
    IF NOT (SELECT funded_by_contributions FROM funds_mechanism WHERE code = p.mechanism_id) THEN
        RETURN;
    END IF;
    SELECT p.reserved_usd - coalesce(sum(amount_usd), 0) INTO gap FROM projects_allocation WHERE project_id = project;
    IF gap > 0 THEN
        SELECT group_fr INTO family FROM funds_sector WHERE code = p.sector_id;
        SELECT array_agg(id) INTO locked FROM (
            SELECT c.id FROM funds_contribution c
             WHERE c.mechanism_id = p.mechanism_id AND c.signed_on IS NOT NULL
               AND earmark_serves(c.region_id, c.theme, p.region_id, family)
             ORDER BY c.id FOR NO KEY UPDATE) candidates;
        FOR row IN
            SELECT c.id, c.signed_usd - c.allocated_usd AS free FROM funds_contribution c
             WHERE c.id = ANY(locked) AND c.signed_usd > c.allocated_usd
             ORDER BY earmark_precision(c.region_id, c.theme) DESC, c.signed_on, c.id
        LOOP
            EXIT WHEN gap <= 0;
            part = least(gap, row.free);
            UPDATE projects_allocation SET amount_usd = amount_usd + part
             WHERE project_id = project AND contribution_id = row.id;
            IF NOT FOUND THEN
                INSERT INTO projects_allocation (project_id, contribution_id, amount_usd) VALUES (project, row.id, part);
            END IF;
            gap = gap - part;
        END LOOP;
        IF gap > 0 THEN
            RAISE EXCEPTION 'contributions_cover: % USD of project % are covered by no signed contribution that it may use',
                gap, project;
        END IF;
    ELSIF gap < 0 THEN
        PERFORM 1 FROM funds_contribution c
          WHERE c.id IN (SELECT contribution_id FROM projects_allocation WHERE project_id = project)
          ORDER BY c.id FOR NO KEY UPDATE;
        FOR row IN
            SELECT a.id, a.amount_usd FROM projects_allocation a JOIN funds_contribution c ON c.id = a.contribution_id
             WHERE a.project_id = project
             ORDER BY earmark_precision(c.region_id, c.theme), c.signed_on DESC, c.id DESC
        LOOP
            EXIT WHEN gap >= 0;
            part = least(-gap, row.amount_usd);
            IF part = row.amount_usd THEN
                DELETE FROM projects_allocation WHERE id = row.id;
            ELSE
                UPDATE projects_allocation SET amount_usd = amount_usd - part WHERE id = row.id;
            END IF;
            gap = gap + part;
        END LOOP;
    END IF;
END $$;
DROP FUNCTION allocation_plan(bigint, numeric);
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0039_fill_changes")]
    operations = [migrations.RunSQL(PLAN + ALLOCATE, BEFORE)]
