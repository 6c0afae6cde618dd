"""What PostgreSQL itself refuses of a bank account, whoever writes."""

import pgtrigger

# The only writer that may replace a number's token: `services.bank_keys`, which checks that the number is the same.
RESEALING = "portal.resealing_bank_accounts"

NUMBER_FOR_GOOD = pgtrigger.Trigger(
    name="number_for_good",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange("number_encrypted", "fingerprint"),
    func=f"""IF current_setting('{RESEALING}', true) IS DISTINCT FROM 'on' THEN
            RAISE EXCEPTION 'bank_account_number_for_good: the number of account % never changes', OLD.id;
        END IF;
        RETURN NEW;""",
)

VERIFIED_ONE_STEP_AT_A_TIME = (
    pgtrigger.FSM(
        name="status_follows_the_table",
        field="status",
        transitions=[
            ("to_verify", "verified"),
            ("to_verify", "rejected"),
            ("to_verify", "retired"),
            ("verified", "retired"),
        ],
    ),
    pgtrigger.Trigger(
        name="begins_to_verify",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__status__df="to_verify"),
        func="RAISE EXCEPTION 'bank_account_begins_to_verify: an account is verified after it was entered';",
    ),
)

DECISIONS_FOR_GOOD = pgtrigger.Trigger(
    name="decisions_for_good",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition(
        """((OLD."verified_at" IS NOT NULL AND (OLD."verified_at", OLD."verified_by_id")
                IS DISTINCT FROM (NEW."verified_at", NEW."verified_by_id"))
            OR (OLD."closed_at" IS NOT NULL AND (OLD."closed_at", OLD."closed_by_id", OLD."closing_reason")
                IS DISTINCT FROM (NEW."closed_at", NEW."closed_by_id", NEW."closing_reason")))"""
    ),
    func="RAISE EXCEPTION 'bank_account_decisions_for_good: who decided, when and why never change';",
)
