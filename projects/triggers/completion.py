"""Handover, evaluation, sustainability check and lessons as PostgreSQL holds them (domain guide §2, §4, §8)."""

import pgtrigger

from projects.states import State

NEVER_DELETED = pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)

HELD = frozenset({State.ACTIVE, State.SUSPENDED, State.COMPLETED})
KEPT_UP = frozenset({State.COMPLETED, State.CLOSED})


def in_sql(states) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


def by_another(column: str) -> pgtrigger.Trigger:
    """Who wrote the project neither receives its works, nor evaluates or checks it."""
    return pgtrigger.Trigger(
        name="by_another",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF EXISTS (SELECT 1 FROM projects_project WHERE id = NEW.project_id AND author_id = NEW.{column})
               OR EXISTS (
                   SELECT 1 FROM projects_project_coauthors WHERE project_id = NEW.project_id AND user_id = NEW.{column}
               ) THEN
                RAISE EXCEPTION 'completion_by_another: who wrote a project does not receive, evaluate or check it';
            END IF;
            RETURN NEW;
        """,
    )


HANDOVER = (
    NEVER_DELETED,
    pgtrigger.ReadOnly(name="kind_is_for_good", fields=["project", "kind", "recorded_at"]),
    by_another("recorded_by_id"),
    pgtrigger.Trigger(
        name="signed_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__signed_copy__isnull=False),
        func="""
            IF ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) AND EXISTS (
                SELECT 1 FROM documents_document WHERE id = OLD.signed_copy_id AND withdrawn_at IS NULL
            ) THEN
                RAISE EXCEPTION 'handover_signed_for_good: the signed copy of handover % is on file', OLD.id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="held_in_its_time",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("standing", "text")],
        # The final reception comes after the guarantee, when the project may be closed long since.
        func=f"""
            SELECT state INTO standing FROM projects_project WHERE id = NEW.project_id FOR UPDATE;
            IF standing NOT IN ({in_sql(HELD)})
               AND NOT (NEW.kind = 'final' AND standing = '{State.CLOSED.value}') THEN
                RAISE EXCEPTION 'completion_in_its_time: no reception while the project is « % »', standing;
            END IF;
            RETURN NEW;
        """,
    ),
)

EVALUATION = (
    NEVER_DELETED,
    by_another("evaluated_by_id"),
    pgtrigger.Trigger(
        name="evaluated_in_its_time",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("standing", "text")],
        func=f"""
            SELECT state INTO standing FROM projects_project WHERE id = NEW.project_id FOR UPDATE;
            IF standing <> '{State.COMPLETED.value}' THEN
                RAISE EXCEPTION 'completion_in_its_time: no evaluation while the project is « % »', standing;
            END IF;
            RETURN NEW;
        """,
    ),
)

SUSTAINABILITY_CHECK = (
    NEVER_DELETED,
    by_another("checked_by_id"),
    pgtrigger.Trigger(
        name="checked_in_its_time",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("standing", "text"), ("months", "int"), ("completed", "date")],
        # A day of grace: where the mission is, the day of the completion may have been the one before.
        func=f"""
            SELECT p.state, m.sustainability_months INTO standing, months
              FROM projects_project p JOIN funds_mechanism m ON m.code = p.mechanism_id WHERE p.id = NEW.project_id;
            IF standing NOT IN ({in_sql(KEPT_UP)}) THEN
                RAISE EXCEPTION 'completion_in_its_time: no sustainability check while the project is « % »', standing;
            END IF;
            SELECT max((at AT TIME ZONE 'UTC')::date) - 1 INTO completed
              FROM projects_statechange WHERE project_id = NEW.project_id AND target = '{State.COMPLETED.value}';
            IF NEW.checked_on < (completed + make_interval(months => months))::date THEN
                RAISE EXCEPTION 'sustainability_too_early: checked % months after the completion of %', months, completed;
            END IF;
            RETURN NEW;
        """,
    ),
)

LESSON = (NEVER_DELETED, pgtrigger.ReadOnly(name="of_its_project", fields=["project", "recorded_by", "recorded_at"]))
