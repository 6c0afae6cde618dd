"""The Peacebuilding Fund pays several recipients for one project (domain guide §1)."""

from django.db import migrations


def load(apps, schema_editor):
    apps.get_model("funds", "Mechanism").objects.filter(code="PBF").update(several_recipients=True)


def unload(apps, schema_editor):
    apps.get_model("funds", "Mechanism").objects.filter(code="PBF").update(several_recipients=False)


class Migration(migrations.Migration):
    dependencies = [("funds", "0021_exclusions")]
    operations = [migrations.RunPython(load, unload)]
