"""Every region enters the log of changes."""

from django.db import migrations

from sr_portal.api.filling import fill


class Migration(migrations.Migration):
    dependencies = [("regions", "0006_touches_changes")]

    operations = [fill(region="regions_region")]
