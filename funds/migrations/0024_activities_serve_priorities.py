
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0023_contributions'),
        ('regions', '0005_plans_and_studies'),
    ]

    operations = [
        migrations.CreateModel(
            name='StudyInstitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'institution partenaire de l’étude',
                'verbose_name_plural': 'institutions partenaires de l’étude',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='StudyInstitutionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='partneractivity',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='partneractivity',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='partneractivity',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='partneractivity',
            name='own_fund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.mechanism', verbose_name='financée par l’un de nos fonds'),
        ),
        migrations.AddField(
            model_name='partneractivity',
            name='priority',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='regions.priority', verbose_name='priorité du plan régional'),
        ),
        migrations.AddField(
            model_name='partneractivityevent',
            name='own_fund',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.mechanism', verbose_name='financée par l’un de nos fonds'),
        ),
        migrations.AddField(
            model_name='partneractivityevent',
            name='priority',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.priority', verbose_name='priorité du plan régional'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partneractivity',
            trigger=pgtrigger.compiler.Trigger(name='serves_its_region', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."priority_id" IS NOT NULL)', func="\n            IF TG_OP = 'UPDATE' AND NEW.priority_id IS NOT DISTINCT FROM OLD.priority_id THEN\n                IF NEW.region_id IS DISTINCT FROM OLD.region_id THEN\n                    NEW.priority_id = NULL;\n                END IF;\n                RETURN NEW;\n            END IF;\n            IF NOT EXISTS (SELECT 1 FROM regions_priority p JOIN regions_plan l ON l.id = p.plan_id\n                            WHERE p.id = NEW.priority_id AND l.region_id = NEW.region_id AND l.status = 'validated') THEN\n                RAISE EXCEPTION 'priority_in_force: activity % serves no priority in force in its region', NEW.id;\n            END IF;\n            RETURN NEW;\n        ", hash='afcb679577f19d186bc41bcf2cd4727c5cb42040', operation='INSERT OR UPDATE OF "priority_id", "region_id"', pgid='pgtrigger_serves_its_region_5aca5', table='funds_partneractivity', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partneractivity',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_partneractivityevent" ("amount", "amount_usd", "beneficiaries", "cercle_id", "created_at", "created_by_id", "currency", "data_import_id", "description", "ends_on", "external_id", "funder", "id", "implementer", "import_row", "latitude", "locality", "longitude", "organisation_id", "own_fund_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "region_id", "sector_id", "source", "starts_on", "status", "title", "updated_at") VALUES (NEW."amount", NEW."amount_usd", NEW."beneficiaries", NEW."cercle_id", NEW."created_at", NEW."created_by_id", NEW."currency", NEW."data_import_id", NEW."description", NEW."ends_on", NEW."external_id", NEW."funder", NEW."id", NEW."implementer", NEW."import_row", NEW."latitude", NEW."locality", NEW."longitude", NEW."organisation_id", NEW."own_fund_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."priority_id", NEW."region_id", NEW."sector_id", NEW."source", NEW."starts_on", NEW."status", NEW."title", NEW."updated_at"); RETURN NULL;', hash='b909eb88902431ee698fab0babc75601e4562a27', operation='INSERT', pgid='pgtrigger_insert_insert_45d5e', table='funds_partneractivity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partneractivity',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_partneractivityevent" ("amount", "amount_usd", "beneficiaries", "cercle_id", "created_at", "created_by_id", "currency", "data_import_id", "description", "ends_on", "external_id", "funder", "id", "implementer", "import_row", "latitude", "locality", "longitude", "organisation_id", "own_fund_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "region_id", "sector_id", "source", "starts_on", "status", "title", "updated_at") VALUES (NEW."amount", NEW."amount_usd", NEW."beneficiaries", NEW."cercle_id", NEW."created_at", NEW."created_by_id", NEW."currency", NEW."data_import_id", NEW."description", NEW."ends_on", NEW."external_id", NEW."funder", NEW."id", NEW."implementer", NEW."import_row", NEW."latitude", NEW."locality", NEW."longitude", NEW."organisation_id", NEW."own_fund_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."priority_id", NEW."region_id", NEW."sector_id", NEW."source", NEW."starts_on", NEW."status", NEW."title", NEW."updated_at"); RETURN NULL;', hash='727463fb7ab4a8e9118424b9f3d7a06850ac9f91', operation='UPDATE', pgid='pgtrigger_update_update_cdeea', table='funds_partneractivity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partneractivity',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_partneractivityevent" ("amount", "amount_usd", "beneficiaries", "cercle_id", "created_at", "created_by_id", "currency", "data_import_id", "description", "ends_on", "external_id", "funder", "id", "implementer", "import_row", "latitude", "locality", "longitude", "organisation_id", "own_fund_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "region_id", "sector_id", "source", "starts_on", "status", "title", "updated_at") VALUES (OLD."amount", OLD."amount_usd", OLD."beneficiaries", OLD."cercle_id", OLD."created_at", OLD."created_by_id", OLD."currency", OLD."data_import_id", OLD."description", OLD."ends_on", OLD."external_id", OLD."funder", OLD."id", OLD."implementer", OLD."import_row", OLD."latitude", OLD."locality", OLD."longitude", OLD."organisation_id", OLD."own_fund_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."priority_id", OLD."region_id", OLD."sector_id", OLD."source", OLD."starts_on", OLD."status", OLD."title", OLD."updated_at"); RETURN NULL;', hash='9859c5cbf01658c779b0e83b4aebc4a07a441f2c', operation='DELETE', pgid='pgtrigger_delete_delete_2548d', table='funds_partneractivity', when='AFTER')),
        ),
        migrations.AddField(
            model_name='studyinstitution',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='studies', to='funds.organisation', verbose_name='institution partenaire'),
        ),
        migrations.AddField(
            model_name='studyinstitution',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='institutions', to='regions.study'),
        ),
        migrations.AddField(
            model_name='studyinstitutionevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.organisation', verbose_name='institution partenaire'),
        ),
        migrations.AddField(
            model_name='studyinstitutionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='funds.studyinstitution'),
        ),
        migrations.AddField(
            model_name='studyinstitutionevent',
            name='study',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.study'),
        ),
        migrations.AddConstraint(
            model_name='studyinstitution',
            constraint=models.UniqueConstraint(fields=('study', 'organisation'), name='study_institution_once', violation_error_message='Cette institution est déjà celle de l’étude.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyinstitution',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_studyinstitutionevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."study_id"); RETURN NULL;', hash='0493d0fdebffa5cbeacf1dd4249076f0dc4387d6', operation='INSERT', pgid='pgtrigger_insert_insert_61e56', table='funds_studyinstitution', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyinstitution',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_studyinstitutionevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."study_id"); RETURN NULL;', hash='2fc91b70430c09c6d761ef818e45313133932005', operation='UPDATE', pgid='pgtrigger_update_update_7d639', table='funds_studyinstitution', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyinstitution',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_studyinstitutionevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id") VALUES (OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."study_id"); RETURN NULL;', hash='c715380377de4d48c3baa5118be70c449dd5a692', operation='DELETE', pgid='pgtrigger_delete_delete_5fd4d', table='funds_studyinstitution', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyinstitutionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='990ce48e73bab275d6ec3caab30a5da3b222f4af', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_81eae', table='funds_studyinstitutionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyinstitutionevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='10621ceddc5226beef9a5e0624188fee5a12dc17', operation='INSERT', pgid='pgtrigger_seal_fbb3a', table='funds_studyinstitutionevent', when='AFTER')),
        ),
    ]
