"""What a proposal answers to the markers and questions of its mechanism."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0013_what_pbf_and_trust_fund_ask'),
        ('projects', '0021_spent_or_committed'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProjectAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=10000, verbose_name='réponse')),
            ],
            options={
                'verbose_name': 'réponse au fonds',
                'verbose_name_plural': 'réponses au fonds',
                'ordering': ['question__section__position', 'question__position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProjectAnswerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('text', models.TextField(max_length=10000, verbose_name='réponse')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProjectMarker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'marqueur du projet',
                'verbose_name_plural': 'marqueurs du projet',
                'ordering': ['marker__position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProjectMarkerEvent',
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
            model_name='project',
            name='facility_before_submission',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='facility_before_submission', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'submitted\')', func="\n            IF NEW.facility_id IS NULL AND EXISTS (SELECT 1 FROM funds_facility WHERE mechanism_id = NEW.mechanism_id) THEN\n                RAISE EXCEPTION 'facility_before_submission: project % is submitted to a facility', NEW.id;\n            END IF;\n            IF NEW.focus_area_id IS NULL\n               AND EXISTS (SELECT 1 FROM funds_focusarea WHERE mechanism_id = NEW.mechanism_id) THEN\n                RAISE EXCEPTION 'focus_before_submission: project % is submitted under a focus area', NEW.id;\n            END IF;\n            IF EXISTS (SELECT 1 FROM funds_marker m WHERE m.mechanism_id = NEW.mechanism_id AND NOT EXISTS (\n                SELECT 1 FROM projects_projectmarker a WHERE a.project_id = NEW.id AND a.marker_id = m.id)) THEN\n                RAISE EXCEPTION 'answers_before_submission: a marker of project % is not given', NEW.id;\n            END IF;\n            IF EXISTS (SELECT 1 FROM funds_formquestion q JOIN funds_formsection s ON s.id = q.section_id\n                        WHERE s.mechanism_id = NEW.mechanism_id AND q.required AND NOT EXISTS (\n                SELECT 1 FROM projects_projectanswer a\n                 WHERE a.project_id = NEW.id AND a.question_id = q.id AND a.text ~ '[^[:space:]]')) THEN\n                RAISE EXCEPTION 'answers_before_submission: a question to project % is not answered', NEW.id;\n            END IF;\n            RETURN NEW;\n        ", hash='3d5ab80f36c61c6dc5d78cfab6b906806cb9fbec', operation='UPDATE OF "state", "facility_id", "focus_area_id"', pgid='pgtrigger_facility_before_submission_1ba40', table='projects_project', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='answers_leave_with_the_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id"))', func='\n            DELETE FROM projects_projectmarker WHERE project_id = NEW.id;\n            DELETE FROM projects_projectanswer WHERE project_id = NEW.id;\n            RETURN NULL;\n        ', hash='700bdcc0caab64d474f075ac5f8dbe3a9776424b', operation='UPDATE OF "mechanism_id"', pgid='pgtrigger_answers_leave_with_the_mechanism_1d662', table='projects_project', when='AFTER')),
        ),
        migrations.AddField(
            model_name='projectanswer',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answered', to='projects.project'),
        ),
        migrations.AddField(
            model_name='projectanswer',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.formquestion', verbose_name='question'),
        ),
        migrations.AddField(
            model_name='projectanswerevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.projectanswer'),
        ),
        migrations.AddField(
            model_name='projectanswerevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project'),
        ),
        migrations.AddField(
            model_name='projectanswerevent',
            name='question',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.formquestion', verbose_name='question'),
        ),
        migrations.AddField(
            model_name='projectmarker',
            name='level',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.markerlevel', verbose_name='niveau'),
        ),
        migrations.AddField(
            model_name='projectmarker',
            name='marker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.marker', verbose_name='marqueur'),
        ),
        migrations.AddField(
            model_name='projectmarker',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marked', to='projects.project'),
        ),
        migrations.AddField(
            model_name='projectmarkerevent',
            name='level',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.markerlevel', verbose_name='niveau'),
        ),
        migrations.AddField(
            model_name='projectmarkerevent',
            name='marker',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.marker', verbose_name='marqueur'),
        ),
        migrations.AddField(
            model_name='projectmarkerevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.projectmarker'),
        ),
        migrations.AddField(
            model_name='projectmarkerevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project'),
        ),
        migrations.AddConstraint(
            model_name='projectanswer',
            constraint=models.UniqueConstraint(fields=('project', 'question'), name='project_answer_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectanswer',
            trigger=pgtrigger.compiler.Trigger(name='answer_of_its_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF EXISTS (SELECT 1 FROM projects_project p WHERE p.id = NEW.project_id AND (NOT EXISTS (SELECT 1 FROM funds_formquestion q JOIN funds_formsection s ON s.id = q.section_id WHERE q.id = NEW.question_id AND s.mechanism_id = p.mechanism_id))) THEN\n                    RAISE EXCEPTION 'answers_of_its_mechanism: this is not asked of project %', NEW.project_id;\n                END IF;\n                RETURN NEW;\n            ", hash='cc42b2cf2388ed66e67018dccba78b1c7f0db8d0', operation='INSERT OR UPDATE', pgid='pgtrigger_answer_of_its_mechanism_06499', table='projects_projectanswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectanswer',
            trigger=pgtrigger.compiler.Trigger(name='answer_fixed_once_submitted', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE current_state text;', func="\n                SELECT state INTO current_state FROM projects_project\n                 WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;\n                IF current_state NOT IN ('draft', 'returned') THEN\n                    RAISE EXCEPTION 'answers_fixed_once_submitted: what the fund was told can no longer change';\n                END IF;\n                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n            ", hash='4d13532d81d9beff64409476ae3d93f093efe362', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_answer_fixed_once_submitted_360b6', table='projects_projectanswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectanswer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_projectanswerevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "question_id", "text") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."project_id", NEW."question_id", NEW."text"); RETURN NULL;', hash='62e5ca64511fd7541492fdfbf66b860c6e97b66a', operation='INSERT', pgid='pgtrigger_insert_insert_3d211', table='projects_projectanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectanswer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "projects_projectanswerevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "question_id", "text") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."project_id", NEW."question_id", NEW."text"); RETURN NULL;', hash='883767084d477b6146a810f2df462b544bd293f9', operation='UPDATE', pgid='pgtrigger_update_update_c9e6f', table='projects_projectanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectanswer',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_projectanswerevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "question_id", "text") VALUES (OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."project_id", OLD."question_id", OLD."text"); RETURN NULL;', hash='26e41f4fc6f514113cc5ce05c6e2cd5d94f16d3c', operation='DELETE', pgid='pgtrigger_delete_delete_1d21d', table='projects_projectanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectanswerevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='e3a744d8ac0a0565c51ae2c737d0792993e35d51', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_4f1bc', table='projects_projectanswerevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectanswerevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='7189515d77975f59deab9f71e0e839b329de4fc3', operation='INSERT', pgid='pgtrigger_seal_71743', table='projects_projectanswerevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='projectmarker',
            constraint=models.UniqueConstraint(fields=('project', 'marker'), name='project_marker_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectmarker',
            trigger=pgtrigger.compiler.Trigger(name='marker_of_its_mechanism', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF EXISTS (SELECT 1 FROM projects_project p WHERE p.id = NEW.project_id AND (NOT EXISTS (SELECT 1 FROM funds_marker m JOIN funds_markerlevel l ON l.marker_id = m.id WHERE m.id = NEW.marker_id AND l.id = NEW.level_id AND m.mechanism_id = p.mechanism_id))) THEN\n                    RAISE EXCEPTION 'answers_of_its_mechanism: this is not asked of project %', NEW.project_id;\n                END IF;\n                RETURN NEW;\n            ", hash='2e65ca9db82ca830ae89adc91081ea325c0adbaa', operation='INSERT OR UPDATE', pgid='pgtrigger_marker_of_its_mechanism_1736e', table='projects_projectmarker', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectmarker',
            trigger=pgtrigger.compiler.Trigger(name='marker_fixed_once_submitted', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE current_state text;', func="\n                SELECT state INTO current_state FROM projects_project\n                 WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;\n                IF current_state NOT IN ('draft', 'returned') THEN\n                    RAISE EXCEPTION 'answers_fixed_once_submitted: what the fund was told can no longer change';\n                END IF;\n                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n            ", hash='d030914529dd2edb17a89ef461b6e651069d48c4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_marker_fixed_once_submitted_c9ee9', table='projects_projectmarker', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectmarker',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_projectmarkerevent" ("id", "level_id", "marker_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (NEW."id", NEW."level_id", NEW."marker_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."project_id"); RETURN NULL;', hash='814a3fdbba080ab7909e06bfef83bd83ce6afdfc', operation='INSERT', pgid='pgtrigger_insert_insert_b92d8', table='projects_projectmarker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectmarker',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "projects_projectmarkerevent" ("id", "level_id", "marker_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (NEW."id", NEW."level_id", NEW."marker_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."project_id"); RETURN NULL;', hash='551be53ea19b28dcad2d10d6d707cec8cb84983f', operation='UPDATE', pgid='pgtrigger_update_update_5e827', table='projects_projectmarker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectmarker',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_projectmarkerevent" ("id", "level_id", "marker_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (OLD."id", OLD."level_id", OLD."marker_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."project_id"); RETURN NULL;', hash='210f8453e5cc1b89129bbc201829063978b154f0', operation='DELETE', pgid='pgtrigger_delete_delete_d479c', table='projects_projectmarker', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectmarkerevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='d1ac8e965369a3c9e13f685a3481c00fb6c1112f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_e3f02', table='projects_projectmarkerevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectmarkerevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='ef45f8f21bb9f78493d581f711091c4e5e6ad2de', operation='INSERT', pgid='pgtrigger_seal_e8a3e', table='projects_projectmarkerevent', when='AFTER')),
        ),
    ]
