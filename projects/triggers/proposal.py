"""What PostgreSQL itself holds about projects, whoever writes: states, sums, reservations, places."""

import pgtrigger

from projects.lifecycle_table import ALLOWED_CHANGES
from projects.states import IMPORTED, SETTLED, UNDER_AGREEMENT, State

PROJECT_TRIGGERS = (
    pgtrigger.Trigger(
        name="partner_carries_projects",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("partner_id"),
        condition=pgtrigger.Q(new__partner__isnull=False),
        declare=[("retired", "boolean"), ("implements", "boolean")],
        # The lock waits for a merge under way, which would leave the project with a record that no longer lives.
        func="""
            IF TG_OP = 'UPDATE' AND NEW.partner_id IS NOT DISTINCT FROM OLD.partner_id THEN
                RETURN NEW;
            END IF;
            SELECT merged_into_id IS NOT NULL, is_implementing INTO retired, implements
              FROM funds_organisation WHERE id = NEW.partner_id FOR KEY SHARE;
            IF retired THEN
                RAISE EXCEPTION 'partner_is_retired: organisation % was merged into another', NEW.partner_id;
            ELSIF NOT implements THEN
                RAISE EXCEPTION 'partner_does_not_implement: organisation % carries out no projects', NEW.partner_id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.FSM(
        name="state_follows_the_table",
        field="state",
        transitions=[*ALLOWED_CHANGES, *((State.DRAFT.value, state.value) for state in sorted(IMPORTED))],
    ),
    pgtrigger.Trigger(
        name="enters_by_an_import",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Q(old__state=State.DRAFT, new__state__in=sorted(IMPORTED)),
        func="""
            IF NOT EXISTS (SELECT 1 FROM projects_importedproject
                            WHERE project_id = NEW.id AND state = NEW.state AND transaction = txid_current()) THEN
                RAISE EXCEPTION 'Invalid transition of field "state" from "%" to "%": not by an import', OLD.state, NEW.state;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="starts_as_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.state <> '{State.DRAFT.value}' THEN
                RAISE EXCEPTION 'starts_as_draft: a project starts as a draft, not as %', NEW.state;
            END IF;
            NEW.budget_usd = 0; NEW.community_usd = 0; NEW.reserved_usd = 0;
            NEW.paid_usd = 0; NEW.refunded_usd = 0; NEW.justified_usd = 0; NEW.amended_usd = 0;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="budget_is_the_sum",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("budget_usd", "community_usd"),
        declare=[("budget", "numeric"), ("community", "numeric")],
        func="""
            SELECT coalesce(sum(amount_usd), 0), coalesce(sum(community_usd), 0) INTO budget, community
              FROM projects_budgetline WHERE project_id = NEW.id;
            IF NEW.budget_usd <> budget OR NEW.community_usd <> community THEN
                RAISE EXCEPTION 'budget_is_the_sum: the budget of project % is the sum of its lines, %', NEW.id, budget;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="money_is_the_sum",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("paid_usd", "refunded_usd", "justified_usd"),
        declare=[("paid", "numeric"), ("refunded", "numeric"), ("justified", "numeric")],
        func="""
            SELECT coalesce(sum(paid_usd), 0), coalesce(sum(refunded_usd), 0), coalesce(sum(justified_usd), 0)
              INTO paid, refunded, justified FROM projects_instalment WHERE project_id = NEW.id;
            IF ROW(NEW.paid_usd, NEW.refunded_usd, NEW.justified_usd) IS DISTINCT FROM ROW(paid, refunded, justified) THEN
                RAISE EXCEPTION 'money_is_the_sum: the sums of project % are those of its instalments', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="approved_moves_by_amendment",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("approved_usd", "amended_usd"),
        condition=pgtrigger.Q(old__approved_usd__isnull=False),
        declare=[("delta", "numeric")],
        func="""
            SELECT coalesce(sum(budget_delta_usd), 0) INTO delta
              FROM projects_amendment WHERE project_id = NEW.id AND state = 'approved';
            IF NEW.amended_usd <> delta OR NEW.approved_usd IS NULL
               OR NEW.approved_usd - NEW.amended_usd <> OLD.approved_usd - OLD.amended_usd THEN
                RAISE EXCEPTION 'approved_moves_by_amendment: the approved amount of project % changes by an amendment', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="agreed_sums_hold",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("state", "approved_usd"),
        timing=pgtrigger.Deferred,
        func="""
            PERFORM agreement_sums_hold(NEW.id);
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="shares_hold_at_signature",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Q(old__state=State.APPROVED, new__state=State.AGREED),
        func="""
            PERFORM agreement_is_whole(NEW.id);
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="start_is_agreed",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("starts_on"),
        condition=pgtrigger.Q(old__state__in=sorted(state.value for state in UNDER_AGREEMENT | SETTLED))
        & pgtrigger.Q(old__starts_on__df=pgtrigger.F("new__starts_on")),
        func="""
            RAISE EXCEPTION 'start_is_agreed: the start of project % is that of its signed agreement', NEW.id;
        """,
    ),
    pgtrigger.Trigger(
        name="envelope_keeps_reservations",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'UPDATE' AND OLD.reserved_usd = NEW.reserved_usd
               AND OLD.envelope_id IS NOT DISTINCT FROM NEW.envelope_id THEN
                RETURN NULL;
            END IF;
            IF TG_OP <> 'INSERT' AND OLD.envelope_id IS NOT NULL AND OLD.reserved_usd <> 0 THEN
                UPDATE funds_envelope SET reserved_usd = reserved_usd - OLD.reserved_usd WHERE id = OLD.envelope_id;
            END IF;
            IF TG_OP <> 'DELETE' AND NEW.envelope_id IS NOT NULL AND NEW.reserved_usd <> 0 THEN
                UPDATE funds_envelope SET reserved_usd = reserved_usd + NEW.reserved_usd WHERE id = NEW.envelope_id;
            END IF;
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="place_is_in_region",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("region_id", "cercle_id", "latitude", "longitude"),
        func="""
            IF NEW.cercle_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM regions_cercle WHERE id = NEW.cercle_id AND region_id = NEW.region_id) THEN
                RAISE EXCEPTION 'cercle_in_region: the cercle of project % lies in another region', NEW.id;
            END IF;
            IF NEW.latitude IS NOT NULL AND NEW.longitude IS NOT NULL
               AND NOT region_contains(NEW.region_id, NEW.latitude::float8, NEW.longitude::float8) THEN
                RAISE EXCEPTION 'point_in_region: the point of project % lies outside its region', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="reference_is_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("reference", "region_id", "mechanism_id"),
        condition=pgtrigger.Q(old__reference__isnull=False),
        func="""
            IF NEW.reference IS DISTINCT FROM OLD.reference OR NEW.region_id <> OLD.region_id
               OR NEW.mechanism_id <> OLD.mechanism_id THEN
                RAISE EXCEPTION 'reference_is_for_good: % keeps its reference, region and mechanism', OLD.reference;
            END IF;
            RETURN NEW;
        """,
    ),
)

BUDGET_LINE_TRIGGERS = (
    pgtrigger.Trigger(
        name="project_budget_follows",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("target", "bigint")],
        # The project's row is locked first, so that the sum below is read after any other writer of its lines.
        func="""
            IF TG_OP = 'UPDATE' AND OLD.project_id <> NEW.project_id THEN
                RAISE EXCEPTION 'line_keeps_project: a budget line does not move to another project';
            END IF;
            target = CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;
            PERFORM 1 FROM projects_project WHERE id = target FOR UPDATE;
            UPDATE projects_project p
               SET budget_usd = s.budget, community_usd = s.community
              FROM (SELECT coalesce(sum(amount_usd), 0) AS budget, coalesce(sum(community_usd), 0) AS community
                      FROM projects_budgetline WHERE project_id = target) s
             WHERE p.id = target AND (p.budget_usd <> s.budget OR p.community_usd <> s.community);
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="lines_fixed_once_submitted",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("current_state", "text")],
        func=f"""
            SELECT state INTO current_state FROM projects_project
             WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;
            IF current_state NOT IN ('{State.DRAFT.value}', '{State.RETURNED.value}') THEN
                RAISE EXCEPTION 'lines_fixed_once_submitted: the budget can no longer change';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        """,
    ),
)
