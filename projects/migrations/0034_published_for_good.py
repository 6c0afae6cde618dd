"""Published at approval, for good: by triggers and checks, once the projects of before are filled in.

The checks are validated by the next migration, so that no lock lasts."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('projects', '0033_fill_publication')]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='published_at_approval', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'UPDATE' AND OLD.published_on IS NOT NULL THEN\n                IF NEW.published_on IS DISTINCT FROM OLD.published_on\n                   OR NEW.iati_identifier IS DISTINCT FROM OLD.iati_identifier THEN\n                    RAISE EXCEPTION 'published_for_good: % stays published under its identifier', OLD.reference;\n                END IF;\n            ELSIF NEW.state IN ('active', 'agreed', 'approved', 'cancelled', 'closed', 'completed', 'suspended') THEN\n                NEW.published_on = mission_day(NEW.state_since);\n                NEW.iati_identifier = reporting_organisation() || '-' || CASE WHEN NEW.reference ~ '[^A-Za-z0-9._-]' THEN regexp_replace(NEW.reference, '[^A-Za-z0-9._-]+', '-', 'g') || '-' || NEW.id ELSE NEW.reference END;\n                IF NEW.visibility_risk AND NEW.disclosed_at IS NULL THEN\n                    NEW.disclosure = 'cercle';\n                    NEW.disclosure_reason = 'La proposition déclare que la visibilité mettrait des personnes en danger.';\n                    NEW.disclosed_at = NEW.state_since;\n                END IF;\n            ELSE\n                NEW.published_on = NULL;\n                NEW.iati_identifier = NULL;\n            END IF;\n            RETURN NEW;\n        ", hash='e8f62b5b1e0ed95bdf20ac5403f03cc32f4627ae', operation='INSERT OR UPDATE OF "state", "published_on", "iati_identifier"', pgid='pgtrigger_published_at_approval_13c08', table='projects_project', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='published_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."published_on" IS NOT NULL)', func="RAISE EXCEPTION 'published_for_good: % is published and never disappears', OLD.reference;", hash='907f39b5f39394f3cefa9d81f6ba03b64c128c85', operation='DELETE', pgid='pgtrigger_published_for_good_e312f', table='projects_project', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='public_title_tells_no_place', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."disclosure" = \'cercle\' AND NOT (NEW."locality" = \'\'))', func="\n            IF position(unaccent(lower(trim(NEW.locality))) in unaccent(lower(NEW.public_title))) > 0 THEN\n                RAISE EXCEPTION 'public_title_tells_no_place: the public title of % names its place', NEW.reference;\n            END IF;\n            RETURN NEW;\n        ", hash='f1f65ce65b621102c104f84e2a06a07c2aea2400', operation='UPDATE OF "disclosure", "public_title", "locality"', pgid='pgtrigger_public_title_tells_no_place_ffcf0', table='projects_project', when='BEFORE')),
        ),
        AddConstraintNotValid(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('iati_identifier__isnull', True), ('published_on__isnull', True), ('state__in', ['draft', 'submitted', 'screening', 'returned', 'inadmissible', 'eligible', 'in_review', 'recommended', 'not_recommended', 'refused', 'withdrawn'])), models.Q(('iati_identifier__isnull', False), ('published_on__isnull', False), ('state__in', ['active', 'agreed', 'approved', 'cancelled', 'closed', 'completed', 'suspended'])), _connector='OR'), name='project_published_once_approved'),
        ),
        AddConstraintNotValid(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('disclosure', 'full'), models.Q(('disclosed_at__isnull', False), ('disclosure__in', ['cercle', 'hidden']), models.Q(('disclosure_reason', ''), _negated=True)), _connector='OR'), name='project_disclosure_with_reason', violation_error_message='Dites pourquoi : le motif reste dans l’historique du projet.'),
        ),
        AddConstraintNotValid(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disclosed_at__isnull', True), ('disclosed_by__isnull', True)), models.Q(('disclosed_at__isnull', False), ('disclosed_by__isnull', False)), models.Q(('disclosed_at__isnull', False), ('disclosure', 'cercle'), ('visibility_risk', True)), _connector='OR'), name='project_disclosure_by_somebody'),
        ),
    ]
