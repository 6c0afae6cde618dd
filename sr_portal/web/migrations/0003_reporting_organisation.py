"""`reporting_organisation()`: the reference under which the portal publishes, from the settings."""

from django.db import migrations

from sr_portal.web.publisher import install


def forward(apps, schema_editor):
    install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("web", "0002_mission_day")]
    operations = [
        migrations.RunPython(
            forward,
            lambda apps, schema_editor: schema_editor.execute("DROP FUNCTION reporting_organisation()"),
        )
    ]
