"""The sums over the projects that are there already."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("projects", "0036_summary")]
    operations = [migrations.RunSQL("SELECT rebuild_facts()", migrations.RunSQL.noop)]
