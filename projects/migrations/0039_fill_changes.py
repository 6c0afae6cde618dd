"""Every project enters the log of changes."""

from django.db import migrations

from sr_portal.api.filling import fill


class Migration(migrations.Migration):
    dependencies = [("projects", "0038_touches_changes_of_projects")]

    operations = [fill(project="projects_project")]
