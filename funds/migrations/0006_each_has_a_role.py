"""The organisations that are there take the roles of their kind, and that of implementing partner where they carried out a project; then each must have one."""

from django.db import migrations, models

# Read from the projects' table only where it is there already: an app below does not depend on one above.
TAKE_ROLES = """
UPDATE funds_organisation SET
    is_donor = kind = 'donor',
    is_ptf = kind = 'un_agency',
    is_implementing = kind <> 'donor';
DO $$ BEGIN
    IF to_regclass('projects_project') IS NOT NULL THEN
        EXECUTE 'UPDATE funds_organisation o SET is_implementing = true
                  WHERE NOT is_implementing AND EXISTS (SELECT 1 FROM projects_project p WHERE p.partner_id = o.id)';
    END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [('funds', '0005_roles_of_organisations')]

    operations = [
        migrations.RunSQL(TAKE_ROLES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('is_donor', True), ('is_ptf', True), ('is_implementing', True), _connector='OR'), name='organisation_has_a_role', violation_error_message='Indiquez au moins un rôle.'),
        ),
    ]
