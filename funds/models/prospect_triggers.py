"""What PostgreSQL itself refuses of a prospect and of the journal of its contacts."""

import pgtrigger

from funds import prospect_rules as rules
from regions.models.plan_triggers import serves_its_region

from .contribution_triggers import LATEST, has_a_meaning, row

# What a won prospect said is what its contribution was made from; a merge of organisations may still move its donor.
SAID = (
    "title", "mechanism_id", "region_id", "theme", "currency", "amount", "rate", "rate_on", "expected_on",
    "contribution_id", "closed_on", "registered_by_id", "registered_at",
)  # fmt: skip


PROSPECT_TRIGGERS = (
    pgtrigger.Trigger(
        name="prospect_begins_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.stage NOT IN ({", ".join(f"'{stage}'" for stage in rules.OPEN)}) THEN
                RAISE EXCEPTION 'prospect_begins_open: a prospect is registered before it is won or lost';
            END IF;
            IF NEW.registered_by_id IS NULL THEN
                RAISE EXCEPTION 'prospect_begins_open: somebody registers a prospect';
            END IF;
            RETURN NEW;
        """,
    ),
    has_a_meaning("prospect_has_a_meaning"),
    pgtrigger.FSM(name="prospect_stage_follows", field="stage", transitions=list(rules.TRANSITIONS)),
    pgtrigger.Trigger(
        name="prospect_won_by_its_donor",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("stage", "contribution_id"),
        func="""
            IF NEW.stage = 'won' AND OLD.stage <> 'won' AND NOT EXISTS (
                SELECT 1 FROM funds_contribution WHERE id = NEW.contribution_id
                   AND donor_id = NEW.donor_id AND mechanism_id = NEW.mechanism_id AND withdrawn_on IS NULL
            ) THEN
                RAISE EXCEPTION 'prospect_won_by_its_donor: the contribution is of another donor or mechanism';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="prospect_won_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__stage=rules.WON),
        func=f"""
            IF {row("OLD", SAID)} IS DISTINCT FROM {row("NEW", SAID)} THEN
                RAISE EXCEPTION 'prospect_won_stays: prospect % is won', OLD.id;
            END IF;
            RETURN NEW;
        """,
    ),
    serves_its_region("prospect"),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
)

CONTACT_TRIGGERS = (
    pgtrigger.Protect(name="written_for_good", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="recorded_once_happened",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.held_on > {LATEST.format(moment="NEW.recorded_at")} THEN
                RAISE EXCEPTION 'contribution_once_happened: a contact on % is not noted before', NEW.held_on;
            END IF;
            RETURN NEW;
        """,
    ),
)
