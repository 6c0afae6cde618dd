"""The Trust Fund and the PBF live from contributions from here on (domain guide §1).

A base in use may already have envelopes and projects of theirs. Nothing says whose money that is, and none of it may
hang in the air: it becomes one opening contribution for each mechanism, signed and received for what the envelopes set
aside, not earmarked, registered by nobody, and the projects are given what they reserve of it. The migration says so.
It refuses to go on where projects reserve more than the envelopes hold, which the database has never allowed.
"""

import sys

from django.db import migrations

DONOR = "Contributions antérieures au portail"

SET_ASIDE = "SELECT coalesce(sum(amount_usd), 0), min(fiscal_year) FROM funds_envelope WHERE mechanism_id = %s"

OPEN = """
WITH donor AS (
    INSERT INTO funds_organisation (name, acronym, kind, is_donor, is_ptf, is_implementing, contact_name, contact_phone, contact_email, address,
        vetting_status, vetting_note, late_reports, excluded, exclusion_reason)
    SELECT %(donor)s, '', 'donor', true, false, false, '', '', '', '', 'pending', '', 0, false, ''
     WHERE NOT EXISTS (SELECT 1 FROM funds_organisation WHERE lower(name) = lower(%(donor)s))
    RETURNING id
), given AS (
    INSERT INTO funds_contribution (reference, title, donor_id, mechanism_id, theme, currency, pledged_amount,
        pledged_on, pledged_rate, pledged_rate_on, signed_amount, signed_on, signed_rate, signed_rate_on, signature_at,
        received_amount, received_usd, allocated_usd, withdrawal_reason, note, is_opening, registered_at)
    SELECT 'REPRISE-' || %(code)s, 'Reprise des fonds antérieurs au portail',
        coalesce((SELECT id FROM donor), (SELECT id FROM funds_organisation WHERE lower(name) = lower(%(donor)s))),
        %(code)s, '', 'USD', %(amount)s, %(day)s, 1, %(day)s, %(amount)s, %(day)s, 1, %(day)s, now(), 0, 0, 0, '',
        'Créée par la mise à jour : elle couvre les enveloppes ouvertes avant le suivi des contributions.', true, now()
    RETURNING id
)
SELECT id FROM given
"""

RECEIVE = """
INSERT INTO funds_contributionreceipt (contribution_id, reference, received_on, amount, rate, rate_on, recorded_at,
    cancellation_reason) VALUES (%(contribution)s, 'REPRISE', %(day)s, %(amount)s, 1, %(day)s, now(), '')
"""


def begin(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for code in ("TF", "PBF"):
            cursor.execute("SELECT 1 FROM funds_mechanism WHERE code = %s", [code])
            if cursor.fetchone() is None:
                continue
            cursor.execute(SET_ASIDE, [code])
            amount, year = cursor.fetchone()
            cursor.execute("SELECT set_config('portal.taking_contributions', %s, true)", [code])
            cursor.execute("UPDATE funds_mechanism SET funded_by_contributions = true WHERE code = %s", [code])
            cursor.execute("SELECT set_config('portal.taking_contributions', '', true)")
            if not amount:
                continue
            values = {"code": code, "amount": amount, "day": f"{year}-01-01", "donor": DONOR}
            cursor.execute(OPEN, values)
            cursor.execute(RECEIVE, values | {"contribution": cursor.fetchone()[0]})
            cursor.execute("SELECT id FROM projects_project WHERE mechanism_id = %s AND reserved_usd > 0 ORDER BY id", [code])
            projects = [key for (key,) in cursor.fetchall()]
            for key in projects:
                cursor.execute("SELECT allocate_project(%s)", [key])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            sys.stdout.write(
                f"\n  {code}: {amount} USD of envelopes and {len(projects)} projects now stand on the opening"
                f" contribution REPRISE-{code}; register the donors' own contributions as they come.\n"
            )


class Migration(migrations.Migration):
    dependencies = [("projects", "0029_allocations"), ("funds", "0023_contributions")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
