"""Sport and recreation bears the code of the DAC: 16065. 16081 was never one, and made IATI files invalid."""

from django.db import migrations

MOVE = """
    INSERT INTO funds_sector (code, group_fr, group_en, name_fr, name_en)
        SELECT '{new}', group_fr, group_en, name_fr, name_en FROM funds_sector WHERE code = '{old}'
        ON CONFLICT (code) DO NOTHING;
    UPDATE projects_project SET sector_id = '{new}' WHERE sector_id = '{old}';
    UPDATE funds_partneractivity SET sector_id = '{new}' WHERE sector_id = '{old}';
    DELETE FROM funds_sector WHERE code = '{old}';
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0044_clocks_of_a_sector"), ("funds", "0033_markers_touch_changes")]

    operations = [
        migrations.RunSQL(MOVE.format(old="16081", new="16065"), MOVE.format(old="16065", new="16081")),
    ]
