"""An index that holds all that the clocks of one sector are asked."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("projects", "0043_fill_whole_country")]
    operations = [
        AddIndexConcurrently(
            model_name="projectfact",
            index=models.Index(
                condition=models.Q(
                    ("due_on__isnull", False),
                    ("works_due_on__isnull", False),
                    ("closure_due_on__isnull", False),
                    _connector="OR",
                ),
                fields=["sector_id"],
                include=("region", "mechanism", "fiscal_year", "due_on", "works_due_on", "closure_due_on"),
                name="fact_clocks_of_sector",
            ),
        ),
    ]
