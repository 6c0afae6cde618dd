"""An index of the hidden projects, which are few: what partners are told in totals is told without them."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("projects", "0040_allocation_plan")]

    operations = [
        AddIndexConcurrently(
            model_name="project",
            index=models.Index(condition=models.Q(("disclosure", "hidden")), fields=["id"], name="project_hidden"),
        ),
    ]
