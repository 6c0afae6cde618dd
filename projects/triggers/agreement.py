"""The agreement's budget: its lines and its instalments sum to the approved amount, to the cent (domain guide §7)."""

import pgtrigger

from projects.states import UNDER_AGREEMENT


def in_sql(states) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


def sums_hold(name: str, project: str) -> pgtrigger.Trigger:
    """At the end of the transaction, so that several rows may change together (see `agreement_sums_hold` in SQL)."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        func=f"""
            PERFORM agreement_sums_hold({project});
            RETURN NULL;
        """,
    )


ROW_PROJECT = "CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END"

AGREEMENT = (
    pgtrigger.Trigger(
        name="signed_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__signed_at__isnull=False),
        func="""
            IF TG_OP = 'DELETE' OR ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN
                RAISE EXCEPTION 'signed_for_good: agreement % is signed: it changes by an amendment', OLD.number;
            END IF;
            RETURN NEW;
        """,
    ),
)

AGREEMENT_COPY = (
    pgtrigger.Trigger(
        name="signed_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("signed", "timestamptz")],
        func="""
            SELECT signed_at INTO signed FROM projects_agreement
             WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.agreement_id ELSE OLD.agreement_id END;
            IF signed IS NOT NULL THEN
                RAISE EXCEPTION 'signed_for_good: the agreement is signed: its copies stay as they are';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        """,
    ),
)

AGREED_LINE = (
    sums_hold("lines_are_the_budget", ROW_PROJECT),
    pgtrigger.Trigger(
        name="spent_is_the_sum",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("spent_usd"),
        declare=[("spent", "numeric")],
        func="""
            SELECT coalesce(sum(amount_usd), 0) INTO spent
              FROM projects_receipt WHERE line_id = NEW.id AND state = 'accepted';
            IF NEW.spent_usd <> spent THEN
                RAISE EXCEPTION 'spent_is_the_sum: what was spent on line % is the sum of its receipts, %', NEW.id, spent;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="shift_within_share",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("amount_usd", "baseline_usd"),
        declare=[("share", "numeric"), ("standing", "text")],
        func=f"""
            SELECT m.line_shift_max, p.state INTO share, standing
              FROM projects_project p JOIN funds_mechanism m ON m.code = p.mechanism_id WHERE p.id = NEW.project_id;
            IF standing IN ({in_sql(UNDER_AGREEMENT)})
               AND abs(NEW.amount_usd - NEW.baseline_usd) > round(NEW.baseline_usd * share / 100, 2) THEN
                RAISE EXCEPTION 'shift_within_share: more than % %% of line % asks for an amendment', share, NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
)
