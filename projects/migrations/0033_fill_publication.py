"""Projects approved before are published since their first approval; those whose visibility endangers, without place."""

from django.db import migrations

FILL = """
UPDATE projects_project p
   SET published_on = coalesce(
           (SELECT mission_day(min(at)) FROM projects_statechange WHERE project_id = p.id AND target IN ('approved', 'agreed', 'active',
            'suspended', 'completed', 'closed', 'cancelled')),
           mission_day(p.state_since)),
       iati_identifier = reporting_organisation() || '-' || CASE WHEN p.reference ~ '[^A-Za-z0-9._-]'
           THEN regexp_replace(p.reference, '[^A-Za-z0-9._-]+', '-', 'g') || '-' || p.id ELSE p.reference END,
       disclosure = CASE WHEN p.visibility_risk THEN 'cercle' ELSE 'full' END,
       disclosure_reason = CASE WHEN p.visibility_risk
           THEN 'La proposition déclare que la visibilité mettrait des personnes en danger.' ELSE '' END,
       disclosed_at = CASE WHEN p.visibility_risk THEN p.state_since END
 WHERE p.state IN ('approved', 'agreed', 'active', 'suspended', 'completed', 'closed', 'cancelled') AND p.published_on IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0032_publication")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
