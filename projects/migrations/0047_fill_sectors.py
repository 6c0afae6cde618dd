"""The sums of 0046 over the projects that are there already, and the index by which those of a sector are found.

Counted anew and not added to: a writer who waited while 0046 was laid down still ran the functions of before.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("projects", "0046_sectors_of_the_whole_country")]
    operations = [
        migrations.RunSQL("SELECT rebuild_facts()", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="cell",
            index=models.Index(
                condition=models.Q(("sector_id", ""), _negated=True), fields=["grain", "sector_id", "region"], name="cell_of_sector"
            ),
        ),
        RemoveIndexConcurrently(model_name="cell", name="cell_sector"),
    ]
