"""The criteria by which a partner's capacity is judged, and the vettings that were recorded before each was kept."""

from django.db import migrations

CRITERIA = (
    ("Expérience", "Experience", "Projets de même nature et de même taille menés à bien.", "Projects of the same kind and size carried through."),
    ("Gestion financière", "Financial management", "Comptabilité tenue, pièces classées, double signature.", "Books kept, receipts filed, two signatures."),
    ("Personnel", "Staff", "Personnes présentes, compétentes, en nombre suffisant.", "People present, able, and enough of them."),
    ("Rapports antérieurs", "Past reports", "Rapports remis à temps, complets, sans réserve.", "Reports handed in on time, complete, without reservation."),
    ("Moyens et accès", "Means and access", "Matériel, véhicules, accès aux localités.", "Equipment, vehicles, access to the places."),
    ("Gouvernance", "Governance", "Organes qui se réunissent, règles contre la fraude et les abus.", "Bodies that meet, rules against fraud and abuse."),
)  # fmt: skip


def add_criteria(apps, _schema) -> None:
    criterion = apps.get_model("funds", "CapacityCriterion")
    for position, (name_fr, name_en, help_fr, help_en) in enumerate(CRITERIA, start=1):
        criterion.objects.create(
            name_fr=name_fr, name_en=name_en, help_fr=help_fr, help_en=help_en, position=position
        )


KEEP_VETTINGS = """
INSERT INTO funds_vetting (organisation_id, status, vetted_on, note, recorded_at)
SELECT id, vetting_status, vetted_on, vetting_note, coalesce(vetted_on::timestamptz, now())
  FROM funds_organisation WHERE vetting_status <> 'pending' AND merged_into_id IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [('funds', '0019_vettings_and_capacity')]

    operations = [
        migrations.RunPython(add_criteria, migrations.RunPython.noop),
        migrations.RunSQL(KEEP_VETTINGS, migrations.RunSQL.noop),
    ]
