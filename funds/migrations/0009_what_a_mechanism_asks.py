"""What a mechanism asks of its proposals, as rows: facilities, focus areas, markers, questions, documents."""

import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.db import migrations, models


# What a mechanism asks for is rows of these tables; its own row knows whether there is any (`Mechanism.asks_more`).
FUNCTIONS = """
CREATE FUNCTION mechanism_has_rows(which text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM funds_facility WHERE mechanism_id = which)
        OR EXISTS (SELECT 1 FROM funds_focusarea WHERE mechanism_id = which)
        OR EXISTS (SELECT 1 FROM funds_marker WHERE mechanism_id = which)
        OR EXISTS (SELECT 1 FROM funds_formsection WHERE mechanism_id = which)
        OR EXISTS (SELECT 1 FROM funds_requireddocument WHERE mechanism_id = which);
END $$;
CREATE FUNCTION mechanism_asks(which text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE funds_mechanism SET asks_more = asks_more
     WHERE code = which AND asks_more <> (several_recipients OR mechanism_has_rows(which));
END $$;
"""
DROP = "DROP FUNCTION mechanism_asks(text); DROP FUNCTION mechanism_has_rows(text);"


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0008_partner_activities'),
    ]

    operations = [
        migrations.CreateModel(
            name='Facility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('ceiling_usd', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='plafond par projet (USD)')),
                ('max_months', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='durée maximale (mois)')),
            ],
            options={
                'verbose_name': 'guichet',
                'verbose_name_plural': 'guichets',
                'ordering': ['mechanism', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FacilityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(db_index=False, max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('ceiling_usd', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='plafond par projet (USD)')),
                ('max_months', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='durée maximale (mois)')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FocusArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
            ],
            options={
                'verbose_name': 'domaine d’action',
                'verbose_name_plural': 'domaines d’action',
                'ordering': ['mechanism', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FocusAreaEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(db_index=False, max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FormQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('help_fr', models.CharField(blank=True, max_length=300, verbose_name='aide en français')),
                ('help_en', models.CharField(blank=True, max_length=300, verbose_name='aide en anglais')),
                ('code', models.SlugField(max_length=30, verbose_name='code')),
                ('required', models.BooleanField(default=True, verbose_name='réponse exigée à la soumission')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
            ],
            options={
                'verbose_name': 'question du formulaire',
                'verbose_name_plural': 'questions du formulaire',
                'ordering': ['section', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FormQuestionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('help_fr', models.CharField(blank=True, max_length=300, verbose_name='aide en français')),
                ('help_en', models.CharField(blank=True, max_length=300, verbose_name='aide en anglais')),
                ('code', models.SlugField(db_index=False, max_length=30, verbose_name='code')),
                ('required', models.BooleanField(default=True, verbose_name='réponse exigée à la soumission')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FormSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
            ],
            options={
                'verbose_name': 'rubrique du formulaire',
                'verbose_name_plural': 'rubriques du formulaire',
                'ordering': ['mechanism', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FormSectionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(db_index=False, max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Marker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('help_fr', models.CharField(blank=True, max_length=300, verbose_name='aide en français')),
                ('help_en', models.CharField(blank=True, max_length=300, verbose_name='aide en anglais')),
            ],
            options={
                'verbose_name': 'marqueur',
                'verbose_name_plural': 'marqueurs',
                'ordering': ['mechanism', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MarkerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(db_index=False, max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('help_fr', models.CharField(blank=True, max_length=300, verbose_name='aide en français')),
                ('help_en', models.CharField(blank=True, max_length=300, verbose_name='aide en anglais')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MarkerLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('level', models.PositiveSmallIntegerField(verbose_name='niveau')),
            ],
            options={
                'verbose_name': 'niveau de marqueur',
                'verbose_name_plural': 'niveaux de marqueur',
                'ordering': ['marker', 'level'],
            },
        ),
        migrations.CreateModel(
            name='MarkerLevelEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('level', models.PositiveSmallIntegerField(verbose_name='niveau')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RequiredDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('step', models.CharField(choices=[('submit', 'la soumission'), ('approve', 'l’approbation'), ('sign_agreement', 'la signature du protocole'), ('complete', 'l’achèvement'), ('close', 'la clôture')], max_length=20, verbose_name='exigé avant')),
            ],
            options={
                'verbose_name': 'document exigé',
                'verbose_name_plural': 'documents exigés',
                'ordering': ['mechanism', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RequiredDocumentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name_fr', models.CharField(max_length=200, verbose_name='nom en français')),
                ('name_en', models.CharField(max_length=200, verbose_name='nom en anglais')),
                ('code', models.SlugField(db_index=False, max_length=30, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('step', models.CharField(choices=[('submit', 'la soumission'), ('approve', 'l’approbation'), ('sign_agreement', 'la signature du protocole'), ('complete', 'l’achèvement'), ('close', 'la clôture')], max_length=20, verbose_name='exigé avant')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='mechanism',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='mechanism',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='mechanism',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='mechanism',
            name='asks_more',
            field=models.BooleanField(default=False, editable=False, verbose_name='demande davantage à la proposition'),
        ),
        migrations.AddField(
            model_name='mechanism',
            name='headquarters_above_usd',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Vide : le siège de l’Organisation n’est jamais consulté.', max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='accord du siège exigé au-delà de (USD)'),
        ),
        migrations.AddField(
            model_name='mechanism',
            name='several_recipients',
            field=models.BooleanField(default=False, help_text='Le partenaire de mise en œuvre reste le chef de file.', verbose_name='plusieurs organisations bénéficiaires par projet'),
        ),
        migrations.AddField(
            model_name='mechanismevent',
            name='asks_more',
            field=models.BooleanField(default=False, editable=False, verbose_name='demande davantage à la proposition'),
        ),
        migrations.AddField(
            model_name='mechanismevent',
            name='headquarters_above_usd',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Vide : le siège de l’Organisation n’est jamais consulté.', max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='accord du siège exigé au-delà de (USD)'),
        ),
        migrations.AddField(
            model_name='mechanismevent',
            name='several_recipients',
            field=models.BooleanField(default=False, help_text='Le partenaire de mise en œuvre reste le chef de file.', verbose_name='plusieurs organisations bénéficiaires par projet'),
        ),
        migrations.AlterField(
            model_name='mechanism',
            name='code',
            field=models.CharField(max_length=8, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^[A-Z][A-Z0-9]*$', 'Des majuscules et des chiffres : il entre dans les références.')], verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='mechanism',
            name='max_months',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='durée maximale (mois)'),
        ),
        migrations.AlterField(
            model_name='mechanismevent',
            name='code',
            field=models.CharField(max_length=8, serialize=False, validators=[django.core.validators.RegexValidator('^[A-Z][A-Z0-9]*$', 'Des majuscules et des chiffres : il entre dans les références.')], verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='mechanismevent',
            name='max_months',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='durée maximale (mois)'),
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='asks_more_is_counted', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    NEW.asks_more = NEW.several_recipients OR mechanism_has_rows(NEW.code);\n                    RETURN NEW;\n                ', hash='762f8ba12481a2767a1fb01da7650be68f244350', operation='INSERT OR UPDATE OF "asks_more", "several_recipients"', pgid='pgtrigger_asks_more_is_counted_1a980', table='funds_mechanism', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_mechanismevent" ("agreement_days", "approving_body_en", "approving_body_fr", "asks_more", "ceiling_usd", "closure_days", "code", "decision_days", "delegated_usd", "final_report_days", "first_share_max", "first_share_max_new", "first_visit_days", "fiscal_year_first_month", "headquarters_above_usd", "justified_share_min", "last_after_final_report", "last_share_min", "line_shift_max", "max_months", "name_en", "name_fr", "next_tranche_counts", "pass_mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quotes_above_usd", "review_days", "screening_days", "several_recipients", "start_days", "sustainability_months") VALUES (NEW."agreement_days", NEW."approving_body_en", NEW."approving_body_fr", NEW."asks_more", NEW."ceiling_usd", NEW."closure_days", NEW."code", NEW."decision_days", NEW."delegated_usd", NEW."final_report_days", NEW."first_share_max", NEW."first_share_max_new", NEW."first_visit_days", NEW."fiscal_year_first_month", NEW."headquarters_above_usd", NEW."justified_share_min", NEW."last_after_final_report", NEW."last_share_min", NEW."line_shift_max", NEW."max_months", NEW."name_en", NEW."name_fr", NEW."next_tranche_counts", NEW."pass_mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."code", NEW."quotes_above_usd", NEW."review_days", NEW."screening_days", NEW."several_recipients", NEW."start_days", NEW."sustainability_months"); RETURN NULL;', hash='8ffb1f4f42c73a9f2c49c2b6f82dcf214034838b', operation='INSERT', pgid='pgtrigger_insert_insert_70966', table='funds_mechanism', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_mechanismevent" ("agreement_days", "approving_body_en", "approving_body_fr", "asks_more", "ceiling_usd", "closure_days", "code", "decision_days", "delegated_usd", "final_report_days", "first_share_max", "first_share_max_new", "first_visit_days", "fiscal_year_first_month", "headquarters_above_usd", "justified_share_min", "last_after_final_report", "last_share_min", "line_shift_max", "max_months", "name_en", "name_fr", "next_tranche_counts", "pass_mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quotes_above_usd", "review_days", "screening_days", "several_recipients", "start_days", "sustainability_months") VALUES (NEW."agreement_days", NEW."approving_body_en", NEW."approving_body_fr", NEW."asks_more", NEW."ceiling_usd", NEW."closure_days", NEW."code", NEW."decision_days", NEW."delegated_usd", NEW."final_report_days", NEW."first_share_max", NEW."first_share_max_new", NEW."first_visit_days", NEW."fiscal_year_first_month", NEW."headquarters_above_usd", NEW."justified_share_min", NEW."last_after_final_report", NEW."last_share_min", NEW."line_shift_max", NEW."max_months", NEW."name_en", NEW."name_fr", NEW."next_tranche_counts", NEW."pass_mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."code", NEW."quotes_above_usd", NEW."review_days", NEW."screening_days", NEW."several_recipients", NEW."start_days", NEW."sustainability_months"); RETURN NULL;', hash='0ab42deb9aeddb733cfbd3389e34e5faed219918', operation='UPDATE', pgid='pgtrigger_update_update_b1124', table='funds_mechanism', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_mechanismevent" ("agreement_days", "approving_body_en", "approving_body_fr", "asks_more", "ceiling_usd", "closure_days", "code", "decision_days", "delegated_usd", "final_report_days", "first_share_max", "first_share_max_new", "first_visit_days", "fiscal_year_first_month", "headquarters_above_usd", "justified_share_min", "last_after_final_report", "last_share_min", "line_shift_max", "max_months", "name_en", "name_fr", "next_tranche_counts", "pass_mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quotes_above_usd", "review_days", "screening_days", "several_recipients", "start_days", "sustainability_months") VALUES (OLD."agreement_days", OLD."approving_body_en", OLD."approving_body_fr", OLD."asks_more", OLD."ceiling_usd", OLD."closure_days", OLD."code", OLD."decision_days", OLD."delegated_usd", OLD."final_report_days", OLD."first_share_max", OLD."first_share_max_new", OLD."first_visit_days", OLD."fiscal_year_first_month", OLD."headquarters_above_usd", OLD."justified_share_min", OLD."last_after_final_report", OLD."last_share_min", OLD."line_shift_max", OLD."max_months", OLD."name_en", OLD."name_fr", OLD."next_tranche_counts", OLD."pass_mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."code", OLD."quotes_above_usd", OLD."review_days", OLD."screening_days", OLD."several_recipients", OLD."start_days", OLD."sustainability_months"); RETURN NULL;', hash='ff0d846f1fdc50b14808ebbc9259b5bc468e54fd', operation='DELETE', pgid='pgtrigger_delete_delete_3d435', table='funds_mechanism', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='mechanism',
            constraint=models.CheckConstraint(condition=models.Q(('max_months__isnull', True), ('max_months__range', (1, 60)), _connector='OR'), name='mechanism_months'),
        ),
        migrations.AddConstraint(
            model_name='mechanism',
            constraint=models.CheckConstraint(condition=models.Q(('headquarters_above_usd__isnull', True), ('headquarters_above_usd__gte', 0), _connector='OR'), name='mechanism_headquarters_not_negative'),
        ),
        migrations.AddField(
            model_name='facility',
            name='mechanism',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='facilityevent',
            name='mechanism',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='facilityevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funds.facility'),
        ),
        migrations.AddField(
            model_name='focusarea',
            name='mechanism',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='focusareaevent',
            name='mechanism',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='focusareaevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funds.focusarea'),
        ),
        migrations.AddField(
            model_name='formquestionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funds.formquestion'),
        ),
        migrations.AddField(
            model_name='formsection',
            name='mechanism',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='formquestionevent',
            name='section',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.formsection', verbose_name='rubrique'),
        ),
        migrations.AddField(
            model_name='formquestion',
            name='section',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='funds.formsection', verbose_name='rubrique'),
        ),
        migrations.AddField(
            model_name='formsectionevent',
            name='mechanism',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='formsectionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funds.formsection'),
        ),
        migrations.AddField(
            model_name='marker',
            name='mechanism',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='markerevent',
            name='mechanism',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='markerevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funds.marker'),
        ),
        migrations.AddField(
            model_name='markerlevel',
            name='marker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='levels', to='funds.marker', verbose_name='marqueur'),
        ),
        migrations.AddField(
            model_name='markerlevelevent',
            name='marker',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.marker', verbose_name='marqueur'),
        ),
        migrations.AddField(
            model_name='markerlevelevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funds.markerlevel'),
        ),
        migrations.AddField(
            model_name='requireddocument',
            name='mechanism',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='requireddocumentevent',
            name='mechanism',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='requireddocumentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funds.requireddocument'),
        ),
        migrations.AddConstraint(
            model_name='facility',
            constraint=models.UniqueConstraint(fields=('mechanism', 'code'), name='facility_once'),
        ),
        migrations.AddConstraint(
            model_name='facility',
            constraint=models.CheckConstraint(condition=models.Q(('ceiling_usd__isnull', True), ('ceiling_usd__gt', 0), _connector='OR'), name='facility_ceiling_positive'),
        ),
        migrations.AddConstraint(
            model_name='facility',
            constraint=models.CheckConstraint(condition=models.Q(('max_months__isnull', True), ('max_months__range', (1, 60)), _connector='OR'), name='facility_months'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='facility',
            trigger=pgtrigger.compiler.Trigger(name='mechanism_asks_more', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                PERFORM mechanism_asks(CASE WHEN TG_OP = 'DELETE' THEN OLD.mechanism_id ELSE NEW.mechanism_id END);\n                RETURN NULL;\n            ", hash='94611af97acf533292fdac7cd8343cfeb2827292', operation='INSERT OR DELETE', pgid='pgtrigger_mechanism_asks_more_89ca1', table='funds_facility', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='facility',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id"))', func="RAISE EXCEPTION 'keeps_its_mechanism: this row belongs to mechanism % for good', OLD.mechanism_id;", hash='a4f48c7acc6d2b56d57aef31e31b55259c074e35', operation='UPDATE OF "mechanism_id"', pgid='pgtrigger_keeps_its_mechanism_4c2dd', table='funds_facility', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='facility',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_facilityevent" ("ceiling_usd", "code", "id", "max_months", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."ceiling_usd", NEW."code", NEW."id", NEW."max_months", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position"); RETURN NULL;', hash='6db79035a4597e6f7642cc9f5102d5beaf9fc63a', operation='INSERT', pgid='pgtrigger_insert_insert_c510b', table='funds_facility', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='facility',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_facilityevent" ("ceiling_usd", "code", "id", "max_months", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."ceiling_usd", NEW."code", NEW."id", NEW."max_months", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;', hash='783afc0d2aeef51383f7debb79c04fca7814778b', operation='UPDATE', pgid='pgtrigger_update_update_d84c4', table='funds_facility', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='facility',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_facilityevent" ("ceiling_usd", "code", "id", "max_months", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (OLD."ceiling_usd", OLD."code", OLD."id", OLD."max_months", OLD."mechanism_id", OLD."name_en", OLD."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position"); RETURN NULL;', hash='21708d4647b04817223fb5017448edc5f23cf8ed', operation='DELETE', pgid='pgtrigger_delete_delete_43ac6', table='funds_facility', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='facilityevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='1094e953e626372088c32b32e322a28b7a1180d8', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_8c12b', table='funds_facilityevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='facilityevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='1ddcebf53bc353415095e64f257de998e04aa023', operation='INSERT', pgid='pgtrigger_seal_3f3f7', table='funds_facilityevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='focusarea',
            constraint=models.UniqueConstraint(fields=('mechanism', 'code'), name='focus_area_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='focusarea',
            trigger=pgtrigger.compiler.Trigger(name='mechanism_asks_more', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                PERFORM mechanism_asks(CASE WHEN TG_OP = 'DELETE' THEN OLD.mechanism_id ELSE NEW.mechanism_id END);\n                RETURN NULL;\n            ", hash='44310cac2e75937c3f6473ac2fcb3d5306a8f9eb', operation='INSERT OR DELETE', pgid='pgtrigger_mechanism_asks_more_6dfc5', table='funds_focusarea', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='focusarea',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id"))', func="RAISE EXCEPTION 'keeps_its_mechanism: this row belongs to mechanism % for good', OLD.mechanism_id;", hash='c0a281bdebde7096f3b0ead4da25bbba92ef2e4b', operation='UPDATE OF "mechanism_id"', pgid='pgtrigger_keeps_its_mechanism_b2874', table='funds_focusarea', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='focusarea',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_focusareaevent" ("code", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."id", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position"); RETURN NULL;', hash='799bafeef86a43d7680f8e23979a591af3cb513f', operation='INSERT', pgid='pgtrigger_insert_insert_b0416', table='funds_focusarea', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='focusarea',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_focusareaevent" ("code", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."id", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;', hash='e1bd5cdf89128a68c2725cf7f61a1fc0c82436d4', operation='UPDATE', pgid='pgtrigger_update_update_ae42d', table='funds_focusarea', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='focusarea',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_focusareaevent" ("code", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (OLD."code", OLD."id", OLD."mechanism_id", OLD."name_en", OLD."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position"); RETURN NULL;', hash='60b3e0f66ea8fafedc92789cabd3beebda18b441', operation='DELETE', pgid='pgtrigger_delete_delete_59186', table='funds_focusarea', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='focusareaevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='c9be3b17119c712469825043b4c8679eb82ee80e', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_8aafc', table='funds_focusareaevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='focusareaevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='8e8f41665feabec5921da5cb70a561ea57986d49', operation='INSERT', pgid='pgtrigger_seal_f8211', table='funds_focusareaevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='formsection',
            constraint=models.UniqueConstraint(fields=('mechanism', 'code'), name='form_section_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formsection',
            trigger=pgtrigger.compiler.Trigger(name='mechanism_asks_more', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                PERFORM mechanism_asks(CASE WHEN TG_OP = 'DELETE' THEN OLD.mechanism_id ELSE NEW.mechanism_id END);\n                RETURN NULL;\n            ", hash='fbe6267c3a15f0321ec416fcc82ef9b7a3ccfc7d', operation='INSERT OR DELETE', pgid='pgtrigger_mechanism_asks_more_66e51', table='funds_formsection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formsection',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id"))', func="RAISE EXCEPTION 'keeps_its_mechanism: this row belongs to mechanism % for good', OLD.mechanism_id;", hash='a10524495088dc31524162a35d4a6285b5b3287f', operation='UPDATE OF "mechanism_id"', pgid='pgtrigger_keeps_its_mechanism_939cc', table='funds_formsection', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formsection',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_formsectionevent" ("code", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."id", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position"); RETURN NULL;', hash='0c2ed8fc8836d9241f2f8e5dad8894054c3fa007', operation='INSERT', pgid='pgtrigger_insert_insert_f80e5', table='funds_formsection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formsection',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_formsectionevent" ("code", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."id", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;', hash='0be54a905f3980d307f484f515e6fe5d43cd52bf', operation='UPDATE', pgid='pgtrigger_update_update_a49b6', table='funds_formsection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formsection',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_formsectionevent" ("code", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (OLD."code", OLD."id", OLD."mechanism_id", OLD."name_en", OLD."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position"); RETURN NULL;', hash='bfa3c7e1a1e383197ddd93226b2996d363feb1e6', operation='DELETE', pgid='pgtrigger_delete_delete_bac89', table='funds_formsection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formquestionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='bcad6e9d8f39b103fdeb7ba36d54e9a27d21a3d7', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_71f0a', table='funds_formquestionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formquestionevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='d8309ab6beb5b2d6043921986731c1739261113a', operation='INSERT', pgid='pgtrigger_seal_d747c', table='funds_formquestionevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='formquestion',
            constraint=models.UniqueConstraint(fields=('section', 'code'), name='form_question_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formquestion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_formquestionevent" ("code", "help_en", "help_fr", "id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required", "section_id") VALUES (NEW."code", NEW."help_en", NEW."help_fr", NEW."id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."required", NEW."section_id"); RETURN NULL;', hash='080f471686122b123abef983f8445cb1eb71905b', operation='INSERT', pgid='pgtrigger_insert_insert_3a9db', table='funds_formquestion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formquestion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_formquestionevent" ("code", "help_en", "help_fr", "id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required", "section_id") VALUES (NEW."code", NEW."help_en", NEW."help_fr", NEW."id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."required", NEW."section_id"); RETURN NULL;', hash='116c03ef942f4a98e749386c02e19fdfa90c50f5', operation='UPDATE', pgid='pgtrigger_update_update_0b390', table='funds_formquestion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formquestion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_formquestionevent" ("code", "help_en", "help_fr", "id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required", "section_id") VALUES (OLD."code", OLD."help_en", OLD."help_fr", OLD."id", OLD."name_en", OLD."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position", OLD."required", OLD."section_id"); RETURN NULL;', hash='bfd9621d377e27967ba4860af6f577696a77c163', operation='DELETE', pgid='pgtrigger_delete_delete_f3a42', table='funds_formquestion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formsectionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='c0576ae9b2ef68da456e0af584d4c0d65d685478', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_4873e', table='funds_formsectionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formsectionevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='51bf3f71f80fc94fdd23b37a1c4c59809d00c07d', operation='INSERT', pgid='pgtrigger_seal_083ba', table='funds_formsectionevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='marker',
            constraint=models.UniqueConstraint(fields=('mechanism', 'code'), name='marker_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marker',
            trigger=pgtrigger.compiler.Trigger(name='mechanism_asks_more', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                PERFORM mechanism_asks(CASE WHEN TG_OP = 'DELETE' THEN OLD.mechanism_id ELSE NEW.mechanism_id END);\n                RETURN NULL;\n            ", hash='b84c3841c8309ee4740e72f757215d2416dc2571', operation='INSERT OR DELETE', pgid='pgtrigger_mechanism_asks_more_c0862', table='funds_marker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marker',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id"))', func="RAISE EXCEPTION 'keeps_its_mechanism: this row belongs to mechanism % for good', OLD.mechanism_id;", hash='a810e98e1dfacc5e69f9703278caab41502ad9e6', operation='UPDATE OF "mechanism_id"', pgid='pgtrigger_keeps_its_mechanism_f74f4', table='funds_marker', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marker',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_markerevent" ("code", "help_en", "help_fr", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."help_en", NEW."help_fr", NEW."id", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position"); RETURN NULL;', hash='c73f5a66b7c46ca399b9ddb83f7ca2bb6405ecaa', operation='INSERT', pgid='pgtrigger_insert_insert_5fef5', table='funds_marker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marker',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_markerevent" ("code", "help_en", "help_fr", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."help_en", NEW."help_fr", NEW."id", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;', hash='75f19df74fee63dd3ba2432ae76b6d12ae5d2313', operation='UPDATE', pgid='pgtrigger_update_update_c4f39', table='funds_marker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marker',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_markerevent" ("code", "help_en", "help_fr", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (OLD."code", OLD."help_en", OLD."help_fr", OLD."id", OLD."mechanism_id", OLD."name_en", OLD."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position"); RETURN NULL;', hash='f3237c06054ea26d74acaff517ccb7a7bff17411', operation='DELETE', pgid='pgtrigger_delete_delete_bfeaf', table='funds_marker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markerevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='66bbb590ac38185cebfb56d20b79cf3a5740f0a1', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_76660', table='funds_markerevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markerevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='418b53ea3e51800080934227947747f13b265bcc', operation='INSERT', pgid='pgtrigger_seal_23907', table='funds_markerevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='markerlevel',
            constraint=models.UniqueConstraint(fields=('marker', 'level'), name='marker_level_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markerlevel',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_markerlevelevent" ("id", "level", "marker_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."level", NEW."marker_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='c3c9eb7eb23ce8f23e40e274475bdd39369c4eea', operation='INSERT', pgid='pgtrigger_insert_insert_fa85e', table='funds_markerlevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markerlevel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_markerlevelevent" ("id", "level", "marker_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."level", NEW."marker_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='18d5ca0be2f587b1712df7917b6d5245d19dc22e', operation='UPDATE', pgid='pgtrigger_update_update_c1200', table='funds_markerlevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markerlevel',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_markerlevelevent" ("id", "level", "marker_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."level", OLD."marker_id", OLD."name_en", OLD."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='3ece2361323c6e07ee26dc5bcb468c8e2ef7c3e4', operation='DELETE', pgid='pgtrigger_delete_delete_b2412', table='funds_markerlevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markerlevelevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='bade78210a8eda18059a2293692e6b286c00712f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_b3fa2', table='funds_markerlevelevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markerlevelevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='97366360e86ce6e3e32b0abd92ea2e9c1a40611c', operation='INSERT', pgid='pgtrigger_seal_e84c9', table='funds_markerlevelevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='requireddocument',
            constraint=models.UniqueConstraint(fields=('mechanism', 'code'), name='required_document_once'),
        ),
        migrations.AddConstraint(
            model_name='requireddocument',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['submit', 'approve', 'sign_agreement', 'complete', 'close'])), name='required_document_step'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requireddocument',
            trigger=pgtrigger.compiler.Trigger(name='mechanism_asks_more', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                PERFORM mechanism_asks(CASE WHEN TG_OP = 'DELETE' THEN OLD.mechanism_id ELSE NEW.mechanism_id END);\n                RETURN NULL;\n            ", hash='71cc835059e9baca727501894a1b9e7da91bfe9f', operation='INSERT OR DELETE', pgid='pgtrigger_mechanism_asks_more_d79b9', table='funds_requireddocument', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requireddocument',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id"))', func="RAISE EXCEPTION 'keeps_its_mechanism: this row belongs to mechanism % for good', OLD.mechanism_id;", hash='35c74bbec1b77d266d464fa298f86f055429321f', operation='UPDATE OF "mechanism_id"', pgid='pgtrigger_keeps_its_mechanism_008e9', table='funds_requireddocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requireddocument',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_requireddocumentevent" ("code", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "step") VALUES (NEW."code", NEW."id", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."step"); RETURN NULL;', hash='b732889936ce22e914af585c1b5e57452e3a1c97', operation='INSERT', pgid='pgtrigger_insert_insert_f4f76', table='funds_requireddocument', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requireddocument',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_requireddocumentevent" ("code", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "step") VALUES (NEW."code", NEW."id", NEW."mechanism_id", NEW."name_en", NEW."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."step"); RETURN NULL;', hash='a24fa5ef7f773b8c9a4fc09b3904db46be52f2f3', operation='UPDATE', pgid='pgtrigger_update_update_433ba', table='funds_requireddocument', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requireddocument',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_requireddocumentevent" ("code", "id", "mechanism_id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "step") VALUES (OLD."code", OLD."id", OLD."mechanism_id", OLD."name_en", OLD."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position", OLD."step"); RETURN NULL;', hash='e8d4d95315f4abe4d568be2605fbec1d25f0c767', operation='DELETE', pgid='pgtrigger_delete_delete_c54c4', table='funds_requireddocument', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requireddocumentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='c58a49bbdfa1f54e7a220685b760957fda01fc85', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_95567', table='funds_requireddocumentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requireddocumentevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='1f1a1b332a2a0c14f71724fa42c7acc17aba0f9d', operation='INSERT', pgid='pgtrigger_seal_22ab5', table='funds_requireddocumentevent', when='AFTER')),
        ),
    ]
