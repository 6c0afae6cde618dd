"""What PostgreSQL itself refuses of a concept note, and the sum that it keeps of its outline."""

import pgtrigger

from funds import concept_note_rules as rules

from .contribution_triggers import has_a_meaning, row

CONTENT = (
    *(f"{n}_id" if n in ("mechanism", "priority") else n for names in rules.SECTIONS.values() for n in names),
    "budget_usd",
)
OPEN = ", ".join(f"'{status}'" for status in rules.WRITABLE)

NOTE_TRIGGERS = (
    has_a_meaning("concept_note_has_a_meaning"),
    pgtrigger.FSM(name="concept_note_follows", field="status", transitions=list(rules.TRANSITIONS)),
    pgtrigger.Trigger(
        name="concept_note_begins",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            NEW.budget_usd = 0;
            IF NEW.status <> 'draft' THEN
                RAISE EXCEPTION 'concept_note_begins: a note begins as a draft';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="concept_note_for_a_donor",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Q(new__status=rules.SHARED),
        func="""
            IF NOT EXISTS (SELECT 1 FROM funds_notedonor WHERE note_id = NEW.id) THEN
                RAISE EXCEPTION 'concept_note_for_a_donor: note % is for nobody', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="concept_note_in_force",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("priority_id"),
        condition=pgtrigger.Q(new__priority__isnull=False),
        func="""
            IF TG_OP = 'UPDATE' AND NEW.priority_id IS NOT DISTINCT FROM OLD.priority_id THEN
                RETURN NEW;
            END IF;
            IF NOT EXISTS (SELECT 1 FROM regions_priority p JOIN regions_plan l ON l.id = p.plan_id
                            WHERE p.id = NEW.priority_id AND l.status = 'validated') THEN
                RAISE EXCEPTION 'priority_in_force: note % serves no priority in force', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="concept_note_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF OLD.status NOT IN ({OPEN}) AND {row("OLD", CONTENT)} IS DISTINCT FROM {row("NEW", CONTENT)} THEN
                RAISE EXCEPTION 'concept_note_stays: note % was answered', OLD.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
)


def stays_with_its_note(name: str) -> pgtrigger.Trigger:
    """What hangs on a note changes only while the note is written; the note's row is locked first."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("stands", "text")],
        func=f"""
            SELECT status INTO stands FROM funds_conceptnote
             WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.note_id ELSE NEW.note_id END FOR NO KEY UPDATE;
            IF stands NOT IN ({OPEN}) THEN
                RAISE EXCEPTION 'concept_note_stays: the note was answered';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,  # noqa: S608  our own names
    )


REGION_TRIGGERS = (stays_with_its_note("region_stays"),)
# A donor's record may be merged into another whatever became of the note.
DONOR_TRIGGERS = (pgtrigger.ReadOnly(name="note_stays", fields=["note"]),)
LINE_TRIGGERS = (
    stays_with_its_note("line_stays"),
    pgtrigger.Trigger(
        name="sum_follows",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            UPDATE funds_conceptnote SET budget_usd = coalesce(
                (SELECT sum(amount_usd) FROM funds_noteline WHERE note_id = funds_conceptnote.id), 0)
             WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.note_id ELSE NEW.note_id END;
            RETURN NULL;
        """,
    ),
)
