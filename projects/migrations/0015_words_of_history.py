"""The words by which the history names fields that had none but those of the code; nothing changes in the database."""

import django.db.models.deletion
import sr_portal.web.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("projects", "0014_fill_deadlines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='evaluation',
            name='recorded_at',
            field=models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='enregistré le'),
        ),
        migrations.AlterField(
            model_name='evaluationevent',
            name='recorded_at',
            field=models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='enregistré le'),
        ),
        migrations.AlterField(
            model_name='finding',
            name='visit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='projects.visit', verbose_name='visite'),
        ),
        migrations.AlterField(
            model_name='findingevent',
            name='visit',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.visit', verbose_name='visite'),
        ),
        migrations.AlterField(
            model_name='payment',
            name='instalment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='projects.instalment', verbose_name='tranche'),
        ),
        migrations.AlterField(
            model_name='paymentevent',
            name='instalment',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.instalment', verbose_name='tranche'),
        ),
        migrations.AlterField(
            model_name='resultreached',
            name='result',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reached', to='projects.expectedresult', verbose_name='résultat attendu'),
        ),
        migrations.AlterField(
            model_name='resultreachedevent',
            name='result',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.expectedresult', verbose_name='résultat attendu'),
        ),
        migrations.AlterField(
            model_name='sustainabilitycheck',
            name='recorded_at',
            field=models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='enregistré le'),
        ),
        migrations.AlterField(
            model_name='sustainabilitycheckevent',
            name='recorded_at',
            field=models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='enregistré le'),
        ),
        migrations.AlterField(
            model_name='visit',
            name='created_at',
            field=models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='inscrite le'),
        ),
        migrations.AlterField(
            model_name='visit',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prévue par'),
        ),
        migrations.AlterField(
            model_name='visitevent',
            name='created_at',
            field=models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='inscrite le'),
        ),
        migrations.AlterField(
            model_name='visitevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prévue par'),
        ),
    ]
