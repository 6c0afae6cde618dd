"""What PostgreSQL itself holds about regional plans, whoever writes: a validated plan says the same for good."""

import pgtrigger

# What of a plan may still change once it is validated: its status, and the file of the signed document.
FIXED = ("title", "starts_on", "ends_on", "lead", "summary", "change_note", "validated_by_id", "validated_on")

PLAN_TRIGGERS = (
    pgtrigger.FSM(
        name="plan_status_follows",
        field="status",
        transitions=[("draft", "validated"), ("validated", "archived")],
    ),
    pgtrigger.Trigger(
        name="plan_begins",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NEW.status <> 'draft' THEN
                RAISE EXCEPTION 'plan_starts_as_draft: a plan starts as a draft, not as %', NEW.status;
            END IF;
            IF EXISTS (SELECT 1 FROM regions_plan WHERE series = NEW.series AND region_id <> NEW.region_id) THEN
                RAISE EXCEPTION 'plan_keeps_region: the versions of a plan are of one region';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.ReadOnly(name="plan_keeps_region", fields=["region", "series", "number", "created_by", "created_at"]),
    pgtrigger.Trigger(
        name="plan_fixed_once_validated",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=~pgtrigger.Q(old__status="draft"),
        func=f"""
            IF ROW({", ".join(f"NEW.{name}" for name in FIXED)})
               IS DISTINCT FROM ROW({", ".join(f"OLD.{name}" for name in FIXED)}) THEN
                RAISE EXCEPTION 'plan_fixed_once_validated: plan % says the same for good', OLD.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="plan_has_priorities",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Q(old__status="draft", new__status="validated"),
        func="""
            IF NOT EXISTS (SELECT 1 FROM regions_priority WHERE plan_id = NEW.id) THEN
                RAISE EXCEPTION 'plan_has_priorities: plan % has no priority to serve', NEW.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="plan_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        condition=~pgtrigger.Q(old__status="draft"),
        func="RAISE EXCEPTION 'plan_kept: plan % was validated, it stays readable', OLD.id;",
    ),
)

# The row of the plan is locked, so that nothing is added to a plan while somebody validates it.
AXIS_TRIGGERS = (
    pgtrigger.Trigger(
        name="axis_of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("target", "bigint"), ("stands", "text")],
        func="""
            IF TG_OP = 'UPDATE' AND NEW.plan_id <> OLD.plan_id THEN
                RAISE EXCEPTION 'axis_keeps_plan: an axis does not move to another plan';
            END IF;
            target = CASE WHEN TG_OP = 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
            SELECT status INTO stands FROM regions_plan WHERE id = target FOR NO KEY UPDATE;
            IF stands <> 'draft' THEN
                RAISE EXCEPTION 'plan_fixed_once_validated: plan % says the same for good', target;
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        """,
    ),
)

PRIORITY_TRIGGERS = (
    pgtrigger.Trigger(
        name="priority_of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("target", "bigint"), ("stands", "text")],
        func="""
            IF TG_OP = 'UPDATE' AND NEW.plan_id <> OLD.plan_id THEN
                RAISE EXCEPTION 'priority_keeps_plan: a priority does not move to another plan';
            END IF;
            IF TG_OP <> 'DELETE'
               AND NOT EXISTS (SELECT 1 FROM regions_axis WHERE id = NEW.axis_id AND plan_id = NEW.plan_id) THEN
                RAISE EXCEPTION 'axis_of_its_plan: axis % is not of plan %', NEW.axis_id, NEW.plan_id;
            END IF;
            target = CASE WHEN TG_OP = 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
            SELECT status INTO stands FROM regions_plan WHERE id = target FOR NO KEY UPDATE;
            IF stands <> 'draft' THEN
                RAISE EXCEPTION 'plan_fixed_once_validated: plan % says the same for good', target;
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        """,
    ),
)

INDICATOR_TRIGGERS = (
    pgtrigger.Trigger(
        name="indicator_measured_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("stands", "text")],
        # A plan in force is measured: the latest value moves with its date and its source, nothing else does.
        func="""
            SELECT l.status INTO stands FROM regions_priority p JOIN regions_plan l ON l.id = p.plan_id
             WHERE p.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.priority_id ELSE NEW.priority_id END
               FOR NO KEY UPDATE OF l;
            IF stands = 'draft' THEN
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            END IF;
            IF stands = 'validated' AND TG_OP = 'UPDATE'
               AND ROW(NEW.priority_id, NEW.lineage, NEW.name, NEW.unit, NEW.direction, NEW.baseline, NEW.baseline_on,
                       NEW.target, NEW.target_on)
                   IS NOT DISTINCT FROM
                   ROW(OLD.priority_id, OLD.lineage, OLD.name, OLD.unit, OLD.direction, OLD.baseline, OLD.baseline_on,
                       OLD.target, OLD.target_on) THEN
                RETURN NEW;
            END IF;
            IF TG_OP = 'DELETE' AND stands IS NULL THEN
                RETURN OLD;  -- its priority goes with it
            END IF;
            RAISE EXCEPTION 'plan_fixed_once_validated: an indicator of a plan in force is measured, not changed';
        """,
    ),
)

FINDING_PRIORITY_TRIGGERS = (
    pgtrigger.Trigger(
        name="priority_was_validated",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF EXISTS (SELECT 1 FROM regions_priority p JOIN regions_plan l ON l.id = p.plan_id
                        WHERE p.id = NEW.priority_id AND l.status = 'draft') THEN
                RAISE EXCEPTION 'priority_was_validated: a draft may still drop priority %', NEW.priority_id;
            END IF;
            RETURN NEW;
        """,
    ),
)


def serves_its_region(label: str) -> pgtrigger.Trigger:
    """For a table with `priority_id` and `region_id`: what it serves is a priority of the plan in force in its region.

    Judged when the priority is chosen: a later version of the plan takes nothing away. A row that moves to another
    region leaves the priority behind. Source: issue « plans and studies »; domain guide §5, last item.
    """
    return pgtrigger.Trigger(
        name="serves_its_region",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("priority_id", "region_id"),
        condition=pgtrigger.Q(new__priority__isnull=False),
        func=f"""
            IF TG_OP = 'UPDATE' AND NEW.priority_id IS NOT DISTINCT FROM OLD.priority_id THEN
                IF NEW.region_id IS DISTINCT FROM OLD.region_id THEN
                    NEW.priority_id = NULL;
                END IF;
                RETURN NEW;
            END IF;
            IF NOT EXISTS (SELECT 1 FROM regions_priority p JOIN regions_plan l ON l.id = p.plan_id
                            WHERE p.id = NEW.priority_id AND l.region_id = NEW.region_id AND l.status = 'validated') THEN
                RAISE EXCEPTION 'priority_in_force: {label} % serves no priority in force in its region', NEW.id;
            END IF;
            RETURN NEW;
        """,  # noqa: S608  our own names
    )
