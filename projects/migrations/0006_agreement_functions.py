"""The SQL functions that the triggers of agreements, instalments and payments call."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION agreement_sums_hold(project bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE standing text; approved numeric; planned numeric; agreed numeric;
BEGIN
    SELECT state, approved_usd INTO standing, approved FROM projects_project WHERE id = project;
    IF standing IS NULL OR standing NOT IN ('agreed', 'active', 'suspended', 'completed') THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(amount_usd), 0) INTO planned FROM projects_instalment WHERE project_id = project;
    SELECT coalesce(sum(amount_usd), 0) INTO agreed FROM projects_agreedline WHERE project_id = project;
    IF planned <> approved THEN
        RAISE EXCEPTION 'plan_is_the_budget: the instalments of project % sum to %, not to %', project, planned, approved;
    END IF;
    IF agreed <> approved THEN
        RAISE EXCEPTION 'lines_are_the_budget: the agreed lines of project % sum to %, not to %', project, agreed, approved;
    END IF;
END $$;

CREATE FUNCTION agreement_is_whole(project bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p projects_project%ROWTYPE;
    m funds_mechanism%ROWTYPE;
    first_amount numeric; last_amount numeric; share numeric;
BEGIN
    SELECT * INTO p FROM projects_project WHERE id = project;
    SELECT * INTO m FROM funds_mechanism WHERE code = p.mechanism_id;
    IF NOT EXISTS (SELECT 1 FROM projects_agreement WHERE project_id = project AND signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'agreement_is_whole: project % has no signed agreement', project;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM funds_bankaccount WHERE organisation_id = p.partner_id AND status = 'verified') THEN
        RAISE EXCEPTION 'agreement_is_whole: the bank details of the partner of project % are not verified', project;
    END IF;
    SELECT amount_usd INTO first_amount FROM projects_instalment WHERE project_id = project ORDER BY position LIMIT 1;
    SELECT amount_usd INTO last_amount FROM projects_instalment WHERE project_id = project ORDER BY position DESC LIMIT 1;
    share = CASE WHEN EXISTS (
        SELECT 1 FROM projects_project o
         WHERE o.partner_id = p.partner_id AND o.id <> p.id AND o.state IN ('completed', 'closed')
    ) THEN m.first_share_max ELSE m.first_share_max_new END;
    IF first_amount IS NULL OR first_amount > round(p.approved_usd * share / 100, 2) THEN
        RAISE EXCEPTION 'first_share: the first instalment of project % passes % %%', project, share;
    END IF;
    IF last_amount < round(p.approved_usd * m.last_share_min / 100, 2) THEN
        RAISE EXCEPTION 'last_share: the last instalment of project % is below % %%', project, m.last_share_min;
    END IF;
END $$;

-- The first gate that holds an instalment back, null when all are open. `projects.gates` says the same to people.
CREATE FUNCTION instalment_gate(instalment bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    i projects_instalment%ROWTYPE;
    p projects_project%ROWTYPE;
    is_last boolean; share numeric; before numeric;
BEGIN
    SELECT * INTO i FROM projects_instalment WHERE id = instalment;
    SELECT * INTO p FROM projects_project WHERE id = i.project_id;
    IF p.state NOT IN ('agreed', 'active', 'completed') THEN
        RETURN 'state';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM projects_agreement WHERE project_id = p.id AND signed_at IS NOT NULL) THEN
        RETURN 'agreement';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM funds_bankaccount WHERE organisation_id = p.partner_id AND status = 'verified') THEN
        RETURN 'bank';
    END IF;
    IF EXISTS (
        SELECT 1 FROM projects_instalment
         WHERE project_id = p.id AND position < i.position AND state NOT IN ('paid', 'justified')
    ) THEN
        RETURN 'order';
    END IF;
    IF EXISTS (
        SELECT 1 FROM projects_finding WHERE project_id = p.id AND severity = 'blocking' AND closed_at IS NULL
    ) THEN
        RETURN 'finding';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM projects_instalment WHERE project_id = p.id AND position < i.position) THEN
        RETURN NULL;
    END IF;
    SELECT NOT EXISTS (SELECT 1 FROM projects_instalment WHERE project_id = p.id AND position > i.position) INTO is_last;
    IF is_last THEN
        IF (SELECT count(DISTINCT kind) FROM projects_report WHERE project_id = p.id AND state = 'accepted'
             AND kind IN ('final_narrative', 'final_financial')) < 2 THEN
            RETURN 'final_report';
        END IF;
    ELSIF NOT EXISTS (
        SELECT 1 FROM projects_report r LEFT JOIN projects_instalment of ON of.id = r.instalment_id
         WHERE r.project_id = p.id AND r.state = 'accepted'
           AND (r.kind = 'final_narrative' OR of.position >= i.position - 1)
    ) THEN
        RETURN 'report';
    END IF;
    SELECT justified_share_min INTO share FROM funds_mechanism WHERE code = p.mechanism_id;
    SELECT coalesce(sum(paid_usd - refunded_usd), 0) INTO before
      FROM projects_instalment WHERE project_id = p.id AND position < i.position;
    IF p.justified_usd < round(before * share / 100, 2) THEN
        RETURN 'justified';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM projects_visit WHERE project_id = p.id AND state = 'done') THEN
        RETURN 'visit';
    END IF;
    RETURN NULL;
END $$;
"""

BACKWARD = """
DROP FUNCTION instalment_gate(bigint);
DROP FUNCTION agreement_is_whole(bigint);
DROP FUNCTION agreement_sums_hold(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_implementation"), ("funds", "0004_bank_accounts")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
