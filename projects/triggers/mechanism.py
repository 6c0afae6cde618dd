"""What PostgreSQL holds of the mechanism's own terms: ceiling and length of any mechanism and facility, belonging."""

import pgtrigger

from funds.rules import LONGEST_MONTHS
from projects.states import State

PROJECT_TRIGGERS = (
    pgtrigger.Trigger(
        name="terms_of_the_mechanism",
        # After the row's own checks, so that the law of the QIP is named when it is the law that is broken.
        when=pgtrigger.After,
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf(
            "mechanism_id", "facility_id", "focus_area_id", "budget_usd", "approved_usd", "duration_months", "state"
        ),
        declare=[
            ("most_usd", "numeric"),
            ("longest", "int"),
            ("of_facility", "text"),
            ("of_focus", "text"),
            ("anew", "boolean"),
        ],  # fmt: skip
        # A limit lowered later binds what is written, submitted or approved from then on, and nothing before.
        func=f"""
            SELECT LEAST(m.ceiling_usd, f.ceiling_usd), LEAST(m.max_months, f.max_months, {LONGEST_MONTHS}),
                   f.mechanism_id, a.mechanism_id
              INTO most_usd, longest, of_facility, of_focus
              FROM funds_mechanism m
              LEFT JOIN funds_facility f ON f.id = NEW.facility_id
              LEFT JOIN funds_focusarea a ON a.id = NEW.focus_area_id
             WHERE m.code = NEW.mechanism_id;
            IF of_facility <> NEW.mechanism_id THEN
                RAISE EXCEPTION 'facility_of_its_mechanism: the facility of project % is of another mechanism', NEW.id;
            END IF;
            IF of_focus <> NEW.mechanism_id THEN
                RAISE EXCEPTION 'focus_of_its_mechanism: the focus area of project % is of another mechanism', NEW.id;
            END IF;
            anew = TG_OP = 'INSERT' OR (NEW.state = '{State.SUBMITTED.value}' AND OLD.state <> NEW.state)
                OR ROW(NEW.mechanism_id, NEW.facility_id) IS DISTINCT FROM ROW(OLD.mechanism_id, OLD.facility_id);
            IF NEW.budget_usd > most_usd AND (anew OR NEW.budget_usd > OLD.budget_usd) THEN
                RAISE EXCEPTION 'fund_ceiling: the budget of project % is above %', NEW.id, most_usd;
            END IF;
            IF NEW.approved_usd > most_usd AND NEW.approved_usd > coalesce(OLD.approved_usd, 0) THEN
                RAISE EXCEPTION 'fund_ceiling: the approved amount of project % is above %', NEW.id, most_usd;
            END IF;
            IF NEW.duration_months > longest AND (anew OR NEW.duration_months > coalesce(OLD.duration_months, 0)) THEN
                RAISE EXCEPTION 'fund_length: the length of project % is above % months', NEW.id, longest;
            END IF;
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="facility_before_submission",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("state", "facility_id", "focus_area_id"),
        condition=pgtrigger.Q(new__state=State.SUBMITTED),
        func="""
            IF NEW.facility_id IS NULL AND EXISTS (SELECT 1 FROM funds_facility WHERE mechanism_id = NEW.mechanism_id) THEN
                RAISE EXCEPTION 'facility_before_submission: project % is submitted to a facility', NEW.id;
            END IF;
            IF NEW.focus_area_id IS NULL
               AND EXISTS (SELECT 1 FROM funds_focusarea WHERE mechanism_id = NEW.mechanism_id) THEN
                RAISE EXCEPTION 'focus_before_submission: project % is submitted under a focus area', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="facility_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("facility_id", "focus_area_id"),
        condition=~pgtrigger.Q(old__state__in=[State.DRAFT.value, State.RETURNED.value]),
        func="""
            IF ROW(NEW.facility_id, NEW.focus_area_id) IS DISTINCT FROM ROW(OLD.facility_id, OLD.focus_area_id) THEN
                RAISE EXCEPTION 'facility_for_good: project % was submitted to its facility', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
)
