"""The amount above which headquarters is asked: this mission's choice for two of its funds (domain guide §1)."""

from decimal import Decimal

from django.db import migrations

ABOVE = {"TF": Decimal("500000"), "PBF": Decimal("1500000")}


def load(apps, schema_editor):
    for code, amount in ABOVE.items():
        apps.get_model("funds", "Mechanism").objects.filter(code=code).update(headquarters_above_usd=amount)


def unload(apps, schema_editor):
    apps.get_model("funds", "Mechanism").objects.filter(code__in=ABOVE).update(headquarters_above_usd=None)


class Migration(migrations.Migration):
    dependencies = [("funds", "0015_merged_records")]
    operations = [migrations.RunPython(load, unload)]
