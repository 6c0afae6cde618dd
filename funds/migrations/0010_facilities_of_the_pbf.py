"""The two facilities of the Peacebuilding Fund: 18 and 36 months; no ceiling of their own (domain guide §1)."""

from django.db import migrations

FACILITIES = (
    ("irf", "Mécanisme de réponse immédiate (IRF)", "Immediate Response Facility (IRF)", 18),
    ("prf", "Mécanisme de consolidation et de relèvement (PRF)", "Peacebuilding and Recovery Facility (PRF)", 36),
)


def load(apps, schema_editor):
    facility = apps.get_model("funds", "Facility")
    for position, (code, name_fr, name_en, months) in enumerate(FACILITIES, start=1):
        facility.objects.create(
            mechanism_id="PBF", code=code, name_fr=name_fr, name_en=name_en, max_months=months, position=position
        )


def unload(apps, schema_editor):
    apps.get_model("funds", "Facility").objects.filter(mechanism_id="PBF").delete()


class Migration(migrations.Migration):
    dependencies = [("funds", "0009_what_a_mechanism_asks")]
    operations = [migrations.RunPython(load, unload)]
