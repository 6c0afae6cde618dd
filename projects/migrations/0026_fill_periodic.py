"""The days of the reporting calendar, for the projects that are there already."""

from django.db import migrations

FILL = "SELECT refresh_deadlines(ARRAY(SELECT id FROM projects_project))"


class Migration(migrations.Migration):
    dependencies = [("projects", "0025_periodic_reports")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
