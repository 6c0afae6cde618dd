"""The checks of publication, asked of the rows that were there before."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("projects", "0034_published_for_good")]
    operations = [
        ValidateConstraint("project", name)
        for name in (
            "project_published_once_approved",
            "project_disclosure_with_reason",
            "project_disclosure_by_somebody",
        )
    ]
