"""The deadlines of a project follow whatever is written of it, in the writer's own transaction (`refresh_deadlines`)."""

from collections.abc import Iterable

import pgtrigger

ROW_PROJECT = "CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END"
ANY = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def deadlines_follow(
    *reads: str, project: str = ROW_PROJECT, operation: pgtrigger.Operation = ANY
) -> pgtrigger.Trigger:
    """After a change of what the deadlines read of the row; every insertion and deletion counts.

    `reads` are SQL over `row` (`row.state`), all that the view reads of this table but the project's key. `project` is
    SQL for the key of the project that the row is of.
    """
    unchanged = ""
    if reads:
        unchanged = f"""
            IF TG_OP = 'UPDATE' AND {same(("row.project_id", *reads) if project is ROW_PROJECT else reads, "OLD", "NEW")} THEN
                RETURN NULL;
            END IF;"""
    return pgtrigger.Trigger(
        name="deadlines_follow",
        when=pgtrigger.After,
        operation=operation,
        func=f"""{unchanged}
            PERFORM refresh_deadlines(ARRAY[{project}]);
            RETURN NULL;
        """,
    )


def same(reads: Iterable[str], before: str, after: str) -> str:
    """SQL: what is read of two versions of a row is the same."""
    of = [", ".join(read.replace("row.", f"{version}.") for read in reads) for version in (before, after)]
    return f"ROW({of[0]}) IS NOT DISTINCT FROM ROW({of[1]})"


# What a deadline reads of the project's own row. Once a statement and not once a row: projects are written in bulk.
READ = (
    "row.state", "row.state_since", "row.submitted_at", "row.starts_on", "row.ends_on", "row.partner_id", "row.mechanism_id",
    "row.region_id",
    "row.paid_usd",  # each payment moves it, and a payment is what meets an instalment's day
    "row.state = 'cancelled' AND row.paid_usd - row.refunded_usd > row.justified_usd",
)  # fmt: skip
OF_PROJECT = (
    pgtrigger.Trigger(
        name="deadlines_begin",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func="""
            PERFORM refresh_deadlines(ARRAY(SELECT id FROM new_rows));
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="deadlines_follow",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
        func=f"""
            PERFORM refresh_deadlines(ARRAY(
                SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
                 WHERE NOT ({same(READ, "o", "n")})));
            RETURN NULL;
        """,
    ),
)
OF_STEP = deadlines_follow(project="NEW.project_id", operation=pgtrigger.Insert)
OF_SCREENING = deadlines_follow("row.screener_id", "row.closed_at")
OF_VISIT = deadlines_follow("row.state", "row.kind", "row.planned_on", "row.done_on", "row.visitor_id")
OF_FINDING = deadlines_follow("row.text", "row.due_on", "row.created_at", "row.closed_at", "row.owner_id")
OF_INSTALMENT = deadlines_follow(
    "row.position", "row.planned_on", "row.state",
    "row.requested_at", "row.requested_by_id", "row.authorised_at", "row.authorised_by_id",
)  # fmt: skip
OF_REPORT = deadlines_follow(
    "row.kind", "row.state", "row.instalment_id", "row.written_by_id", "row.submitted_by_id", "row.submitted_at",
    "row.due_on", "row.period_to",
    "CASE WHEN row.state = 'returned' THEN row.updated_at END",
)  # fmt: skip
OF_REPORT_RETURN = deadlines_follow(
    project="(SELECT project_id FROM projects_report WHERE id = NEW.report_id)", operation=pgtrigger.Insert
)
OF_RECEIPT = deadlines_follow(
    "row.state", "row.entered_at", "row.instalment_id",
    project="(SELECT project_id FROM projects_instalment WHERE id ="
    " CASE WHEN TG_OP = 'DELETE' THEN OLD.instalment_id ELSE NEW.instalment_id END)",
)  # fmt: skip
OF_AMENDMENT = deadlines_follow("row.number", "row.state", "row.submitted_at", "row.written_by_id")
OF_HANDOVER = deadlines_follow("row.kind", "row.held_on", "row.reservations_due_on")
OF_SUSTAINABILITY_CHECK = deadlines_follow("row.checked_on")
