"""What the funds hold enters the log of changes."""

from django.db import migrations

from sr_portal.api.filling import fill


class Migration(migrations.Migration):
    dependencies = [("funds", "0027_touches_changes")]

    operations = [
        fill(
            envelope="funds_envelope",
            contribution="funds_contribution",
            organisation="funds_organisation",
            ptf_activity="funds_partneractivity",
        )
    ]
