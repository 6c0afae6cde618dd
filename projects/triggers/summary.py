"""What is counted of a project follows whatever is written of it, in the writer's own transaction (`refresh_facts`)."""

import pgtrigger

from .deadlines import same

# What the summary reads of the project's own row; once a statement and not once a row: projects are written in bulk.
READ = tuple(
    f"row.{name}"
    for name in (
        "state", "region_id", "mechanism_id", "envelope_id", "sector_id", "partner_id", "priority_id",
        "submitted_at", "ends_on",
        "budget_usd", "approved_usd", "reserved_usd", "obligated_usd", "paid_usd", "justified_usd", "refunded_usd",
        "direct_women", "direct_men", "direct_girls", "direct_boys", "displaced", "disabled",
        "indirect_women", "indirect_men", "indirect_girls", "indirect_boys",
    )
)  # fmt: skip


def _once(operation: pgtrigger.Operation, name: str, changed: str) -> pgtrigger.Trigger:
    """A trigger once a statement; `changed` is SQL for the projects concerned, over `old_rows` and `new_rows`."""
    old = "old_rows" if operation in (pgtrigger.Update, pgtrigger.Delete) else None
    new = "new_rows" if operation in (pgtrigger.Update, pgtrigger.Insert) else None
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        func=f"""
            PERFORM refresh_facts(ARRAY({changed}));
            RETURN NULL;
        """,
    )


# After `deadlines_…` by their names: the clocks are read as the deadlines leave them.
OF_PROJECT = (
    _once(pgtrigger.Insert, "facts_begin", "SELECT id FROM new_rows"),
    _once(
        pgtrigger.Update,
        "facts_follow",
        f"SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE NOT ({same(READ, 'o', 'n')})",
    ),
    _once(pgtrigger.Delete, "facts_end", "SELECT id FROM old_rows"),
)
OF_DEADLINE = (
    _once(pgtrigger.Insert, "facts_begin", "SELECT DISTINCT project_id FROM new_rows WHERE turn IS NOT NULL"),
    _once(
        pgtrigger.Update,
        "facts_follow",
        "SELECT DISTINCT n.project_id FROM new_rows n JOIN old_rows o ON o.id = n.id"
        f" WHERE NOT ({same(('row.turn', 'row.due_on'), 'o', 'n')})",
    ),
    _once(pgtrigger.Delete, "facts_end", "SELECT DISTINCT project_id FROM old_rows WHERE turn IS NOT NULL"),
)
OF_VISIT = (
    _once(pgtrigger.Insert, "facts_begin", "SELECT DISTINCT project_id FROM new_rows"),
    _once(
        pgtrigger.Update,
        "facts_follow",
        "SELECT DISTINCT n.project_id FROM new_rows n JOIN old_rows o ON o.id = n.id"
        f" WHERE NOT ({same(('row.state',), 'o', 'n')})",
    ),
    _once(pgtrigger.Delete, "facts_end", "SELECT DISTINCT project_id FROM old_rows"),
)
