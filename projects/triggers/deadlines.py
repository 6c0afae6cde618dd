"""The deadlines of a project follow whatever is written of it, in the writer's own transaction (`refresh_deadlines`)."""

import pgtrigger

ROW_PROJECT = "CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END"
ANY = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def deadlines_follow(project: str = ROW_PROJECT, operation: pgtrigger.Operation = ANY) -> pgtrigger.Trigger:
    """`project` is SQL for the key of the project that the row is of, or for an array of several."""
    keys = project if "ARRAY" in project else f"ARRAY[{project}]"
    return pgtrigger.Trigger(
        name="deadlines_follow",
        when=pgtrigger.After,
        operation=operation,
        func=f"""
            PERFORM refresh_deadlines({keys});
            RETURN NULL;
        """,
    )


# What a deadline reads of the project's own row. Once a statement and not once a row: projects are written in bulk.
READ = (
    "state", "state_since", "submitted_at", "starts_on", "ends_on", "partner_id", "mechanism_id", "region_id", "paid_usd",
    "refunded_usd", "justified_usd",
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
                 WHERE ROW({", ".join(f"n.{name}" for name in READ)})
                       IS DISTINCT FROM ROW({", ".join(f"o.{name}" for name in READ)})));
            RETURN NULL;
        """,
    ),
)
OF_STEP = deadlines_follow("NEW.project_id", pgtrigger.Insert)
OF_REPORT_RETURN = deadlines_follow(
    "(SELECT project_id FROM projects_report WHERE id = NEW.report_id)", pgtrigger.Insert
)
OF_RECEIPT = deadlines_follow(
    "(SELECT project_id FROM projects_instalment WHERE id ="
    " CASE WHEN TG_OP = 'DELETE' THEN OLD.instalment_id ELSE NEW.instalment_id END)"
)
