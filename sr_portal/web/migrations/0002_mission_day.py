"""`mission_day(timestamptz)`: the calendar day of an instant in the mission."""

from django.db import migrations

from sr_portal.web.mission_day import install


def forward(apps, schema_editor):
    install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial")]
    operations = [
        migrations.RunPython(
            forward,
            lambda apps, schema_editor: schema_editor.execute("DROP FUNCTION mission_day(timestamptz)"),
        )
    ]
