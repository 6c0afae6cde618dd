"""Committees of a mechanism, the word of headquarters, and the documents that a mechanism requires before a step."""

import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import sr_portal.web.clock
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0004_newer_versions'),
        ('funds', '0016_headquarters_above'),
        ('projects', '0023_partner_carries_projects'),
        ('regions', '0004_null_is_no_consent'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HeadquartersClearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=60, verbose_name='référence de l’accord')),
                ('cleared_on', models.DateField(verbose_name='date de l’accord')),
                ('amount_usd', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='montant accordé (USD)')),
                ('recorded_at', models.DateTimeField(default=sr_portal.web.clock.now, verbose_name='enregistré le')),
            ],
            options={
                'verbose_name': 'accord du siège',
                'verbose_name_plural': 'accords du siège',
                'ordering': ['cleared_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HeadquartersClearanceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=60, verbose_name='référence de l’accord')),
                ('cleared_on', models.DateField(verbose_name='date de l’accord')),
                ('amount_usd', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='montant accordé (USD)')),
                ('recorded_at', models.DateTimeField(default=sr_portal.web.clock.now, verbose_name='enregistré le')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='attachment',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='attachment',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='attachment',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='committee',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='committee',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='committee',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='project',
            name='answers_leave_with_the_mechanism',
        ),
        migrations.RemoveConstraint(
            model_name='committee',
            name='committee_one_per_place',
        ),
        migrations.AddField(
            model_name='attachment',
            name='asked',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.requireddocument', verbose_name='document exigé'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='asked',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.requireddocument', verbose_name='document exigé'),
        ),
        migrations.AddField(
            model_name='committee',
            name='mechanism',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AddField(
            model_name='committeeevent',
            name='mechanism',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.mechanism', verbose_name='mécanisme'),
        ),
        migrations.AlterField(
            model_name='committee',
            name='region',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='committees', to='regions.region', verbose_name='région'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='asked_by_its_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."asked_id" IS NOT NULL)', func="\n            IF NOT EXISTS (SELECT 1 FROM projects_project p JOIN funds_requireddocument d ON d.mechanism_id = p.mechanism_id\n                            WHERE p.id = NEW.project_id AND d.id = NEW.asked_id) THEN\n                RAISE EXCEPTION 'asked_by_its_mechanism: project % is not asked for this document', NEW.project_id;\n            END IF;\n            RETURN NEW;\n        ", hash='86afc0ff16664b8105c796190764663d21f45915', operation='INSERT OR UPDATE OF "asked_id", "project_id"', pgid='pgtrigger_asked_by_its_mechanism_97cc2', table='projects_attachment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_attachmentevent" ("asked_id", "caption", "document_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (NEW."asked_id", NEW."caption", NEW."document_id", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."project_id"); RETURN NULL;', hash='b37ec71d2f5b65c607fde265a1382ed2aa0603fc', operation='INSERT', pgid='pgtrigger_insert_insert_600b6', table='projects_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "projects_attachmentevent" ("asked_id", "caption", "document_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (NEW."asked_id", NEW."caption", NEW."document_id", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."project_id"); RETURN NULL;', hash='a5c2f3509aa131abbbbbfb79775585a0acfbe4ac', operation='UPDATE', pgid='pgtrigger_update_update_00b65', table='projects_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_attachmentevent" ("asked_id", "caption", "document_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (OLD."asked_id", OLD."caption", OLD."document_id", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."project_id"); RETURN NULL;', hash='6f8b1a6e857e9dc05e4c61728df09a51eb9a8d33', operation='DELETE', pgid='pgtrigger_delete_delete_0f390', table='projects_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='committee',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_committeeevent" ("id", "mechanism_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id") VALUES (NEW."id", NEW."mechanism_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."region_id"); RETURN NULL;', hash='dd329dac77041f2330a1f1b18353de37147f294f', operation='INSERT', pgid='pgtrigger_insert_insert_79c0a', table='projects_committee', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='committee',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "projects_committeeevent" ("id", "mechanism_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id") VALUES (NEW."id", NEW."mechanism_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."region_id"); RETURN NULL;', hash='d3c19c09656565f2b0c981db8aaa9d9ccb1105f2', operation='UPDATE', pgid='pgtrigger_update_update_947c0', table='projects_committee', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='committee',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_committeeevent" ("id", "mechanism_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id") VALUES (OLD."id", OLD."mechanism_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."region_id"); RETURN NULL;', hash='44c52645ef5d28e1501e9226c6e7f1e7f797c3b6', operation='DELETE', pgid='pgtrigger_delete_delete_53ad7', table='projects_committee', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='headquarters_cleared_first', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."approved_usd" IS NOT NULL AND NEW."approved_usd" IS DISTINCT FROM (OLD."approved_usd"))', func="\n            IF NEW.approved_usd > coalesce(OLD.approved_usd, 0)\n               AND NEW.approved_usd > (SELECT headquarters_above_usd FROM funds_mechanism WHERE code = NEW.mechanism_id)\n               AND NOT EXISTS (SELECT 1 FROM projects_headquartersclearance\n                                WHERE project_id = NEW.id AND amount_usd >= NEW.approved_usd) THEN\n                RAISE EXCEPTION 'headquarters_cleared_first: headquarters has not cleared % for project %',\n                    NEW.approved_usd, NEW.id;\n            END IF;\n            RETURN NEW;\n        ", hash='f9817696122715055c717526aa4567b6f6955927', operation='UPDATE OF "approved_usd"', pgid='pgtrigger_headquarters_cleared_first_9bcec', table='projects_project', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='documents_before_each_step', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))', declare='DECLARE lacking text;', func="\n            SELECT d.code INTO lacking FROM funds_requireddocument d\n             WHERE d.mechanism_id = NEW.mechanism_id\n               AND d.step = CASE NEW.state WHEN 'submitted' THEN 'submit' WHEN 'approved' THEN 'approve' WHEN 'agreed' THEN 'sign_agreement' WHEN 'completed' THEN 'complete' WHEN 'closed' THEN 'close' END\n               AND NOT EXISTS (SELECT 1 FROM projects_attachment a JOIN documents_document f ON f.id = a.document_id\n                                WHERE a.project_id = NEW.id AND a.asked_id = d.id AND f.withdrawn_at IS NULL)\n             LIMIT 1;\n            IF lacking IS NOT NULL THEN\n                RAISE EXCEPTION 'documents_before_each_step: project % lacks the document %', NEW.id, lacking;\n            END IF;\n            RETURN NEW;\n        ", hash='db83f80a278013246bcb92d1b85b497cc6af726e', operation='UPDATE OF "state"', pgid='pgtrigger_documents_before_each_step_f139f', table='projects_project', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='answers_leave_with_the_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id"))', func='\n            DELETE FROM projects_projectmarker WHERE project_id = NEW.id;\n            DELETE FROM projects_projectanswer WHERE project_id = NEW.id;\n            UPDATE projects_attachment SET asked_id = NULL WHERE project_id = NEW.id AND asked_id IS NOT NULL;\n            RETURN NULL;\n        ', hash='166910e1487449f2501d441da939ab518b2a798e', operation='UPDATE OF "mechanism_id"', pgid='pgtrigger_answers_leave_with_the_mechanism_1d662', table='projects_project', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='committee',
            constraint=models.UniqueConstraint(fields=('region', 'mechanism'), name='committee_one_per_place', nulls_distinct=False, violation_error_message='Un comité siège déjà à cet endroit.'),
        ),
        migrations.AddField(
            model_name='headquartersclearance',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='clearance', to='documents.document', verbose_name='lettre ou message du siège'),
        ),
        migrations.AddField(
            model_name='headquartersclearance',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clearances', to='projects.project'),
        ),
        migrations.AddField(
            model_name='headquartersclearance',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='enregistré par'),
        ),
        migrations.AddField(
            model_name='headquartersclearanceevent',
            name='document',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='documents.document', verbose_name='lettre ou message du siège'),
        ),
        migrations.AddField(
            model_name='headquartersclearanceevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.headquartersclearance'),
        ),
        migrations.AddField(
            model_name='headquartersclearanceevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project'),
        ),
        migrations.AddField(
            model_name='headquartersclearanceevent',
            name='recorded_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='enregistré par'),
        ),
        migrations.AddConstraint(
            model_name='headquartersclearance',
            constraint=models.UniqueConstraint(fields=('project', 'reference'), name='clearance_reference_once', violation_error_message='Cet accord est déjà enregistré pour ce projet.'),
        ),
        migrations.AddConstraint(
            model_name='headquartersclearance',
            constraint=models.CheckConstraint(condition=models.Q(('amount_usd__gt', 0)), name='clearance_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='headquartersclearance',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='clearance_has_reference'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headquartersclearance',
            trigger=pgtrigger.compiler.Trigger(name='cleared_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d0f1b77e42f72d7aa13c113fbda9975ee5f7d718', operation='UPDATE OR DELETE', pgid='pgtrigger_cleared_for_good_217c9', table='projects_headquartersclearance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headquartersclearance',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_headquartersclearanceevent" ("amount_usd", "cleared_on", "document_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "recorded_at", "recorded_by_id", "reference") VALUES (NEW."amount_usd", NEW."cleared_on", NEW."document_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."project_id", NEW."recorded_at", NEW."recorded_by_id", NEW."reference"); RETURN NULL;', hash='984bdcc89b69e95d6cd515c0763dd416968b183f', operation='INSERT', pgid='pgtrigger_insert_insert_b028b', table='projects_headquartersclearance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headquartersclearance',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "projects_headquartersclearanceevent" ("amount_usd", "cleared_on", "document_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "recorded_at", "recorded_by_id", "reference") VALUES (NEW."amount_usd", NEW."cleared_on", NEW."document_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."project_id", NEW."recorded_at", NEW."recorded_by_id", NEW."reference"); RETURN NULL;', hash='a3d6f00ea4894d15b03c02a66888f83bc395df6b', operation='UPDATE', pgid='pgtrigger_update_update_0a5f7', table='projects_headquartersclearance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headquartersclearance',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_headquartersclearanceevent" ("amount_usd", "cleared_on", "document_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "recorded_at", "recorded_by_id", "reference") VALUES (OLD."amount_usd", OLD."cleared_on", OLD."document_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."project_id", OLD."recorded_at", OLD."recorded_by_id", OLD."reference"); RETURN NULL;', hash='f9a309748cb3404c29602737762ab8ed27794975', operation='DELETE', pgid='pgtrigger_delete_delete_7c8db', table='projects_headquartersclearance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headquartersclearanceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='29cb69b1008cfda905c575279f9137e5dda47637', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_0b24e', table='projects_headquartersclearanceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='headquartersclearanceevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='58bdc24142a09a1108f69c51cd31f96533a781af', operation='INSERT', pgid='pgtrigger_seal_2c0bd', table='projects_headquartersclearanceevent', when='AFTER')),
        ),
    ]
