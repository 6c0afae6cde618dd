"""The sums of the whole country and of the priorities, over the projects that are there already; more indexes on them.

Counted anew and not added to: a writer who waited while 0042 was laid down still ran the functions of before.
"""

import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("projects", "0042_whole_country_sums")]
    operations = [
        migrations.RunSQL("SELECT rebuild_facts()", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='project',
            index=models.Index(condition=models.Q(('state__in', ('submitted', 'screening', 'returned', 'eligible', 'in_review', 'recommended', 'not_recommended', 'approved', 'agreed', 'active', 'suspended', 'completed'))), fields=['state_since', 'id'], name='project_open_since'),
        ),
        AddIndexConcurrently(
            model_name='project',
            index=models.Index(fields=['envelope', 'partner'], name='project_envelope_partner'),
        ),
        AddIndexConcurrently(
            model_name='project',
            index=models.Index(models.F('region'), django.db.models.functions.text.Upper('locality'), condition=models.Q(('locality', ''), _negated=True), name='project_place'),
        ),
        AddIndexConcurrently(
            model_name='project',
            index=models.Index(models.F('region'), models.OrderBy(models.F('approved_usd'), descending=True), models.F('id'), condition=models.Q(('approved_usd__isnull', False)), name='project_largest'),
        ),
    ]
