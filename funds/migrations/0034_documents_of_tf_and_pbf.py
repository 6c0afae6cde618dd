"""What the Trust Fund and the Peacebuilding Fund wait for (domain guide §1): the concept note before the project
document is submitted, the minutes of the joint steering committee before the approval.

Held from now on: a project past the step is not asked. A row that an administrator has already laid down stays as it is.
"""

from django.db import migrations

DOCUMENTS = (
    ("TF", "concept", "Note conceptuelle signée", "Signed concept note", "submit"),
    ("PBF", "steering", "Compte rendu du comité de pilotage", "Minutes of the steering committee", "approve"),
)


def load(apps, schema_editor):
    for mechanism, code, name_fr, name_en, step in DOCUMENTS:
        apps.get_model("funds", "RequiredDocument").objects.get_or_create(
            mechanism_id=mechanism, code=code,
            defaults={"name_fr": name_fr, "name_en": name_en, "step": step, "position": 1},
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("funds", "0033_markers_touch_changes")]
    # Backwards they stay: files of projects may answer them.
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
