"""Under which identifiers the funds and the organisations appear in IATI files."""

import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('web', '0003_reporting_organisation'),
        ('projects', '0030_trust_fund_and_pbf_by_contributions'),  # writes organisations by their columns of then
        ('funds', '0029_distinct_pairs'),
        ('regions', '0005_plans_and_studies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='organisation',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organisation',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organisation',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='mechanism',
            name='iati_identifier',
            field=models.CharField(editable=False, max_length=120, null=True, unique=True, verbose_name='identifiant IATI'),
        ),
        migrations.AddField(
            model_name='mechanismevent',
            name='iati_identifier',
            field=models.CharField(editable=False, max_length=120, null=True, verbose_name='identifiant IATI'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='iati_ref',
            field=models.CharField(blank=True, help_text='Identifiant d’organisation selon org-id.guide, par exemple XM-DAC-41122 ; vide s’il n’y en a pas.', max_length=60, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9._-]*-[A-Za-z0-9._-]+$', 'Des lettres, des chiffres, des points et des tirets : XM-DAC-41122.')], verbose_name='identifiant IATI'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='iati_ref',
            field=models.CharField(blank=True, help_text='Identifiant d’organisation selon org-id.guide, par exemple XM-DAC-41122 ; vide s’il n’y en a pas.', max_length=60, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9._-]*-[A-Za-z0-9._-]+$', 'Des lettres, des chiffres, des points et des tirets : XM-DAC-41122.')], verbose_name='identifiant IATI'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='identified_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF TG_OP = 'UPDATE' AND OLD.iati_identifier IS NOT NULL THEN\n                        NEW.iati_identifier = OLD.iati_identifier;\n                    ELSE\n                        NEW.iati_identifier = reporting_organisation() || '-FUND-' || NEW.code;\n                    END IF;\n                    RETURN NEW;\n                ", hash='c12c24beb89cf74e2ac91677d0948f0385cddfc0', operation='INSERT OR UPDATE OF "iati_identifier"', pgid='pgtrigger_identified_for_good_4e067', table='funds_mechanism', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_mechanismevent" ("agreement_days", "approving_body_en", "approving_body_fr", "asks_more", "carry_over_max", "ceiling_usd", "closure_days", "code", "decision_days", "delegated_usd", "final_report_days", "first_share_max", "first_share_max_new", "first_visit_days", "fiscal_year_first_month", "funded_by_contributions", "headquarters_above_usd", "iati_identifier", "justified_share_min", "last_after_final_report", "last_share_min", "line_shift_max", "max_months", "name_en", "name_fr", "next_tranche_counts", "partner_share_max", "pass_mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quotes_above_usd", "review_days", "screening_days", "several_recipients", "start_days", "sustainability_months") VALUES (NEW."agreement_days", NEW."approving_body_en", NEW."approving_body_fr", NEW."asks_more", NEW."carry_over_max", NEW."ceiling_usd", NEW."closure_days", NEW."code", NEW."decision_days", NEW."delegated_usd", NEW."final_report_days", NEW."first_share_max", NEW."first_share_max_new", NEW."first_visit_days", NEW."fiscal_year_first_month", NEW."funded_by_contributions", NEW."headquarters_above_usd", NEW."iati_identifier", NEW."justified_share_min", NEW."last_after_final_report", NEW."last_share_min", NEW."line_shift_max", NEW."max_months", NEW."name_en", NEW."name_fr", NEW."next_tranche_counts", NEW."partner_share_max", NEW."pass_mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."code", NEW."quotes_above_usd", NEW."review_days", NEW."screening_days", NEW."several_recipients", NEW."start_days", NEW."sustainability_months"); RETURN NULL;', hash='468c20f9e84588250ad8c8a7fa8fa48b1803e11a', operation='INSERT', pgid='pgtrigger_insert_insert_70966', table='funds_mechanism', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_mechanismevent" ("agreement_days", "approving_body_en", "approving_body_fr", "asks_more", "carry_over_max", "ceiling_usd", "closure_days", "code", "decision_days", "delegated_usd", "final_report_days", "first_share_max", "first_share_max_new", "first_visit_days", "fiscal_year_first_month", "funded_by_contributions", "headquarters_above_usd", "iati_identifier", "justified_share_min", "last_after_final_report", "last_share_min", "line_shift_max", "max_months", "name_en", "name_fr", "next_tranche_counts", "partner_share_max", "pass_mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quotes_above_usd", "review_days", "screening_days", "several_recipients", "start_days", "sustainability_months") VALUES (NEW."agreement_days", NEW."approving_body_en", NEW."approving_body_fr", NEW."asks_more", NEW."carry_over_max", NEW."ceiling_usd", NEW."closure_days", NEW."code", NEW."decision_days", NEW."delegated_usd", NEW."final_report_days", NEW."first_share_max", NEW."first_share_max_new", NEW."first_visit_days", NEW."fiscal_year_first_month", NEW."funded_by_contributions", NEW."headquarters_above_usd", NEW."iati_identifier", NEW."justified_share_min", NEW."last_after_final_report", NEW."last_share_min", NEW."line_shift_max", NEW."max_months", NEW."name_en", NEW."name_fr", NEW."next_tranche_counts", NEW."partner_share_max", NEW."pass_mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."code", NEW."quotes_above_usd", NEW."review_days", NEW."screening_days", NEW."several_recipients", NEW."start_days", NEW."sustainability_months"); RETURN NULL;', hash='0b2a390c0bb2cd47ab8856d45ab868c339ee3270', operation='UPDATE', pgid='pgtrigger_update_update_b1124', table='funds_mechanism', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mechanism',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_mechanismevent" ("agreement_days", "approving_body_en", "approving_body_fr", "asks_more", "carry_over_max", "ceiling_usd", "closure_days", "code", "decision_days", "delegated_usd", "final_report_days", "first_share_max", "first_share_max_new", "first_visit_days", "fiscal_year_first_month", "funded_by_contributions", "headquarters_above_usd", "iati_identifier", "justified_share_min", "last_after_final_report", "last_share_min", "line_shift_max", "max_months", "name_en", "name_fr", "next_tranche_counts", "partner_share_max", "pass_mark", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quotes_above_usd", "review_days", "screening_days", "several_recipients", "start_days", "sustainability_months") VALUES (OLD."agreement_days", OLD."approving_body_en", OLD."approving_body_fr", OLD."asks_more", OLD."carry_over_max", OLD."ceiling_usd", OLD."closure_days", OLD."code", OLD."decision_days", OLD."delegated_usd", OLD."final_report_days", OLD."first_share_max", OLD."first_share_max_new", OLD."first_visit_days", OLD."fiscal_year_first_month", OLD."funded_by_contributions", OLD."headquarters_above_usd", OLD."iati_identifier", OLD."justified_share_min", OLD."last_after_final_report", OLD."last_share_min", OLD."line_shift_max", OLD."max_months", OLD."name_en", OLD."name_fr", OLD."next_tranche_counts", OLD."partner_share_max", OLD."pass_mark", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."code", OLD."quotes_above_usd", OLD."review_days", OLD."screening_days", OLD."several_recipients", OLD."start_days", OLD."sustainability_months"); RETURN NULL;', hash='2e24cbc843951a9c97e287ef313544d50dd0372e', operation='DELETE', pgid='pgtrigger_delete_delete_3d435', table='funds_mechanism', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_organisationevent" ("acronym", "address", "contact_email", "contact_name", "contact_phone", "created_by_id", "excluded", "exclusion_reason", "iati_ref", "id", "is_donor", "is_implementing", "is_ptf", "kind", "late_reports", "merged_at", "merged_by_id", "merged_into_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "vetted_on", "vetting_note", "vetting_status") VALUES (NEW."acronym", NEW."address", NEW."contact_email", NEW."contact_name", NEW."contact_phone", NEW."created_by_id", NEW."excluded", NEW."exclusion_reason", NEW."iati_ref", NEW."id", NEW."is_donor", NEW."is_implementing", NEW."is_ptf", NEW."kind", NEW."late_reports", NEW."merged_at", NEW."merged_by_id", NEW."merged_into_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."region_id", NEW."vetted_on", NEW."vetting_note", NEW."vetting_status"); RETURN NULL;', hash='823ba2687bf2d1394d7e3096b54e882f1ff5138b', operation='INSERT', pgid='pgtrigger_insert_insert_2e7b0', table='funds_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_organisationevent" ("acronym", "address", "contact_email", "contact_name", "contact_phone", "created_by_id", "excluded", "exclusion_reason", "iati_ref", "id", "is_donor", "is_implementing", "is_ptf", "kind", "late_reports", "merged_at", "merged_by_id", "merged_into_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "vetted_on", "vetting_note", "vetting_status") VALUES (NEW."acronym", NEW."address", NEW."contact_email", NEW."contact_name", NEW."contact_phone", NEW."created_by_id", NEW."excluded", NEW."exclusion_reason", NEW."iati_ref", NEW."id", NEW."is_donor", NEW."is_implementing", NEW."is_ptf", NEW."kind", NEW."late_reports", NEW."merged_at", NEW."merged_by_id", NEW."merged_into_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."region_id", NEW."vetted_on", NEW."vetting_note", NEW."vetting_status"); RETURN NULL;', hash='8c8af152aaf9b7fa838c8532bd62c6585a555b7f', operation='UPDATE', pgid='pgtrigger_update_update_54598', table='funds_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_organisationevent" ("acronym", "address", "contact_email", "contact_name", "contact_phone", "created_by_id", "excluded", "exclusion_reason", "iati_ref", "id", "is_donor", "is_implementing", "is_ptf", "kind", "late_reports", "merged_at", "merged_by_id", "merged_into_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "vetted_on", "vetting_note", "vetting_status") VALUES (OLD."acronym", OLD."address", OLD."contact_email", OLD."contact_name", OLD."contact_phone", OLD."created_by_id", OLD."excluded", OLD."exclusion_reason", OLD."iati_ref", OLD."id", OLD."is_donor", OLD."is_implementing", OLD."is_ptf", OLD."kind", OLD."late_reports", OLD."merged_at", OLD."merged_by_id", OLD."merged_into_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."region_id", OLD."vetted_on", OLD."vetting_note", OLD."vetting_status"); RETURN NULL;', hash='b96ae5bc6ab5d201dfd932989bfd4e3716503917', operation='DELETE', pgid='pgtrigger_delete_delete_af5aa', table='funds_organisation', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('iati_ref', ''), ('iati_ref__regex', '^[A-Za-z0-9][A-Za-z0-9._-]*-[A-Za-z0-9._-]+$'), _connector='OR'), name='organisation_iati_ref', violation_error_message='Un identifiant IATI n’a ni espace ni / & | ?.'),
        ),
        # The trigger gives each mechanism its identifier.
        migrations.RunSQL('UPDATE funds_mechanism SET iati_identifier = NULL WHERE iati_identifier IS NULL', migrations.RunSQL.noop),
    ]
