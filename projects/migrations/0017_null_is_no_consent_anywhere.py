"""What was there already keeps the constraints of the migration before; it is read without holding up who writes."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("projects", "0016_null_is_no_consent")]

    operations = [
        ValidateConstraint(model_name="budgetline", name="line_local_cost_has_rate"),
        ValidateConstraint(model_name="decision", name="decision_complete"),
        ValidateConstraint(model_name="project", name="project_point_whole"),
        ValidateConstraint(model_name="project", name="project_reservation_follows_state"),
    ]
