"""Instalments, payments and receipts as PostgreSQL holds them: order, gates, sums, people (domain guide §7).

The gates themselves are the SQL function `instalment_gate`; `rules.instalments` says the same to people.
"""

import pgtrigger

from projects.states import PAYABLE, SETTLED, UNDER_AGREEMENT, State

from .agreement import ROW_PROJECT, in_sql, sums_hold

# What was paid and what came back, USD: a reversal counts against the kind that it undoes, which its sign tells.
PAID = "coalesce(sum(amount_usd) FILTER (WHERE kind = 'payment' OR (kind = 'reversal' AND amount_usd < 0)), 0)"
REFUNDED = "coalesce(-sum(amount_usd) FILTER (WHERE kind = 'refund' OR (kind = 'reversal' AND amount_usd > 0)), 0)"

STEPS = [
    ("planned", "requested"), ("requested", "authorised"), ("requested", "planned"), ("authorised", "planned"),
    ("authorised", "paid"), ("paid", "justified"), ("justified", "paid"), ("paid", "authorised"),
    ("justified", "authorised"),
]  # fmt: skip

INSTALMENT = (
    pgtrigger.ReadOnly(
        name="imported_for_good", fields=["imported_paid_usd", "imported_refunded_usd", "imported_justified_usd"]
    ),
    pgtrigger.FSM(name="steps_follow_the_table", field="state", transitions=STEPS),
    pgtrigger.Trigger(
        name="starts_planned",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NEW.imported_paid_usd > 0 AND being_imported(NEW.project_id) THEN
                NEW.paid_usd = NEW.imported_paid_usd; NEW.refunded_usd = NEW.imported_refunded_usd;
                NEW.justified_usd = NEW.imported_justified_usd;
                RETURN NEW;
            END IF;
            NEW.imported_paid_usd = 0; NEW.imported_refunded_usd = 0; NEW.imported_justified_usd = 0;
            IF NEW.state <> 'planned' OR NEW.settled THEN
                RAISE EXCEPTION 'starts_planned: an instalment starts as planned, not as %', NEW.state;
            END IF;
            NEW.paid_usd = 0; NEW.refunded_usd = 0; NEW.justified_usd = 0;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="gate_holds",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("state"),
        declare=[("closed_gate", "text")],
        func="""
            IF (OLD.state, NEW.state) IN (('planned', 'requested'), ('requested', 'authorised')) THEN
                PERFORM 1 FROM projects_project WHERE id = NEW.project_id FOR UPDATE;
                closed_gate = instalment_gate(NEW.id);
                IF closed_gate IS NOT NULL THEN
                    RAISE EXCEPTION 'instalment_gate: instalment % is held back: %', NEW.position, closed_gate;
                END IF;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="plan_fixed_once_asked",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.UpdateOf("amount_usd", "position", "project_id"),
        declare=[("standing", "text")],
        func=f"""
            IF TG_OP = 'INSERT' AND being_imported(NEW.project_id) THEN
                RETURN NEW;
            END IF;
            SELECT state INTO standing FROM projects_project WHERE id = {ROW_PROJECT};
            IF standing NOT IN ('{State.APPROVED.value}', {in_sql(UNDER_AGREEMENT)}) THEN
                RAISE EXCEPTION 'plan_fixed_once_asked: a project « % » has no instalment plan to write', standing;
            END IF;
            IF TG_OP = 'UPDATE' AND ROW(OLD.amount_usd, OLD.position, OLD.project_id)
               IS NOT DISTINCT FROM ROW(NEW.amount_usd, NEW.position, NEW.project_id) THEN
                RETURN NEW;
            END IF;
            IF TG_OP <> 'INSERT' AND OLD.state <> 'planned' THEN
                RAISE EXCEPTION 'plan_fixed_once_asked: instalment % has been asked for', OLD.position;
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        """,
    ),
    pgtrigger.Trigger(
        name="money_is_the_sum",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("paid_usd", "refunded_usd", "justified_usd"),
        declare=[("paid", "numeric"), ("refunded", "numeric"), ("justified", "numeric")],
        func=f"""
            SELECT {PAID}, {REFUNDED} INTO paid, refunded FROM projects_payment WHERE instalment_id = NEW.id;
            SELECT coalesce(sum(amount_usd), 0) INTO justified
              FROM projects_receipt WHERE instalment_id = NEW.id AND state = 'accepted';
            IF ROW(NEW.paid_usd, NEW.refunded_usd, NEW.justified_usd) IS DISTINCT FROM ROW(
                NEW.imported_paid_usd + paid, NEW.imported_refunded_usd + refunded, NEW.imported_justified_usd + justified
            ) THEN
                RAISE EXCEPTION 'money_is_the_sum: the sums of instalment % are those of its payments and receipts', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    sums_hold("plan_is_the_budget", ROW_PROJECT),
)

PAYMENT = (
    pgtrigger.ReadOnly(
        name="recorded_for_good",
        fields=["instalment", "kind", "reference", "paid_on", "amount_usd", "currency", "local_amount", "rate"]
        + ["rate_on", "reverses", "account", "note", "proof", "recorded_by", "recorded_at"],
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="undone_by_a_reversal",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("undone"),
        func="""
            IF NEW.undone <> EXISTS (SELECT 1 FROM projects_payment WHERE reverses_id = NEW.id) THEN
                RAISE EXCEPTION 'undone_by_a_reversal: an entry is undone by its reversal alone';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="money_moves_in_order",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[
            ("tranche", "projects_instalment%ROWTYPE"),
            ("standing", "text"),
            ("closed_gate", "text"),
            ("signed", "date"),
            ("undone", "projects_payment%ROWTYPE"),
        ],
        # The project's row is locked first: two payments at once are judged one after the other. The account is held
        # until the payment is in: nobody retires it meanwhile. The day is the mission's, at most one ahead of UTC's.
        func=f"""
            PERFORM 1 FROM projects_project p JOIN projects_instalment i ON i.project_id = p.id
              WHERE i.id = NEW.instalment_id FOR UPDATE OF p;
            SELECT * INTO tranche FROM projects_instalment WHERE id = NEW.instalment_id;
            SELECT state INTO standing FROM projects_project WHERE id = tranche.project_id;
            IF standing = '{State.CLOSED.value}' THEN
                RAISE EXCEPTION 'closed_for_good: no money moves once a project is closed';
            END IF;
            IF NEW.paid_on > (NEW.recorded_at AT TIME ZONE 'UTC')::date + 1 THEN
                RAISE EXCEPTION 'recorded_once_moved: money that moves on % is not recorded before', NEW.paid_on;
            END IF;
            NEW.undone = false;
            NEW.account_id = NULL;
            IF NEW.kind = 'payment' THEN
                IF standing NOT IN ({in_sql(PAYABLE)}) THEN
                    RAISE EXCEPTION 'instalment_gate: nothing is paid while the project is « % »', standing;
                END IF;
                IF tranche.state <> 'authorised' THEN
                    RAISE EXCEPTION 'instalment_gate: instalment % is not authorised', tranche.position;
                END IF;
                closed_gate = instalment_gate(tranche.id);
                IF closed_gate IS NOT NULL THEN
                    RAISE EXCEPTION 'instalment_gate: instalment % is held back: %', tranche.position, closed_gate;
                END IF;
                IF NEW.recorded_by_id IN (tranche.requested_by_id, tranche.authorised_by_id) THEN
                    RAISE EXCEPTION 'paid_by_another: who asks for or authorises an instalment does not record its payment';
                END IF;
                SELECT greatest(partner_signed_on, mission_signed_on) INTO signed
                  FROM projects_agreement WHERE project_id = tranche.project_id;
                IF NEW.paid_on < signed THEN
                    RAISE EXCEPTION 'paid_after_signature: nothing is paid before the agreement was signed, on %', signed;
                END IF;
                SELECT a.id INTO NEW.account_id FROM funds_bankaccount a
                    JOIN projects_project p ON p.partner_id = a.organisation_id
                  WHERE p.id = tranche.project_id AND a.status = 'verified' FOR SHARE OF a;
                IF NEW.account_id IS NULL THEN
                    RAISE EXCEPTION 'instalment_gate: instalment % is held back: bank', tranche.position;
                END IF;
            ELSIF NEW.kind = 'reversal' THEN
                SELECT * INTO undone FROM projects_payment WHERE id = NEW.reverses_id;
                IF undone.kind = 'reversal' OR undone.instalment_id <> NEW.instalment_id
                   OR undone.amount_usd <> -NEW.amount_usd THEN
                    RAISE EXCEPTION 'reversal_mirrors: a reversal undoes one whole entry of the same instalment';
                END IF;
                IF undone.recorded_by_id = NEW.recorded_by_id THEN
                    RAISE EXCEPTION 'reversed_by_another: who recorded an entry does not undo it alone';
                END IF;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="sums_follow",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("target", "bigint")],
        func=f"""
            UPDATE projects_payment SET undone = true WHERE id = NEW.reverses_id;
            UPDATE projects_instalment i SET paid_usd = i.imported_paid_usd + s.paid,
                   refunded_usd = i.imported_refunded_usd + s.refunded
              FROM (SELECT {PAID} AS paid, {REFUNDED} AS refunded
                      FROM projects_payment WHERE instalment_id = NEW.instalment_id) s
             WHERE i.id = NEW.instalment_id RETURNING i.project_id INTO target;
            UPDATE projects_project p
               SET paid_usd = s.paid, refunded_usd = s.refunded,
                   reserved_usd = CASE WHEN p.state IN ({in_sql(SETTLED)}) THEN s.paid - s.refunded ELSE p.reserved_usd END
              FROM (SELECT coalesce(sum(paid_usd), 0) AS paid, coalesce(sum(refunded_usd), 0) AS refunded
                      FROM projects_instalment WHERE project_id = target) s
             WHERE p.id = target;
            RETURN NULL;
        """,
    ),
)

RECEIPT = (
    pgtrigger.FSM(
        name="judged_once",
        field="state",
        transitions=[("submitted", "accepted"), ("submitted", "rejected"), ("accepted", "rejected")],
    ),
    pgtrigger.ReadOnly(
        name="filed_for_good",
        fields=["instalment", "line", "number", "supplier", "issued_on", "amount_usd", "currency", "local_amount"]
        + ["rate", "rate_on", "document", "entered_by", "entered_at"],
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="belongs_to_the_project",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("target", "bigint"), ("standing", "text")],
        func=f"""
            SELECT i.project_id INTO target FROM projects_instalment i JOIN projects_agreedline l
                ON l.project_id = i.project_id AND l.id = NEW.line_id WHERE i.id = NEW.instalment_id;
            IF target IS NULL THEN
                RAISE EXCEPTION 'belongs_to_the_project: the line and the instalment are of two projects';
            END IF;
            SELECT state INTO standing FROM projects_project WHERE id = target FOR UPDATE;
            IF standing = '{State.CLOSED.value}' THEN
                RAISE EXCEPTION 'closed_for_good: no receipt changes once a project is closed';
            END IF;
            IF TG_OP = 'INSERT' AND NEW.state <> 'submitted' THEN
                RAISE EXCEPTION 'judged_once: a receipt is entered before it is judged';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="sums_follow",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("state"),
        declare=[("target", "bigint")],
        func="""
            UPDATE projects_agreedline l SET spent_usd = s.spent
              FROM (SELECT coalesce(sum(amount_usd), 0) AS spent
                      FROM projects_receipt WHERE line_id = NEW.line_id AND state = 'accepted') s
             WHERE l.id = NEW.line_id;
            UPDATE projects_instalment i SET justified_usd = i.imported_justified_usd + s.justified
              FROM (SELECT coalesce(sum(amount_usd), 0) AS justified
                      FROM projects_receipt WHERE instalment_id = NEW.instalment_id AND state = 'accepted') s
             WHERE i.id = NEW.instalment_id RETURNING i.project_id INTO target;
            UPDATE projects_project p SET justified_usd = s.justified
              FROM (SELECT coalesce(sum(justified_usd), 0) AS justified
                      FROM projects_instalment WHERE project_id = target) s
             WHERE p.id = target;
            RETURN NULL;
        """,
    ),
)
