"""The limits of an instalment plan come from the mechanism's plan for the kind of partner, where it has one."""

from django.db import migrations

FORWARD = """
-- What the plan of a project's tranches must keep to, in percent of the approved amount: that of the mechanism for its
-- kind of partner, else the mechanism's own limits. `rules.plan.limits_of` says the same to people.
CREATE FUNCTION tranche_limits(project bigint, OUT first_max numeric, OUT last_min numeric) LANGUAGE plpgsql STABLE AS $$
DECLARE planned numeric[];
BEGIN
    SELECT t.shares INTO planned
      FROM projects_project p
      JOIN funds_trancheplan t ON t.mechanism_id = p.mechanism_id
      LEFT JOIN funds_organisation o ON o.id = p.partner_id
     WHERE p.id = project AND t.recipient IN (coalesce(o.kind, ''), '')
     ORDER BY t.recipient DESC LIMIT 1;
    IF planned IS NOT NULL THEN
        first_max = planned[1];
        last_min = planned[array_length(planned, 1)];
        RETURN;
    END IF;
    SELECT CASE WHEN EXISTS (
               SELECT 1 FROM projects_project other
                WHERE other.partner_id = p.partner_id AND other.id <> p.id AND other.state IN ('completed', 'closed')
           ) THEN m.first_share_max ELSE m.first_share_max_new END, m.last_share_min
      INTO first_max, last_min
      FROM projects_project p JOIN funds_mechanism m ON m.code = p.mechanism_id WHERE p.id = project;
END $$;

CREATE OR REPLACE FUNCTION agreement_is_whole(project bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p projects_project%ROWTYPE;
    first_amount numeric; last_amount numeric; most numeric; least numeric;
BEGIN
    SELECT * INTO p FROM projects_project WHERE id = project;
    SELECT first_max, last_min INTO most, least FROM tranche_limits(project);
    IF NOT EXISTS (SELECT 1 FROM projects_agreement WHERE project_id = project AND signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'agreement_is_whole: project % has no signed agreement', project;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM funds_bankaccount WHERE organisation_id = p.partner_id AND status = 'verified') THEN
        RAISE EXCEPTION 'agreement_is_whole: the bank details of the partner of project % are not verified', project;
    END IF;
    SELECT amount_usd INTO first_amount FROM projects_instalment WHERE project_id = project ORDER BY position LIMIT 1;
    SELECT amount_usd INTO last_amount FROM projects_instalment WHERE project_id = project ORDER BY position DESC LIMIT 1;
    IF first_amount IS NULL OR first_amount > round(p.approved_usd * most / 100, 2) THEN
        RAISE EXCEPTION 'first_share: the first instalment of project % passes % %%', project, most;
    END IF;
    IF last_amount < round(p.approved_usd * least / 100, 2) THEN
        RAISE EXCEPTION 'last_share: the last instalment of project % is below % %%', project, least;
    END IF;
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION agreement_is_whole(project bigint) RETURNS void LANGUAGE plpgsql AS $$
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

DROP FUNCTION tranche_limits(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0018_deadlines_follow_what_they_read"), ("funds", "0007_tranche_plans")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
