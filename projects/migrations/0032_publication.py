"""What of a project is public: the columns of publication, and the files cleared for it."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import sr_portal.web.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('web', '0003_reporting_organisation'),
        ('documents', '0004_newer_versions'),
        ('funds', '0024_activities_serve_priorities'),
        ('projects', '0031_projects_serve_priorities'),
        ('regions', '0005_plans_and_studies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='titre publié')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'Anglais')], default='fr', max_length=2, verbose_name='langue')),
                ('consent', models.BooleanField(verbose_name='accord des personnes reconnaissables vérifié')),
                ('cleared_at', models.DateTimeField(default=sr_portal.web.clock.now, verbose_name='publié le')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='dépublié le')),
                ('withdrawal_reason', models.CharField(blank=True, max_length=250, verbose_name='motif de la dépublication')),
            ],
            options={
                'verbose_name': 'fichier publié',
                'verbose_name_plural': 'fichiers publiés',
                'ordering': ['cleared_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PublishedFileEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(max_length=200, verbose_name='titre publié')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'Anglais')], default='fr', max_length=2, verbose_name='langue')),
                ('consent', models.BooleanField(verbose_name='accord des personnes reconnaissables vérifié')),
                ('cleared_at', models.DateTimeField(default=sr_portal.web.clock.now, verbose_name='publié le')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='dépublié le')),
                ('withdrawal_reason', models.CharField(blank=True, max_length=250, verbose_name='motif de la dépublication')),
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
            name='disclosed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publication décidée le'),
        ),
        migrations.AddField(
            model_name='project',
            name='disclosed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='publication décidée par'),
        ),
        migrations.AddField(
            model_name='project',
            name='disclosure',
            field=models.CharField(choices=[('full', 'Tout ce qui se publie, lieu exact compris'), ('cercle', 'Sans le lieu : le cercle seulement, et aucun texte libre'), ('hidden', 'Rien de plus que son identifiant et son état')], default='full', editable=False, max_length=8, verbose_name='publication'),
        ),
        migrations.AddField(
            model_name='project',
            name='disclosure_reason',
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name='motif de la publication restreinte'),
        ),
        migrations.AddField(
            model_name='project',
            name='iati_identifier',
            field=models.CharField(blank=True, editable=False, max_length=120, null=True, unique=True, verbose_name='identifiant IATI'),
        ),
        migrations.AddField(
            model_name='project',
            name='public_title',
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name='intitulé publié'),
        ),
        migrations.AddField(
            model_name='project',
            name='published_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='publié le'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='disclosed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publication décidée le'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='disclosed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='publication décidée par'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='disclosure',
            field=models.CharField(choices=[('full', 'Tout ce qui se publie, lieu exact compris'), ('cercle', 'Sans le lieu : le cercle seulement, et aucun texte libre'), ('hidden', 'Rien de plus que son identifiant et son état')], default='full', editable=False, max_length=8, verbose_name='publication'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='disclosure_reason',
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name='motif de la publication restreinte'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='iati_identifier',
            field=models.CharField(blank=True, editable=False, max_length=120, null=True, verbose_name='identifiant IATI'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='public_title',
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name='intitulé publié'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='published_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='publié le'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(condition=models.Q(('published_on__isnull', False)), fields=['updated_at', 'id'], name='project_published'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_projectevent" ("amended_usd", "approved_usd", "author_id", "budget_usd", "cercle_id", "community_usd", "confidence", "coordination", "created_at", "direct_boys", "direct_girls", "direct_men", "direct_women", "disabled", "disclosed_at", "disclosed_by_id", "disclosure", "disclosure_reason", "displaced", "do_no_harm", "due_diligence", "duration_months", "envelope_id", "environment", "facility_id", "focus_area_id", "gender", "iati_identifier", "id", "indirect_boys", "indirect_girls", "indirect_men", "indirect_women", "justified_usd", "land", "latitude", "locality", "longitude", "maintained_by", "mechanism_id", "need", "need_expressed_by", "objective", "paid_usd", "partner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "public_title", "published_on", "recommended_usd", "reference", "refunded_usd", "region_id", "reserved_usd", "sector_id", "security_forces", "sponsor", "starts_on", "state", "state_since", "submitted_at", "sustainability", "title", "updated_at", "visibility", "visibility_risk", "works") VALUES (NEW."amended_usd", NEW."approved_usd", NEW."author_id", NEW."budget_usd", NEW."cercle_id", NEW."community_usd", NEW."confidence", NEW."coordination", NEW."created_at", NEW."direct_boys", NEW."direct_girls", NEW."direct_men", NEW."direct_women", NEW."disabled", NEW."disclosed_at", NEW."disclosed_by_id", NEW."disclosure", NEW."disclosure_reason", NEW."displaced", NEW."do_no_harm", NEW."due_diligence", NEW."duration_months", NEW."envelope_id", NEW."environment", NEW."facility_id", NEW."focus_area_id", NEW."gender", NEW."iati_identifier", NEW."id", NEW."indirect_boys", NEW."indirect_girls", NEW."indirect_men", NEW."indirect_women", NEW."justified_usd", NEW."land", NEW."latitude", NEW."locality", NEW."longitude", NEW."maintained_by", NEW."mechanism_id", NEW."need", NEW."need_expressed_by", NEW."objective", NEW."paid_usd", NEW."partner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."priority_id", NEW."public_title", NEW."published_on", NEW."recommended_usd", NEW."reference", NEW."refunded_usd", NEW."region_id", NEW."reserved_usd", NEW."sector_id", NEW."security_forces", NEW."sponsor", NEW."starts_on", NEW."state", NEW."state_since", NEW."submitted_at", NEW."sustainability", NEW."title", NEW."updated_at", NEW."visibility", NEW."visibility_risk", NEW."works"); RETURN NULL;', hash='234316ca78978a820b9dfe8ccadd65d97543c7de', operation='INSERT', pgid='pgtrigger_insert_insert_2e147', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amended_usd" IS DISTINCT FROM (NEW."amended_usd") OR OLD."approved_usd" IS DISTINCT FROM (NEW."approved_usd") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."budget_usd" IS DISTINCT FROM (NEW."budget_usd") OR OLD."cercle_id" IS DISTINCT FROM (NEW."cercle_id") OR OLD."community_usd" IS DISTINCT FROM (NEW."community_usd") OR OLD."confidence" IS DISTINCT FROM (NEW."confidence") OR OLD."coordination" IS DISTINCT FROM (NEW."coordination") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."direct_boys" IS DISTINCT FROM (NEW."direct_boys") OR OLD."direct_girls" IS DISTINCT FROM (NEW."direct_girls") OR OLD."direct_men" IS DISTINCT FROM (NEW."direct_men") OR OLD."direct_total" IS DISTINCT FROM (NEW."direct_total") OR OLD."direct_women" IS DISTINCT FROM (NEW."direct_women") OR OLD."disabled" IS DISTINCT FROM (NEW."disabled") OR OLD."disclosed_at" IS DISTINCT FROM (NEW."disclosed_at") OR OLD."disclosed_by_id" IS DISTINCT FROM (NEW."disclosed_by_id") OR OLD."disclosure" IS DISTINCT FROM (NEW."disclosure") OR OLD."disclosure_reason" IS DISTINCT FROM (NEW."disclosure_reason") OR OLD."displaced" IS DISTINCT FROM (NEW."displaced") OR OLD."do_no_harm" IS DISTINCT FROM (NEW."do_no_harm") OR OLD."due_diligence" IS DISTINCT FROM (NEW."due_diligence") OR OLD."duration_months" IS DISTINCT FROM (NEW."duration_months") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."envelope_id" IS DISTINCT FROM (NEW."envelope_id") OR OLD."environment" IS DISTINCT FROM (NEW."environment") OR OLD."facility_id" IS DISTINCT FROM (NEW."facility_id") OR OLD."focus_area_id" IS DISTINCT FROM (NEW."focus_area_id") OR OLD."gender" IS DISTINCT FROM (NEW."gender") OR OLD."iati_identifier" IS DISTINCT FROM (NEW."iati_identifier") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."indirect_boys" IS DISTINCT FROM (NEW."indirect_boys") OR OLD."indirect_girls" IS DISTINCT FROM (NEW."indirect_girls") OR OLD."indirect_men" IS DISTINCT FROM (NEW."indirect_men") OR OLD."indirect_total" IS DISTINCT FROM (NEW."indirect_total") OR OLD."indirect_women" IS DISTINCT FROM (NEW."indirect_women") OR OLD."justified_usd" IS DISTINCT FROM (NEW."justified_usd") OR OLD."land" IS DISTINCT FROM (NEW."land") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."locality" IS DISTINCT FROM (NEW."locality") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."maintained_by" IS DISTINCT FROM (NEW."maintained_by") OR OLD."mechanism_id" IS DISTINCT FROM (NEW."mechanism_id") OR OLD."need" IS DISTINCT FROM (NEW."need") OR OLD."need_expressed_by" IS DISTINCT FROM (NEW."need_expressed_by") OR OLD."objective" IS DISTINCT FROM (NEW."objective") OR OLD."obligated_usd" IS DISTINCT FROM (NEW."obligated_usd") OR OLD."paid_usd" IS DISTINCT FROM (NEW."paid_usd") OR OLD."partner_id" IS DISTINCT FROM (NEW."partner_id") OR OLD."priority_id" IS DISTINCT FROM (NEW."priority_id") OR OLD."public_title" IS DISTINCT FROM (NEW."public_title") OR OLD."published_on" IS DISTINCT FROM (NEW."published_on") OR OLD."recommended_usd" IS DISTINCT FROM (NEW."recommended_usd") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."refunded_usd" IS DISTINCT FROM (NEW."refunded_usd") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."reserved_usd" IS DISTINCT FROM (NEW."reserved_usd") OR OLD."sector_id" IS DISTINCT FROM (NEW."sector_id") OR OLD."security_forces" IS DISTINCT FROM (NEW."security_forces") OR OLD."sponsor" IS DISTINCT FROM (NEW."sponsor") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."state_since" IS DISTINCT FROM (NEW."state_since") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."sustainability" IS DISTINCT FROM (NEW."sustainability") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."visibility" IS DISTINCT FROM (NEW."visibility") OR OLD."visibility_risk" IS DISTINCT FROM (NEW."visibility_risk") OR OLD."works" IS DISTINCT FROM (NEW."works"))', func='INSERT INTO "projects_projectevent" ("amended_usd", "approved_usd", "author_id", "budget_usd", "cercle_id", "community_usd", "confidence", "coordination", "created_at", "direct_boys", "direct_girls", "direct_men", "direct_women", "disabled", "disclosed_at", "disclosed_by_id", "disclosure", "disclosure_reason", "displaced", "do_no_harm", "due_diligence", "duration_months", "envelope_id", "environment", "facility_id", "focus_area_id", "gender", "iati_identifier", "id", "indirect_boys", "indirect_girls", "indirect_men", "indirect_women", "justified_usd", "land", "latitude", "locality", "longitude", "maintained_by", "mechanism_id", "need", "need_expressed_by", "objective", "paid_usd", "partner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "public_title", "published_on", "recommended_usd", "reference", "refunded_usd", "region_id", "reserved_usd", "sector_id", "security_forces", "sponsor", "starts_on", "state", "state_since", "submitted_at", "sustainability", "title", "updated_at", "visibility", "visibility_risk", "works") VALUES (NEW."amended_usd", NEW."approved_usd", NEW."author_id", NEW."budget_usd", NEW."cercle_id", NEW."community_usd", NEW."confidence", NEW."coordination", NEW."created_at", NEW."direct_boys", NEW."direct_girls", NEW."direct_men", NEW."direct_women", NEW."disabled", NEW."disclosed_at", NEW."disclosed_by_id", NEW."disclosure", NEW."disclosure_reason", NEW."displaced", NEW."do_no_harm", NEW."due_diligence", NEW."duration_months", NEW."envelope_id", NEW."environment", NEW."facility_id", NEW."focus_area_id", NEW."gender", NEW."iati_identifier", NEW."id", NEW."indirect_boys", NEW."indirect_girls", NEW."indirect_men", NEW."indirect_women", NEW."justified_usd", NEW."land", NEW."latitude", NEW."locality", NEW."longitude", NEW."maintained_by", NEW."mechanism_id", NEW."need", NEW."need_expressed_by", NEW."objective", NEW."paid_usd", NEW."partner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."priority_id", NEW."public_title", NEW."published_on", NEW."recommended_usd", NEW."reference", NEW."refunded_usd", NEW."region_id", NEW."reserved_usd", NEW."sector_id", NEW."security_forces", NEW."sponsor", NEW."starts_on", NEW."state", NEW."state_since", NEW."submitted_at", NEW."sustainability", NEW."title", NEW."updated_at", NEW."visibility", NEW."visibility_risk", NEW."works"); RETURN NULL;', hash='ccf90d088c5ccc785bc469f0a1081ffc4498fc22', operation='UPDATE', pgid='pgtrigger_update_update_804c3', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_projectevent" ("amended_usd", "approved_usd", "author_id", "budget_usd", "cercle_id", "community_usd", "confidence", "coordination", "created_at", "direct_boys", "direct_girls", "direct_men", "direct_women", "disabled", "disclosed_at", "disclosed_by_id", "disclosure", "disclosure_reason", "displaced", "do_no_harm", "due_diligence", "duration_months", "envelope_id", "environment", "facility_id", "focus_area_id", "gender", "iati_identifier", "id", "indirect_boys", "indirect_girls", "indirect_men", "indirect_women", "justified_usd", "land", "latitude", "locality", "longitude", "maintained_by", "mechanism_id", "need", "need_expressed_by", "objective", "paid_usd", "partner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "public_title", "published_on", "recommended_usd", "reference", "refunded_usd", "region_id", "reserved_usd", "sector_id", "security_forces", "sponsor", "starts_on", "state", "state_since", "submitted_at", "sustainability", "title", "updated_at", "visibility", "visibility_risk", "works") VALUES (OLD."amended_usd", OLD."approved_usd", OLD."author_id", OLD."budget_usd", OLD."cercle_id", OLD."community_usd", OLD."confidence", OLD."coordination", OLD."created_at", OLD."direct_boys", OLD."direct_girls", OLD."direct_men", OLD."direct_women", OLD."disabled", OLD."disclosed_at", OLD."disclosed_by_id", OLD."disclosure", OLD."disclosure_reason", OLD."displaced", OLD."do_no_harm", OLD."due_diligence", OLD."duration_months", OLD."envelope_id", OLD."environment", OLD."facility_id", OLD."focus_area_id", OLD."gender", OLD."iati_identifier", OLD."id", OLD."indirect_boys", OLD."indirect_girls", OLD."indirect_men", OLD."indirect_women", OLD."justified_usd", OLD."land", OLD."latitude", OLD."locality", OLD."longitude", OLD."maintained_by", OLD."mechanism_id", OLD."need", OLD."need_expressed_by", OLD."objective", OLD."paid_usd", OLD."partner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."priority_id", OLD."public_title", OLD."published_on", OLD."recommended_usd", OLD."reference", OLD."refunded_usd", OLD."region_id", OLD."reserved_usd", OLD."sector_id", OLD."security_forces", OLD."sponsor", OLD."starts_on", OLD."state", OLD."state_since", OLD."submitted_at", OLD."sustainability", OLD."title", OLD."updated_at", OLD."visibility", OLD."visibility_risk", OLD."works"); RETURN NULL;', hash='e5444e1448c85e1aca88edad80013fea5f30e801', operation='DELETE', pgid='pgtrigger_delete_delete_2192f', table='projects_project', when='AFTER')),
        ),
        migrations.AddField(
            model_name='publishedfile',
            name='cleared_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='publié par'),
        ),
        migrations.AddField(
            model_name='publishedfile',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='documents.document', verbose_name='fichier'),
        ),
        migrations.AddField(
            model_name='publishedfile',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='published_files', to='projects.project'),
        ),
        migrations.AddField(
            model_name='publishedfile',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dépublié par'),
        ),
        migrations.AddField(
            model_name='publishedfileevent',
            name='cleared_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='publié par'),
        ),
        migrations.AddField(
            model_name='publishedfileevent',
            name='document',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='documents.document', verbose_name='fichier'),
        ),
        migrations.AddField(
            model_name='publishedfileevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.publishedfile'),
        ),
        migrations.AddField(
            model_name='publishedfileevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project'),
        ),
        migrations.AddField(
            model_name='publishedfileevent',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dépublié par'),
        ),
        migrations.AddConstraint(
            model_name='publishedfile',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('document',), name='published_file_once', violation_error_message='Ce fichier est déjà publié.'),
        ),
        migrations.AddConstraint(
            model_name='publishedfile',
            constraint=models.CheckConstraint(condition=models.Q(('consent', True), models.Q(('title', ''), _negated=True)), name='published_file_with_consent', violation_error_message='Un fichier se publie sous un titre, l’accord des personnes étant vérifié.'),
        ),
        migrations.AddConstraint(
            model_name='publishedfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawal_reason', ''), ('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True)), _connector='OR'), name='published_file_withdrawn_whole', violation_error_message='Un fichier dépublié dit par qui, quand et pourquoi.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedfile',
            trigger=pgtrigger.compiler.Trigger(name='publishable_file_of_the_project', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NOT EXISTS (SELECT 1 FROM projects_project WHERE id = NEW.project_id AND published_on IS NOT NULL) THEN\n                RAISE EXCEPTION 'published_with_its_project: project % is not published', NEW.project_id;\n            END IF;\n            IF EXISTS (SELECT 1 FROM documents_document WHERE id = NEW.document_id\n                        AND (withdrawn_at IS NOT NULL OR is_sealed)) OR NOT EXISTS (\n                SELECT 1 FROM projects_attachment WHERE project_id = NEW.project_id AND document_id = NEW.document_id\n                    AND kind IN ('photo', 'plan', 'quantities', 'letter')\n                UNION ALL SELECT 1 FROM projects_visitphoto p JOIN projects_visit v ON v.id = p.visit_id\n                           WHERE v.project_id = NEW.project_id AND p.document_id = NEW.document_id\n                UNION ALL SELECT 1 FROM projects_reportfile f JOIN projects_report r ON r.id = f.report_id\n                           WHERE r.project_id = NEW.project_id AND r.state = 'accepted' AND f.document_id = NEW.document_id\n                UNION ALL SELECT 1 FROM projects_handover WHERE project_id = NEW.project_id\n                           AND signed_copy_id = NEW.document_id) THEN\n                RAISE EXCEPTION 'publishable_file_of_the_project: document % is none to publish', NEW.document_id;\n            END IF;\n            RETURN NEW;\n        ", hash='e23b1cfbae07a14a51d87166dd95d734ec75c527', operation='INSERT', pgid='pgtrigger_publishable_file_of_the_project_18b45', table='projects_publishedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedfile',
            trigger=pgtrigger.compiler.Trigger(name='cleared_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."project_id" IS DISTINCT FROM (NEW."project_id") OR OLD."document_id" IS DISTINCT FROM (NEW."document_id") OR OLD."cleared_by_id" IS DISTINCT FROM (NEW."cleared_by_id") OR OLD."cleared_at" IS DISTINCT FROM (NEW."cleared_at") OR OLD."consent" IS DISTINCT FROM (NEW."consent"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9e129380431ab683fe8f3f2f507e76eb1df4e273', operation='UPDATE', pgid='pgtrigger_cleared_for_good_710f3', table='projects_publishedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedfile',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='fcf4814db08b7cc0b70b3f5e0320a1fd3f6ccdb4', operation='DELETE', pgid='pgtrigger_never_deleted_f9aec', table='projects_publishedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedfile',
            trigger=pgtrigger.compiler.Trigger(name='refuse_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'append_only: % is never emptied', TG_TABLE_NAME;", hash='39cdfac3402fb2b97e5b299e49116d3e3fe3ba41', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_refuse_truncate_337e6', table='projects_publishedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedfile',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_publishedfileevent" ("cleared_at", "cleared_by_id", "consent", "document_id", "id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "title", "withdrawal_reason", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."cleared_at", NEW."cleared_by_id", NEW."consent", NEW."document_id", NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."project_id", NEW."title", NEW."withdrawal_reason", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;', hash='e80b052334c7b55460d6d00f843a5b61283ab6c7', operation='INSERT', pgid='pgtrigger_insert_insert_ac6e9', table='projects_publishedfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedfile',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "projects_publishedfileevent" ("cleared_at", "cleared_by_id", "consent", "document_id", "id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "title", "withdrawal_reason", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."cleared_at", NEW."cleared_by_id", NEW."consent", NEW."document_id", NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."project_id", NEW."title", NEW."withdrawal_reason", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;', hash='c2693b3f3973df02b3e4f57ff91f7c22abadedd7', operation='UPDATE', pgid='pgtrigger_update_update_f0fff', table='projects_publishedfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedfile',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "projects_publishedfileevent" ("cleared_at", "cleared_by_id", "consent", "document_id", "id", "language", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "title", "withdrawal_reason", "withdrawn_at", "withdrawn_by_id") VALUES (OLD."cleared_at", OLD."cleared_by_id", OLD."consent", OLD."document_id", OLD."id", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."project_id", OLD."title", OLD."withdrawal_reason", OLD."withdrawn_at", OLD."withdrawn_by_id"); RETURN NULL;', hash='7a126715c483af22650974a081054e98e26497b8', operation='DELETE', pgid='pgtrigger_delete_delete_c59b9', table='projects_publishedfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedfileevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='99b9801374c069d17a9a44b1501f40cb2a704cdd', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_3c550', table='projects_publishedfileevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedfileevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='708963852a17bc6d31ac5dfb111597d258f091de', operation='INSERT', pgid='pgtrigger_seal_375da', table='projects_publishedfileevent', when='AFTER')),
        ),
    ]
