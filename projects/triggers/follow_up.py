"""Visits, findings and amendments: what was done and judged stays as it was."""

import pgtrigger

from projects.states import State

from .agreement import in_sql

AMENDABLE = (State.AGREED, State.ACTIVE, State.SUSPENDED)

AMENDMENT = (
    pgtrigger.FSM(
        name="steps_follow_the_table",
        field="state",
        transitions=[("draft", "submitted"), ("draft", "withdrawn"), ("submitted", "withdrawn")]
        + [("submitted", "approved"), ("submitted", "refused"), ("submitted", "draft")],
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="amended_under_way",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        declare=[("standing", "text")],
        func=f"""
            IF TG_OP = 'INSERT' AND NEW.state <> 'draft' THEN
                RAISE EXCEPTION 'starts_as_draft: an amendment starts as a draft, not as %', NEW.state;
            END IF;
            IF NEW.state IN ('draft', 'submitted', 'approved') THEN
                SELECT state INTO standing FROM projects_project WHERE id = NEW.project_id FOR UPDATE;
                IF standing NOT IN ({in_sql(AMENDABLE)}) THEN
                    RAISE EXCEPTION 'amended_under_way: a project « % » is not amended', standing;
                END IF;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="decided_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state__in=["approved", "refused", "withdrawn"]),
        func="""
            IF ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN
                RAISE EXCEPTION 'decided_for_good: amendment % is decided', OLD.number;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="budget_follows",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        # `approved_usd` moves with the amendments alone, so that decision + amendments = approved at any time.
        func="""
            IF NEW.state = 'approved' THEN
                UPDATE projects_project p
                   SET approved_usd = p.approved_usd + s.delta - p.amended_usd, amended_usd = s.delta,
                       reserved_usd = p.reserved_usd + s.delta - p.amended_usd
                  FROM (SELECT coalesce(sum(budget_delta_usd), 0) AS delta FROM projects_amendment
                         WHERE project_id = NEW.project_id AND state = 'approved') s
                 WHERE p.id = NEW.project_id AND p.amended_usd <> s.delta;
            END IF;
            RETURN NULL;
        """,
    ),
)

VISIT = (
    pgtrigger.FSM(
        name="steps_follow_the_table", field="state", transitions=[("planned", "done"), ("planned", "cancelled")]
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="mandatory_visit_replaced",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Q(new__state="cancelled", new__kind__in=["midway", "final"]),
        # Domain guide §4: « at least one mid-way and one final ». The one in its place is planned first.
        func="""
            IF NOT EXISTS (SELECT 1 FROM projects_visit WHERE project_id = NEW.project_id AND kind = NEW.kind
                              AND id <> NEW.id AND state <> 'cancelled') THEN
                RAISE EXCEPTION 'mandatory_visit_replaced: visit % is the only % one', NEW.id, NEW.kind;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="report_version_grows",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="done"),
        # A report is mended from its last version alone: whoever writes says so by the number after it.
        func="""
            IF NEW.version <> OLD.version + 1 AND ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN
                RAISE EXCEPTION 'report_version_grows: visit % is at version %', OLD.id, OLD.version;
            END IF;
            RETURN NEW;
        """,
    ),
)

FINDING = (pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),)
