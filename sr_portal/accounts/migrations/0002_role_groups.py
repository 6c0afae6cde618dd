"""A group for each role of domain guide §2; a role's code is its group's name."""

from django.db import migrations

ROLES = (
    "proposer",
    "programme_officer",
    "committee_member",
    "committee_chair",
    "committee_secretary",
    "approver",
    "finance_officer",
    "regional_manager",
    "section_head",
    "auditor",
    "partner",
    "administrator",
)


def make(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
