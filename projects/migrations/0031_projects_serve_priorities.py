
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0030_trust_fund_and_pbf_by_contributions'),
        ('regions', '0005_plans_and_studies'),
    ]

    operations = [
        migrations.CreateModel(
            name='FindingProject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'constat d’étude lié au projet',
                'verbose_name_plural': 'constats d’études liés au projet',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='FindingProjectEvent',
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
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='project',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='project',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='project',
            name='priority',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='regions.priority', verbose_name='priorité du plan régional'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='priority',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.priority', verbose_name='priorité du plan régional'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='serves_its_region', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."priority_id" IS NOT NULL)', func="\n            IF TG_OP = 'UPDATE' AND NEW.priority_id IS NOT DISTINCT FROM OLD.priority_id THEN\n                IF NEW.region_id IS DISTINCT FROM OLD.region_id THEN\n                    NEW.priority_id = NULL;\n                END IF;\n                RETURN NEW;\n            END IF;\n            IF NOT EXISTS (SELECT 1 FROM regions_priority p JOIN regions_plan l ON l.id = p.plan_id\n                            WHERE p.id = NEW.priority_id AND l.region_id = NEW.region_id AND l.status = 'validated') THEN\n                RAISE EXCEPTION 'priority_in_force: project % serves no priority in force in its region', NEW.id;\n            END IF;\n            RETURN NEW;\n        ", hash='68eae0558554d7c7385641bb1bbe2dd7887c6c34', operation='INSERT OR UPDATE OF "priority_id", "region_id"', pgid='pgtrigger_serves_its_region_084dc', table='projects_project', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_projectevent" ("amended_usd", "approved_usd", "author_id", "budget_usd", "cercle_id", "community_usd", "confidence", "coordination", "created_at", "direct_boys", "direct_girls", "direct_men", "direct_women", "disabled", "displaced", "do_no_harm", "due_diligence", "duration_months", "envelope_id", "environment", "facility_id", "focus_area_id", "gender", "id", "indirect_boys", "indirect_girls", "indirect_men", "indirect_women", "justified_usd", "land", "latitude", "locality", "longitude", "maintained_by", "mechanism_id", "need", "need_expressed_by", "objective", "paid_usd", "partner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "recommended_usd", "reference", "refunded_usd", "region_id", "reserved_usd", "sector_id", "security_forces", "sponsor", "starts_on", "state", "state_since", "submitted_at", "sustainability", "title", "updated_at", "visibility", "visibility_risk", "works") VALUES (NEW."amended_usd", NEW."approved_usd", NEW."author_id", NEW."budget_usd", NEW."cercle_id", NEW."community_usd", NEW."confidence", NEW."coordination", NEW."created_at", NEW."direct_boys", NEW."direct_girls", NEW."direct_men", NEW."direct_women", NEW."disabled", NEW."displaced", NEW."do_no_harm", NEW."due_diligence", NEW."duration_months", NEW."envelope_id", NEW."environment", NEW."facility_id", NEW."focus_area_id", NEW."gender", NEW."id", NEW."indirect_boys", NEW."indirect_girls", NEW."indirect_men", NEW."indirect_women", NEW."justified_usd", NEW."land", NEW."latitude", NEW."locality", NEW."longitude", NEW."maintained_by", NEW."mechanism_id", NEW."need", NEW."need_expressed_by", NEW."objective", NEW."paid_usd", NEW."partner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."priority_id", NEW."recommended_usd", NEW."reference", NEW."refunded_usd", NEW."region_id", NEW."reserved_usd", NEW."sector_id", NEW."security_forces", NEW."sponsor", NEW."starts_on", NEW."state", NEW."state_since", NEW."submitted_at", NEW."sustainability", NEW."title", NEW."updated_at", NEW."visibility", NEW."visibility_risk", NEW."works"); RETURN NULL;', hash='73ec522a27e5a458591e5731203863df2a014abe', operation='INSERT', pgid='pgtrigger_insert_insert_2e147', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amended_usd" IS DISTINCT FROM (NEW."amended_usd") OR OLD."approved_usd" IS DISTINCT FROM (NEW."approved_usd") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."budget_usd" IS DISTINCT FROM (NEW."budget_usd") OR OLD."cercle_id" IS DISTINCT FROM (NEW."cercle_id") OR OLD."community_usd" IS DISTINCT FROM (NEW."community_usd") OR OLD."confidence" IS DISTINCT FROM (NEW."confidence") OR OLD."coordination" IS DISTINCT FROM (NEW."coordination") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."direct_boys" IS DISTINCT FROM (NEW."direct_boys") OR OLD."direct_girls" IS DISTINCT FROM (NEW."direct_girls") OR OLD."direct_men" IS DISTINCT FROM (NEW."direct_men") OR OLD."direct_total" IS DISTINCT FROM (NEW."direct_total") OR OLD."direct_women" IS DISTINCT FROM (NEW."direct_women") OR OLD."disabled" IS DISTINCT FROM (NEW."disabled") OR OLD."displaced" IS DISTINCT FROM (NEW."displaced") OR OLD."do_no_harm" IS DISTINCT FROM (NEW."do_no_harm") OR OLD."due_diligence" IS DISTINCT FROM (NEW."due_diligence") OR OLD."duration_months" IS DISTINCT FROM (NEW."duration_months") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."envelope_id" IS DISTINCT FROM (NEW."envelope_id") OR OLD."environment" IS DISTINCT FROM (NEW."environment") OR OLD."facility_id" IS DISTINCT FROM (NEW."facility_id") OR OLD."focus_area_id" IS DISTINCT FROM (NEW."focus_area_id") OR OLD."gender" IS DISTINCT FROM (NEW."gender") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."indirect_boys" IS DISTINCT FROM (NEW."indirect_boys") OR OLD."indirect_girls" IS DISTINCT FROM (NEW."indirect_girls") OR OLD."indirect_men" IS DISTINCT FROM (NEW."indirect_men") OR OLD."indirect_total" IS DISTINCT FROM (NEW."indirect_total") OR OLD."indirect_women" IS DISTINCT FROM (NEW."indirect_women") OR OLD."justified_usd" IS DISTINCT FROM (NEW."justified_usd") OR OLD."land" IS DISTINCT FROM (NEW."land") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."locality" IS DISTINCT FROM (NEW."locality") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."maintained_by" IS DISTINCT FROM (NEW."maintained_by") OR OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id") OR OLD."need" IS DISTINCT FROM (NEW."need") OR OLD."need_expressed_by" IS DISTINCT FROM (NEW."need_expressed_by") OR OLD."objective" IS DISTINCT FROM (NEW."objective") OR OLD."obligated_usd" IS DISTINCT FROM (NEW."obligated_usd") OR OLD."paid_usd" IS DISTINCT FROM (NEW."paid_usd") OR OLD."partner_id" IS DISTINCT FROM (NEW."partner_id") OR OLD."priority_id" IS DISTINCT FROM (NEW."priority_id") OR OLD."recommended_usd" IS DISTINCT FROM (NEW."recommended_usd") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."refunded_usd" IS DISTINCT FROM (NEW."refunded_usd") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."reserved_usd" IS DISTINCT FROM (NEW."reserved_usd") OR OLD."sector_id" IS DISTINCT FROM (NEW."sector_id") OR OLD."security_forces" IS DISTINCT FROM (NEW."security_forces") OR OLD."sponsor" IS DISTINCT FROM (NEW."sponsor") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."state_since" IS DISTINCT FROM (NEW."state_since") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."sustainability" IS DISTINCT FROM (NEW."sustainability") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."visibility" IS DISTINCT FROM (NEW."visibility") OR OLD."visibility_risk" IS DISTINCT FROM (NEW."visibility_risk") OR OLD."works" IS DISTINCT FROM (NEW."works"))', func='INSERT INTO "projects_projectevent" ("amended_usd", "approved_usd", "author_id", "budget_usd", "cercle_id", "community_usd", "confidence", "coordination", "created_at", "direct_boys", "direct_girls", "direct_men", "direct_women", "disabled", "displaced", "do_no_harm", "due_diligence", "duration_months", "envelope_id", "environment", "facility_id", "focus_area_id", "gender", "id", "indirect_boys", "indirect_girls", "indirect_men", "indirect_women", "justified_usd", "land", "latitude", "locality", "longitude", "maintained_by", "mechanism_id", "need", "need_expressed_by", "objective", "paid_usd", "partner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "recommended_usd", "reference", "refunded_usd", "region_id", "reserved_usd", "sector_id", "security_forces", "sponsor", "starts_on", "state", "state_since", "submitted_at", "sustainability", "title", "updated_at", "visibility", "visibility_risk", "works") VALUES (NEW."amended_usd", NEW."approved_usd", NEW."author_id", NEW."budget_usd", NEW."cercle_id", NEW."community_usd", NEW."confidence", NEW."coordination", NEW."created_at", NEW."direct_boys", NEW."direct_girls", NEW."direct_men", NEW."direct_women", NEW."disabled", NEW."displaced", NEW."do_no_harm", NEW."due_diligence", NEW."duration_months", NEW."envelope_id", NEW."environment", NEW."facility_id", NEW."focus_area_id", NEW."gender", NEW."id", NEW."indirect_boys", NEW."indirect_girls", NEW."indirect_men", NEW."indirect_women", NEW."justified_usd", NEW."land", NEW."latitude", NEW."locality", NEW."longitude", NEW."maintained_by", NEW."mechanism_id", NEW."need", NEW."need_expressed_by", NEW."objective", NEW."paid_usd", NEW."partner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."priority_id", NEW."recommended_usd", NEW."reference", NEW."refunded_usd", NEW."region_id", NEW."reserved_usd", NEW."sector_id", NEW."security_forces", NEW."sponsor", NEW."starts_on", NEW."state", NEW."state_since", NEW."submitted_at", NEW."sustainability", NEW."title", NEW."updated_at", NEW."visibility", NEW."visibility_risk", NEW."works"); RETURN NULL;', hash='467f50c2eed102929edc083bb6d623c461398213', operation='UPDATE', pgid='pgtrigger_update_update_804c3', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_projectevent" ("amended_usd", "approved_usd", "author_id", "budget_usd", "cercle_id", "community_usd", "confidence", "coordination", "created_at", "direct_boys", "direct_girls", "direct_men", "direct_women", "disabled", "displaced", "do_no_harm", "due_diligence", "duration_months", "envelope_id", "environment", "facility_id", "focus_area_id", "gender", "id", "indirect_boys", "indirect_girls", "indirect_men", "indirect_women", "justified_usd", "land", "latitude", "locality", "longitude", "maintained_by", "mechanism_id", "need", "need_expressed_by", "objective", "paid_usd", "partner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "recommended_usd", "reference", "refunded_usd", "region_id", "reserved_usd", "sector_id", "security_forces", "sponsor", "starts_on", "state", "state_since", "submitted_at", "sustainability", "title", "updated_at", "visibility", "visibility_risk", "works") VALUES (OLD."amended_usd", OLD."approved_usd", OLD."author_id", OLD."budget_usd", OLD."cercle_id", OLD."community_usd", OLD."confidence", OLD."coordination", OLD."created_at", OLD."direct_boys", OLD."direct_girls", OLD."direct_men", OLD."direct_women", OLD."disabled", OLD."displaced", OLD."do_no_harm", OLD."due_diligence", OLD."duration_months", OLD."envelope_id", OLD."environment", OLD."facility_id", OLD."focus_area_id", OLD."gender", OLD."id", OLD."indirect_boys", OLD."indirect_girls", OLD."indirect_men", OLD."indirect_women", OLD."justified_usd", OLD."land", OLD."latitude", OLD."locality", OLD."longitude", OLD."maintained_by", OLD."mechanism_id", OLD."need", OLD."need_expressed_by", OLD."objective", OLD."paid_usd", OLD."partner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."priority_id", OLD."recommended_usd", OLD."reference", OLD."refunded_usd", OLD."region_id", OLD."reserved_usd", OLD."sector_id", OLD."security_forces", OLD."sponsor", OLD."starts_on", OLD."state", OLD."state_since", OLD."submitted_at", OLD."sustainability", OLD."title", OLD."updated_at", OLD."visibility", OLD."visibility_risk", OLD."works"); RETURN NULL;', hash='00e2b8a60f9360e88322fde6c2a817bb5ecdda54', operation='DELETE', pgid='pgtrigger_delete_delete_2192f', table='projects_project', when='AFTER')),
        ),
        migrations.AddField(
            model_name='findingproject',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='project_bearings', to='regions.keyfinding'),
        ),
        migrations.AddField(
            model_name='findingproject',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='finding_bearings', to='projects.project', verbose_name='projet'),
        ),
        migrations.AddField(
            model_name='findingprojectevent',
            name='finding',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.keyfinding'),
        ),
        migrations.AddField(
            model_name='findingprojectevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.findingproject'),
        ),
        migrations.AddField(
            model_name='findingprojectevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project', verbose_name='projet'),
        ),
        migrations.AddConstraint(
            model_name='findingproject',
            constraint=models.UniqueConstraint(fields=('finding', 'project'), name='finding_project_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingproject',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_findingprojectevent" ("finding_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (NEW."finding_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."project_id"); RETURN NULL;', hash='55949381944e2fa3e1422ec4b3a34583faf1c76e', operation='INSERT', pgid='pgtrigger_insert_insert_b8189', table='projects_findingproject', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingproject',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "projects_findingprojectevent" ("finding_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (NEW."finding_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."project_id"); RETURN NULL;', hash='08b2bbc62b9016c2638bdfbb18ac4ab1c940780e', operation='UPDATE', pgid='pgtrigger_update_update_238af', table='projects_findingproject', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingproject',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_findingprojectevent" ("finding_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id") VALUES (OLD."finding_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."project_id"); RETURN NULL;', hash='7d5495338d7875e105df2d8fbfa9feabdc681209', operation='DELETE', pgid='pgtrigger_delete_delete_1f55e', table='projects_findingproject', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingprojectevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='61e1fee3f9a20ee9fe45354e9c11e752f16709c0', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_cc125', table='projects_findingprojectevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingprojectevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='af64d0c02440d3558e7638cdb7600a2ede7de9eb', operation='INSERT', pgid='pgtrigger_seal_2bec6', table='projects_findingprojectevent', when='AFTER')),
        ),
    ]
