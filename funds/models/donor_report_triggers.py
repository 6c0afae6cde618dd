"""What PostgreSQL itself refuses of a report that is owed to a donor."""

import pgtrigger

from .contribution_triggers import LATEST

# What an undone sending leaves as it was: all but the state, what was sent, and who undid it.
KEPT = "kind", "content", "period_start", "period_end", "due_days", "due_on", "responsible_id", "note"


def _row(of: str) -> str:
    return f"ROW({', '.join(f'{of}.{name}' for name in KEPT)})"


DONOR_REPORT_TRIGGERS = (
    pgtrigger.FSM(
        name="sent_or_waived_once", field="state", transitions=[("due", "sent"), ("due", "waived"), ("sent", "due")]
    ),
    pgtrigger.ReadOnly(name="of_one_contribution", fields=["contribution", "created_by", "created_at"]),
    pgtrigger.Trigger(
        name="said_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state__in=["sent", "waived"]),
        func=f"""
            IF OLD.state = 'sent' AND NEW.state = 'due' AND NEW.undone_at > coalesce(OLD.undone_at, OLD.sent_at)
               AND {_row("NEW")} IS NOT DISTINCT FROM {_row("OLD")} THEN
                RETURN NEW;  -- recorded by mistake, and undone with a reason
            END IF;
            IF ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN
                RAISE EXCEPTION 'donor_report_said: report % was sent or waived, and stays as it is', OLD.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="undone_where_sent",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("undone_by_id", "undone_at", "undo_reason"),
        func="""
            IF TG_OP = 'INSERT' THEN
                IF NEW.undone_at IS NOT NULL THEN
                    RAISE EXCEPTION 'donor_report_undone: no sending of report % was recorded', NEW.id;
                END IF;
            ELSIF ROW(NEW.undone_by_id, NEW.undone_at, NEW.undo_reason)
                  IS DISTINCT FROM ROW(OLD.undone_by_id, OLD.undone_at, OLD.undo_reason)
                  AND NOT (OLD.state = 'sent' AND NEW.state = 'due') THEN
                RAISE EXCEPTION 'donor_report_undone: no sending of report % is recorded', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="owed_for_money",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("c", "funds_contribution%ROWTYPE")],
        # The contribution's row is locked: its pledge is not withdrawn, nor its signature moved, in between.
        func="""
            SELECT * INTO c FROM funds_contribution WHERE id = NEW.contribution_id FOR SHARE;
            IF TG_OP = 'INSERT' AND NEW.state <> 'due' THEN
                RAISE EXCEPTION 'donor_report_begins: a report is owed before it is sent';
            END IF;
            IF NEW.state = 'due' AND c.withdrawn_on IS NOT NULL THEN
                RAISE EXCEPTION 'donor_report_of_money: % is withdrawn', c.reference;
            END IF;
            IF NEW.state = 'sent' AND (c.signed_on IS NULL OR NEW.sent_on < c.signed_on) THEN
                RAISE EXCEPTION 'donor_report_after_signature: % is not signed on %', c.reference, NEW.sent_on;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="recorded_once_happened",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("sent_on"),
        func=f"""
            IF NEW.sent_on > {LATEST.format(moment="NEW.sent_at")} THEN
                RAISE EXCEPTION 'contribution_once_happened: what is sent on % is not recorded before', NEW.sent_on;
            END IF;
            RETURN NEW;
        """,
    ),
)
