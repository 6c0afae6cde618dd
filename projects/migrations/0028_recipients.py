"""Several recipients of a project, with their shares."""

import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0022_several_recipients'),
        ('projects', '0027_imported_projects'),
    ]

    operations = [
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share', models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0.01')), django.core.validators.MaxValueValidator(Decimal('99.99'))], verbose_name='part du budget (%)')),
            ],
            options={
                'verbose_name': 'organisation bénéficiaire',
                'verbose_name_plural': 'organisations bénéficiaires',
                'ordering': ['-share', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RecipientEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('share', models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0.01')), django.core.validators.MaxValueValidator(Decimal('99.99'))], verbose_name='part du budget (%)')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AlterModelOptions(
            name='projectanswer',
            options={'ordering': ['pk'], 'verbose_name': 'réponse au fonds', 'verbose_name_plural': 'réponses au fonds'},
        ),
        migrations.AlterModelOptions(
            name='projectmarker',
            options={'ordering': ['pk'], 'verbose_name': 'marqueur du projet', 'verbose_name_plural': 'marqueurs du projet'},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='project',
            name='answers_leave_with_the_mechanism',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='recipients_hold', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n        IF (SELECT coalesce(sum(share), 0) FROM projects_recipient WHERE project_id = NEW.id) >= 100 THEN\n            RAISE EXCEPTION 'recipients_are_the_whole: the other recipients of project % leave nothing to the lead', NEW.id;\n        END IF;\n        IF EXISTS (SELECT 1 FROM projects_recipient r JOIN projects_project p ON p.id = r.project_id\n                    WHERE p.id = NEW.id AND r.organisation_id = p.partner_id) THEN\n            RAISE EXCEPTION 'recipients_are_others: the lead of project % is also among the others', NEW.id;\n        END IF;\n        RETURN NULL;\n    ", hash='fd6b2e7e5ccb8e85949866514e28b4521878341f', operation='UPDATE OF "partner_id", "state"', pgid='pgtrigger_recipients_hold_10546', table='projects_project', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='answers_leave_with_the_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id"))', func='\n            DELETE FROM projects_projectmarker WHERE project_id = NEW.id;\n            DELETE FROM projects_projectanswer WHERE project_id = NEW.id;\n            DELETE FROM projects_recipient WHERE project_id = NEW.id;\n            UPDATE projects_attachment SET asked_id = NULL WHERE project_id = NEW.id AND asked_id IS NOT NULL;\n            RETURN NULL;\n        ', hash='10436a5371f8576f8a42dcdeede7e5bc47e9e837', operation='UPDATE OF "mechanism_id"', pgid='pgtrigger_answers_leave_with_the_mechanism_1d662', table='projects_project', when='AFTER')),
        ),
        migrations.AddField(
            model_name='recipient',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recipient_of', to='funds.organisation', verbose_name='organisation'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='projects.project'),
        ),
        migrations.AddField(
            model_name='recipientevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.organisation', verbose_name='organisation'),
        ),
        migrations.AddField(
            model_name='recipientevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.recipient'),
        ),
        migrations.AddField(
            model_name='recipientevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(fields=('project', 'organisation'), name='recipient_once', violation_error_message='Cette organisation est déjà bénéficiaire.'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.CheckConstraint(condition=models.Q(('share__gt', 0), ('share__lt', 100)), name='recipient_share'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipient',
            trigger=pgtrigger.compiler.Trigger(name='recipient_of_its_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF EXISTS (SELECT 1 FROM projects_project p WHERE p.id = NEW.project_id AND (NOT (SELECT several_recipients FROM funds_mechanism WHERE code = p.mechanism_id))) THEN\n                    RAISE EXCEPTION 'answers_of_its_mechanism: this is not asked of project %', NEW.project_id;\n                END IF;\n                RETURN NEW;\n            ", hash='1c9d4aada5b8673fddfaf85747c9501ca5435ec0', operation='INSERT OR UPDATE', pgid='pgtrigger_recipient_of_its_mechanism_ffebc', table='projects_recipient', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipient',
            trigger=pgtrigger.compiler.Trigger(name='shares_fixed_once_submitted', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE current_state text;', func="\n            SELECT state INTO current_state FROM projects_project\n             WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;\n            IF current_state NOT IN ('draft', 'returned')\n               AND (TG_OP <> 'UPDATE' OR NEW.share <> OLD.share OR NEW.project_id <> OLD.project_id) THEN\n                RAISE EXCEPTION 'answers_fixed_once_submitted: the shares can no longer change';\n            END IF;\n            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n        ", hash='b549acd51028aa631fac0a5916b11d2033c79e4d', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_shares_fixed_once_submitted_7a030', table='projects_recipient', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipient',
            trigger=pgtrigger.compiler.Trigger(name='shares_hold', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n        IF (SELECT coalesce(sum(share), 0) FROM projects_recipient WHERE project_id = NEW.project_id) >= 100 THEN\n            RAISE EXCEPTION 'recipients_are_the_whole: the other recipients of project % leave nothing to the lead', NEW.project_id;\n        END IF;\n        IF EXISTS (SELECT 1 FROM projects_recipient r JOIN projects_project p ON p.id = r.project_id\n                    WHERE p.id = NEW.project_id AND r.organisation_id = p.partner_id) THEN\n            RAISE EXCEPTION 'recipients_are_others: the lead of project % is also among the others', NEW.project_id;\n        END IF;\n        RETURN NULL;\n    ", hash='8f18dbcb6a92ae786c3e6f19d51e3c643240b7af', operation='INSERT OR UPDATE', pgid='pgtrigger_shares_hold_a8ec6', table='projects_recipient', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipient',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_recipientevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "share") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."project_id", NEW."share"); RETURN NULL;', hash='6375f39bc95995b4787b7c682de012d1989cb4cf', operation='INSERT', pgid='pgtrigger_insert_insert_6a5ab', table='projects_recipient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipient',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "projects_recipientevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "share") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."project_id", NEW."share"); RETURN NULL;', hash='53a6f09e9a05b9bc73ca5ccf6b210a6ab29c6251', operation='UPDATE', pgid='pgtrigger_update_update_cfc5d', table='projects_recipient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipient',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_recipientevent" ("id", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "share") VALUES (OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."project_id", OLD."share"); RETURN NULL;', hash='083ea1343054897e8860d61f84ee4a665d9ec260', operation='DELETE', pgid='pgtrigger_delete_delete_6569c', table='projects_recipient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipientevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='78572e4238834a3394244d1ceec77085ffc7c6cb', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_3f04f', table='projects_recipientevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recipientevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='284df1e010b0cb75a7fd31754745ded115bb08f4', operation='INSERT', pgid='pgtrigger_seal_98e8d', table='projects_recipientevent', when='AFTER')),
        ),
    ]
