"""What PostgreSQL itself refuses of a report that is owed to a donor."""

import pgtrigger

from .contribution_triggers import LATEST

DONOR_REPORT_TRIGGERS = (
    pgtrigger.FSM(name="sent_or_waived_once", field="state", transitions=[("due", "sent"), ("due", "waived")]),
    pgtrigger.ReadOnly(name="of_one_contribution", fields=["contribution", "created_by", "created_at"]),
    pgtrigger.Trigger(
        name="said_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state__in=["sent", "waived"]),
        func="""
            IF ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN
                RAISE EXCEPTION 'donor_report_said: report % was sent or waived, and stays as it is', OLD.id;
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
