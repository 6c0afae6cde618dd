"""What PostgreSQL itself refuses of a contribution, of what came in of it and of the envelopes it fills."""

import pgtrigger

# The day is the mission's, at most one ahead of UTC's.
LATEST = "({moment} AT TIME ZONE 'UTC')::date + 1"

TERMS = ("mechanism_id", "region_id", "theme", "currency")
PLEDGE = ("pledged_amount", "pledged_on", "pledged_rate", "pledged_rate_on")
WHO = ("reference", "is_opening", "registered_by_id", "registered_at")


def row(prefix: str, names: tuple[str, ...]) -> str:
    return f"ROW({', '.join(f'{prefix}.{name}' for name in names)})"


def has_a_meaning(name: str) -> pgtrigger.Trigger:
    """For a table with `mechanism_id` and `theme`: a mechanism that contributions fund, and a family of sectors."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("mechanism_id", "theme"),
        func="""
            IF NOT EXISTS (SELECT 1 FROM funds_mechanism WHERE code = NEW.mechanism_id AND funded_by_contributions) THEN
                RAISE EXCEPTION 'contribution_mechanism: % is not funded by contributions', NEW.mechanism_id;
            END IF;
            IF NEW.theme <> '' AND NOT EXISTS (SELECT 1 FROM funds_sector WHERE group_fr = NEW.theme) THEN
                RAISE EXCEPTION 'contribution_theme: « % » is no family of sectors', NEW.theme;
            END IF;
            RETURN NEW;
        """,
    )


CONTRIBUTION_TRIGGERS = (
    pgtrigger.Trigger(
        name="begins_as_a_pledge",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            NEW.received_amount = 0; NEW.received_usd = 0; NEW.allocated_usd = 0;
            RETURN NEW;
        """,
    ),
    has_a_meaning("earmark_has_a_meaning"),
    pgtrigger.Trigger(
        name="recorded_once_happened",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("pledged_on", "signed_on"),
        func=f"""
            IF NEW.pledged_on > {LATEST.format(moment="NEW.registered_at")}
               OR NEW.signed_on > {LATEST.format(moment="NEW.signature_at")} THEN
                RAISE EXCEPTION 'contribution_once_happened: what is promised or signed later is not recorded before';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="terms_fixed_once_signed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        # The donor agreed to these terms, and projects were given money by them.
        func=f"""
            IF {row("OLD", WHO)} IS DISTINCT FROM {row("NEW", WHO)} THEN
                RAISE EXCEPTION 'contribution_terms: who registered % and its reference stay', OLD.reference;
            END IF;
            IF OLD.signed_on IS NOT NULL
               AND {row("OLD", TERMS + PLEDGE)} IS DISTINCT FROM {row("NEW", TERMS + PLEDGE)} THEN
                RAISE EXCEPTION 'contribution_terms: contribution % is signed: its terms stay', OLD.reference;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="donor_stays",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("donor_id"),
        timing=pgtrigger.Deferred,
        # At the end of the transaction, when a merge of two records has said which one goes on.
        func="""
            IF OLD.signed_on IS NOT NULL AND OLD.donor_id <> NEW.donor_id AND NOT EXISTS (
                SELECT 1 FROM funds_organisation WHERE id = OLD.donor_id AND merged_into_id = NEW.donor_id) THEN
                RAISE EXCEPTION 'contribution_terms: contribution % is signed: its donor stays', OLD.reference;
            END IF;
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="received_is_the_sum",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("received_amount", "received_usd"),
        declare=[("amount", "numeric"), ("usd", "numeric")],
        func="""
            SELECT coalesce(sum(r.amount), 0), coalesce(sum(r.amount_usd), 0) INTO amount, usd
              FROM funds_contributionreceipt r WHERE r.contribution_id = NEW.id AND r.cancelled_at IS NULL;
            IF ROW(NEW.received_amount, NEW.received_usd) IS DISTINCT FROM ROW(amount, usd) THEN
                RAISE EXCEPTION 'received_is_the_sum: what % received is the sum of its receipts, %', NEW.reference, usd;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="signed_before_received",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("signed_on"),
        func="""
            IF EXISTS (SELECT 1 FROM funds_contributionreceipt WHERE contribution_id = NEW.id AND cancelled_at IS NULL
                          AND (NEW.signed_on IS NULL OR received_on < NEW.signed_on)) THEN
                RAISE EXCEPTION 'received_after_signature: money of % came before %', NEW.reference, NEW.signed_on;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="envelopes_stay_covered",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("received_usd"),
        func="""
            IF NEW.received_usd < OLD.received_usd THEN
                PERFORM envelopes_within_received(NEW.mechanism_id);
            END IF;
            RETURN NULL;
        """,
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
)

RECEIPT_TRIGGERS = (
    pgtrigger.ReadOnly(
        name="recorded_for_good",
        fields=["contribution", "reference", "received_on", "amount", "rate", "rate_on", "proof"]
        + ["recorded_by", "recorded_at"],
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="comes_after_signature",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("c", "funds_contribution%ROWTYPE")],
        # The contribution's row is locked first, so that its sums are read after any other receipt of it.
        func="""
            SELECT * INTO c FROM funds_contribution WHERE id = NEW.contribution_id FOR NO KEY UPDATE;
            IF c.signed_on IS NULL OR NEW.received_on < c.signed_on THEN
                RAISE EXCEPTION 'received_after_signature: % is not signed on %', c.reference, NEW.received_on;
            END IF;
            IF NEW.recorded_by_id = c.registered_by_id THEN
                RAISE EXCEPTION 'received_by_another: who registered % does not record what comes in', c.reference;
            END IF;
            IF NEW.recorded_by_id IS NULL AND NOT c.is_opening THEN
                RAISE EXCEPTION 'received_by_another: somebody records what comes in of %', c.reference;
            END IF;
            IF c.currency = 'USD' AND NEW.rate <> 1 THEN
                RAISE EXCEPTION 'contribution_usd_at_one: one USD is one USD';
            END IF;
            IF NEW.cancelled_at IS NOT NULL THEN
                RAISE EXCEPTION 'contribution_receipt_cancelled_whole: a receipt is recorded before it is cancelled';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="recorded_once_happened",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.received_on > {LATEST.format(moment="NEW.recorded_at")} THEN
                RAISE EXCEPTION 'contribution_once_happened: money that comes on % is not recorded before', NEW.received_on;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="cancelled_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__cancelled_at__isnull=False),
        func="""
            IF ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN
                RAISE EXCEPTION 'cancelled_for_good: receipt % is cancelled', OLD.reference;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="sums_follow",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("cancelled_at"),
        func="""
            PERFORM 1 FROM funds_contribution WHERE id = NEW.contribution_id FOR NO KEY UPDATE;
            UPDATE funds_contribution c SET received_amount = s.amount, received_usd = s.usd
              FROM (SELECT coalesce(sum(r.amount), 0) AS amount, coalesce(sum(r.amount_usd), 0) AS usd
                      FROM funds_contributionreceipt r
                     WHERE r.contribution_id = NEW.contribution_id AND r.cancelled_at IS NULL) s
             WHERE c.id = NEW.contribution_id;
            RETURN NULL;
        """,
    ),
)

ENVELOPE_TRIGGERS = (
    pgtrigger.Trigger(
        name="filled_by_what_came_in",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("amount_usd", "mechanism_id"),
        func="""
            IF TG_OP = 'INSERT' OR NEW.mechanism_id <> OLD.mechanism_id OR NEW.amount_usd > OLD.amount_usd THEN
                PERFORM envelopes_within_received(NEW.mechanism_id);
            END IF;
            RETURN NULL;
        """,
    ),
)

MECHANISM_TRIGGERS = (
    pgtrigger.Trigger(
        name="contributions_cover_what_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("funded_by_contributions"),
        condition=pgtrigger.Q(old__funded_by_contributions__df=pgtrigger.F("new__funded_by_contributions")),
        # Who is funded by contributions does not change under money that is set aside: see `take_contributions`.
        func="""
            IF EXISTS (SELECT 1 FROM funds_envelope WHERE mechanism_id = NEW.code AND amount_usd > 0)
               AND current_setting('portal.taking_contributions', true) IS DISTINCT FROM NEW.code THEN
                RAISE EXCEPTION 'mechanism_keeps_its_funding: % has envelopes', NEW.code;
            END IF;
            IF NOT NEW.funded_by_contributions
               AND EXISTS (SELECT 1 FROM funds_contribution WHERE mechanism_id = NEW.code) THEN
                RAISE EXCEPTION 'mechanism_keeps_its_funding: % has contributions', NEW.code;
            END IF;
            RETURN NEW;
        """,
    ),
)

SECTOR_TRIGGERS = (
    pgtrigger.Trigger(
        name="family_keeps_its_name",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("group_fr"),
        condition=pgtrigger.Q(old__group_fr__df=pgtrigger.F("new__group_fr")),
        func="""
            IF EXISTS (SELECT 1 FROM funds_contribution WHERE theme = OLD.group_fr) THEN
                RAISE EXCEPTION 'family_keeps_its_name: contributions are earmarked for « % »', OLD.group_fr;
            END IF;
            RETURN NEW;
        """,
    ),
)
