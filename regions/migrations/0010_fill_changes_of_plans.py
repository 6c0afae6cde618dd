"""Plans and studies enter the log of changes."""

from django.db import migrations

from sr_portal.api.filling import fill


class Migration(migrations.Migration):
    dependencies = [("regions", "0009_plans_touch_changes")]

    operations = [fill(plan="regions_plan", study="regions_study")]
