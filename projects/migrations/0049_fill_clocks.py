"""The clocks of 0048 over the projects that are there already; writers wait for it, about a second among a million.

A migration of its own: while it waits for those who began before 0048, whoever writes already runs the functions of 0048.
"""

from django.db import migrations

FILL = """
SELECT pg_advisory_xact_lock(1397894470), pg_advisory_xact_lock(1397894471);
DELETE FROM projects_clockcell WHERE level IN ('m_all', 'd_all');
INSERT INTO projects_clockcell (clock, level, region_id, mechanism_id, fiscal_year, day, projects, loose) SELECT *, false FROM (
SELECT c.clock, l.level, region_id, CASE WHEN l.over_all THEN '' ELSE mechanism_id END,
       CASE WHEN l.over_all THEN 0 ELSE fiscal_year END,
       CASE WHEN l.unit = 'month' THEN date_trunc('month', c.day)::date ELSE c.day END AS day, sum(1)
  FROM projects_fact CROSS JOIN LATERAL (VALUES ('due_on', due_on), ('works_due_on', works_due_on), ('closure_due_on', closure_due_on)) c(clock, day)
 CROSS JOIN (VALUES ('month', 'month', false), ('day', 'day', false), ('m_all', 'month', true), ('d_all', 'day', true)) l(level, unit, over_all)
 WHERE c.day IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(1) <> 0
) s (clock, level, region_id, mechanism_id, fiscal_year, day, projects)
 WHERE level IN ('m_all', 'd_all') ORDER BY level, region_id, day;
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0048_clocks_over_all_funds")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
