"""The money of contributions follows what projects reserve (see `allocate_project` in SQL)."""

import pgtrigger

from .agreement import ROW_PROJECT

ALLOCATION = (
    pgtrigger.Trigger(
        name="served_by_the_contribution",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        # Locked in this order, as everywhere: the project, then the contribution.
        func="""
            PERFORM 1 FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
            PERFORM 1 FROM funds_contribution WHERE id = NEW.contribution_id FOR NO KEY UPDATE;
            IF NOT contribution_serves(NEW.contribution_id, NEW.project_id) THEN
                RAISE EXCEPTION 'earmark_holds: contribution % is not for project %', NEW.contribution_id, NEW.project_id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="sum_follows",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("target", "bigint")],
        func="""
            target = CASE WHEN TG_OP = 'DELETE' THEN OLD.contribution_id ELSE NEW.contribution_id END;
            PERFORM 1 FROM funds_contribution WHERE id = target FOR NO KEY UPDATE;
            UPDATE funds_contribution c SET allocated_usd = s.allocated
              FROM (SELECT coalesce(sum(amount_usd), 0) AS allocated
                      FROM projects_allocation WHERE contribution_id = target) s
             WHERE c.id = target;
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="sums_to_the_reservation",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        func=f"""
            PERFORM allocations_hold({ROW_PROJECT});
            RETURN NULL;
        """,
    ),
)

OF_PROJECT = (
    # After `envelope_keeps_reservations`, by its name: the envelope is locked before the contributions.
    pgtrigger.Trigger(
        name="funds_follow_the_reservation",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("reserved_usd"),
        condition=pgtrigger.Q(old__reserved_usd__df=pgtrigger.F("new__reserved_usd")),
        func="""
            PERFORM allocate_project(NEW.id);
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="funds_are_the_reservation",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("reserved_usd", "mechanism_id", "region_id", "sector_id"),
        timing=pgtrigger.Deferred,
        func="""
            PERFORM allocations_hold(NEW.id);
            RETURN NULL;
        """,
    ),
)
