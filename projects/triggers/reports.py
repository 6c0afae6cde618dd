"""Reports as PostgreSQL holds them: of one project, fixed once submitted, judged by another (domain guide §2, §8)."""

import pgtrigger

from projects.states import State

# What a step of a submitted report changes; everything else of it is what was submitted.
STEP_COLUMNS = "'state', 'version', 'updated_at', 'submitted_by_id', 'submitted_at', 'judged_by_id', 'judged_at'"

REPORT = (
    pgtrigger.FSM(
        name="steps_follow_the_table",
        field="state",
        transitions=[("draft", "submitted"), ("submitted", "returned"), ("returned", "submitted")]
        + [("submitted", "accepted")],
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.ReadOnly(
        name="kind_is_for_good", fields=["project", "kind", "instalment", "period", "due_on", "created_at"]
    ),
    pgtrigger.Trigger(
        name="accepted_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="accepted"),
        func="""
            IF ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN
                RAISE EXCEPTION 'accepted_for_good: report % is accepted', OLD.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="fixed_once_submitted",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="submitted"),
        func=f"""
            IF to_jsonb(NEW) - ARRAY[{STEP_COLUMNS}] <> to_jsonb(OLD) - ARRAY[{STEP_COLUMNS}] THEN
                RAISE EXCEPTION 'fixed_once_submitted: report % is submitted', OLD.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="of_its_project",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("standing", "text")],
        func=f"""
            SELECT state INTO standing FROM projects_project WHERE id = NEW.project_id FOR UPDATE;
            IF standing = '{State.CLOSED.value}' THEN
                RAISE EXCEPTION 'closed_for_good: no report changes once a project is closed';
            END IF;
            IF TG_OP = 'INSERT' AND NEW.state <> 'draft' THEN
                RAISE EXCEPTION 'report_starts_as_draft: a report starts as a draft, not as %', NEW.state;
            END IF;
            IF NEW.instalment_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM projects_instalment WHERE id = NEW.instalment_id AND project_id = NEW.project_id
            ) THEN
                RAISE EXCEPTION 'report_of_its_project: the instalment is of another project';
            END IF;
            IF TG_OP = 'INSERT' AND NEW.kind = 'periodic' AND NOT EXISTS (
                SELECT 1 FROM funds_reportingdate d JOIN projects_project p ON p.mechanism_id = d.mechanism_id
                 WHERE p.id = NEW.project_id AND d.kind = NEW.period
                   AND (d.month, d.day) = (extract(month FROM NEW.due_on), extract(day FROM NEW.due_on))
            ) THEN
                RAISE EXCEPTION 'report_of_the_calendar: the mechanism expects no such report on %', NEW.due_on;
            END IF;
            IF NEW.state = 'submitted' AND NEW.declared_spent_usd + NEW.declared_committed_usd > (
                SELECT approved_usd FROM projects_project WHERE id = NEW.project_id
            ) THEN
                RAISE EXCEPTION 'declared_within_approved: report % declares more than was approved', NEW.id;
            END IF;
            IF NEW.state = 'accepted' AND (
                EXISTS (SELECT 1 FROM projects_project WHERE id = NEW.project_id AND author_id = NEW.judged_by_id)
                OR EXISTS (
                    SELECT 1 FROM projects_project_coauthors
                     WHERE project_id = NEW.project_id AND user_id = NEW.judged_by_id
                )
            ) THEN
                RAISE EXCEPTION 'report_judged_by_another: who writes a project does not accept its reports';
            END IF;
            RETURN NEW;
        """,
    ),
)

RESULT_REACHED = (
    pgtrigger.Trigger(
        name="fixed_with_its_report",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("report", "projects_report%ROWTYPE")],
        func="""
            SELECT * INTO report FROM projects_report
             WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.report_id ELSE NEW.report_id END;
            IF report.state NOT IN ('draft', 'returned') THEN
                RAISE EXCEPTION 'fixed_once_submitted: report % is %', report.id, report.state;
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            IF NOT EXISTS (
                SELECT 1 FROM projects_expectedresult WHERE id = NEW.result_id AND project_id = report.project_id
            ) THEN
                RAISE EXCEPTION 'report_of_its_project: the result is of another project';
            END IF;
            RETURN NEW;
        """,
    ),
)

RETURN = (pgtrigger.Protect(name="kept_for_good", operation=pgtrigger.Update | pgtrigger.Delete),)

FILE = (
    pgtrigger.ReadOnly(name="filed_for_good", fields=["report", "document"]),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="joined_while_written",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("standing", "text")],
        func="""
            SELECT state INTO standing FROM projects_report WHERE id = NEW.report_id FOR UPDATE;
            IF standing NOT IN ('draft', 'returned') THEN
                RAISE EXCEPTION 'fixed_once_submitted: report % is %', NEW.report_id, standing;
            END IF;
            RETURN NEW;
        """,
    ),
)
