"""What PostgreSQL holds of the mechanism's own terms: ceiling and length of any mechanism and facility, belonging."""

import pgtrigger

from funds.rules import LONGEST_MONTHS
from projects.lifecycle_table import ROAD
from projects.states import State

# The state that a step leads to → the step, as `funds.DocumentStep` names it.
STEP_OF_STATE = " ".join(
    f"WHEN '{ROAD[step][1].value}' THEN '{step}'"
    for step in ("submit", "approve", "sign_agreement", "complete", "close")
)


def shares_hold(key: str) -> str:
    """The others leave something to the lead, who is none of them; `key` is that of the project."""
    return f"""
        IF (SELECT coalesce(sum(share), 0) FROM projects_recipient WHERE project_id = {key}) >= 100 THEN
            RAISE EXCEPTION 'recipients_are_the_whole: the other recipients of project % leave nothing to the lead', {key};
        END IF;
        IF EXISTS (SELECT 1 FROM projects_recipient r JOIN projects_project p ON p.id = r.project_id
                    WHERE p.id = {key} AND r.organisation_id = p.partner_id) THEN
            RAISE EXCEPTION 'recipients_are_others: the lead of project % is also among the others', {key};
        END IF;
        RETURN NULL;
    """


PROJECT_TRIGGERS = (
    pgtrigger.Trigger(
        name="recipients_hold",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("partner_id", "state"),
        timing=pgtrigger.Deferred,
        func=shares_hold("NEW.id"),
    ),
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
            IF EXISTS (SELECT 1 FROM funds_marker m WHERE m.mechanism_id = NEW.mechanism_id AND NOT EXISTS (
                SELECT 1 FROM projects_projectmarker a WHERE a.project_id = NEW.id AND a.marker_id = m.id)) THEN
                RAISE EXCEPTION 'answers_before_submission: a marker of project % is not given', NEW.id;
            END IF;
            IF EXISTS (SELECT 1 FROM funds_formquestion q JOIN funds_formsection s ON s.id = q.section_id
                        WHERE s.mechanism_id = NEW.mechanism_id AND q.required AND NOT EXISTS (
                SELECT 1 FROM projects_projectanswer a
                 WHERE a.project_id = NEW.id AND a.question_id = q.id AND a.text ~ '[^[:space:]]')) THEN
                RAISE EXCEPTION 'answers_before_submission: a question to project % is not answered', NEW.id;
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
    pgtrigger.Trigger(
        name="headquarters_cleared_first",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("approved_usd"),
        condition=pgtrigger.Q(new__approved_usd__isnull=False)
        & pgtrigger.Q(new__approved_usd__df=pgtrigger.F("old__approved_usd")),
        func="""
            IF NEW.approved_usd > coalesce(OLD.approved_usd, 0)
               AND NEW.approved_usd > (SELECT headquarters_above_usd FROM funds_mechanism WHERE code = NEW.mechanism_id)
               AND NOT EXISTS (SELECT 1 FROM projects_headquartersclearance
                                WHERE project_id = NEW.id AND amount_usd >= NEW.approved_usd)
               AND NOT being_imported(NEW.id) THEN  -- headquarters had its word before this portal
                RAISE EXCEPTION 'headquarters_cleared_first: headquarters has not cleared % for project %',
                    NEW.approved_usd, NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="documents_before_each_step",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
        declare=[("lacking", "text")],
        func=f"""
            SELECT d.code INTO lacking FROM funds_requireddocument d
             WHERE d.mechanism_id = NEW.mechanism_id
               AND d.step = CASE NEW.state {STEP_OF_STATE} END
               AND NOT EXISTS (SELECT 1 FROM projects_attachment a JOIN documents_document f ON f.id = a.document_id
                                WHERE a.project_id = NEW.id AND a.asked_id = d.id AND f.withdrawn_at IS NULL)
             LIMIT 1;
            IF lacking IS NOT NULL AND NOT being_imported(NEW.id) THEN  -- they lie in the file on paper
                RAISE EXCEPTION 'documents_before_each_step: project % lacks the document %', NEW.id, lacking;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="answers_leave_with_the_mechanism",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("mechanism_id"),
        condition=pgtrigger.Q(old__mechanism_id__df=pgtrigger.F("new__mechanism_id")),
        func="""
            DELETE FROM projects_projectmarker WHERE project_id = NEW.id;
            DELETE FROM projects_projectanswer WHERE project_id = NEW.id;
            DELETE FROM projects_recipient WHERE project_id = NEW.id;
            UPDATE projects_attachment SET asked_id = NULL WHERE project_id = NEW.id AND asked_id IS NOT NULL;
            RETURN NULL;
        """,
    ),
)


def while_written(name: str, wrong: str) -> tuple[pgtrigger.Trigger, ...]:
    """A row of a proposal that answers to its mechanism: of that very mechanism, and fixed once submitted.

    `wrong` is SQL that finds a row when what `NEW` answers is not of the mechanism of the project `p`.
    """
    return (
        pgtrigger.Trigger(
            name=f"{name}_of_its_mechanism",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=f"""
                IF EXISTS (SELECT 1 FROM projects_project p WHERE p.id = NEW.project_id AND ({wrong})) THEN
                    RAISE EXCEPTION 'answers_of_its_mechanism: this is not asked of project %', NEW.project_id;
                END IF;
                RETURN NEW;
            """,
        ),
        pgtrigger.Trigger(
            name=f"{name}_fixed_once_submitted",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("current_state", "text")],
            func=f"""
                SELECT state INTO current_state FROM projects_project
                 WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;
                IF current_state NOT IN ('{State.DRAFT.value}', '{State.RETURNED.value}') THEN
                    RAISE EXCEPTION 'answers_fixed_once_submitted: what the fund was told can no longer change';
                END IF;
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            """,
        ),
    )


MARKER_TRIGGERS = while_written(
    "marker",
    "NOT EXISTS (SELECT 1 FROM funds_marker m JOIN funds_markerlevel l ON l.marker_id = m.id"
    " WHERE m.id = NEW.marker_id AND l.id = NEW.level_id AND m.mechanism_id = p.mechanism_id)",
)
ANSWER_TRIGGERS = while_written(
    "answer",
    "NOT EXISTS (SELECT 1 FROM funds_formquestion q JOIN funds_formsection s ON s.id = q.section_id"
    " WHERE q.id = NEW.question_id AND s.mechanism_id = p.mechanism_id)",
)

CLEARANCE_TRIGGERS = (pgtrigger.Protect(name="cleared_for_good", operation=pgtrigger.Update | pgtrigger.Delete),)

ATTACHMENT_TRIGGERS = (
    pgtrigger.Trigger(
        name="asked_by_its_mechanism",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("asked_id", "project_id"),
        condition=pgtrigger.Q(new__asked_id__isnull=False),
        func="""
            IF NOT EXISTS (SELECT 1 FROM projects_project p JOIN funds_requireddocument d ON d.mechanism_id = p.mechanism_id
                            WHERE p.id = NEW.project_id AND d.id = NEW.asked_id) THEN
                RAISE EXCEPTION 'asked_by_its_mechanism: project % is not asked for this document', NEW.project_id;
            END IF;
            RETURN NEW;
        """,
    ),
)

RECIPIENT_TRIGGERS = (
    while_written("recipient", "NOT (SELECT several_recipients FROM funds_mechanism WHERE code = p.mechanism_id)")[0],
    pgtrigger.Trigger(
        name="shares_fixed_once_submitted",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("current_state", "text")],
        # The organisation itself may change, as the lead may: a duplicate of the registry is merged.
        func=f"""
            SELECT state INTO current_state FROM projects_project
             WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;
            IF current_state NOT IN ('{State.DRAFT.value}', '{State.RETURNED.value}')
               AND (TG_OP <> 'UPDATE' OR NEW.share <> OLD.share OR NEW.project_id <> OLD.project_id) THEN
                RAISE EXCEPTION 'answers_fixed_once_submitted: the shares can no longer change';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        """,
    ),
    pgtrigger.Trigger(
        name="shares_hold",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=shares_hold("NEW.project_id"),
    ),
)
