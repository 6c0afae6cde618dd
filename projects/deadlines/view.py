"""The table of deadlines as the SQL of a view, which a migration lays down; a test holds both equal.

The view computes; the triggers of `projects.triggers.deadlines` keep its rows in `projects_deadline`, which is read.
"""

from collections.abc import Iterable, Mapping

from projects.states import UNDER_AGREEMENT, State

from .table import AHEAD_DAYS, DAYS, DONE_DAYS, FOLLOWED, LIMITS, STEPS, TO_VET, Day, Limit

NAME = "projects_deadline_computed"
COLUMNS = (
    "id", "project_id", "region_id", "state", "code", "turn", "record_id", "detail", "since", "opens_on", "due_on",
    "done_on", "person_id", "barred",
)  # fmt: skip
# From the agreement on, its last day lets foresee what comes after it.
FORESEEN_IN = tuple(state for state in State if state in UNDER_AGREEMENT - {State.COMPLETED})


def listed(states: Iterable[State]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


def turn_of(turns: Mapping[State, str]) -> str:
    whens = " ".join(f"WHEN '{state.value}' THEN '{turn}'" for state, turn in turns.items())
    return f"CASE p.state {whens} END"


def later(limit: Limit, day: str) -> str:
    """`day` plus the limit: a number of days, or a column of the mechanism in days or calendar months."""
    if limit.after.isdigit():
        return f"{day} + {limit.after}"
    if limit.after.endswith("_months"):
        return f"({day} + make_interval(months => m.{limit.after}::int))::date"
    return f"{day} + m.{limit.after}::int"


def limit_select(limit: Limit) -> str:
    since, standing = "mission_day(c.since)", f"p.state IN ({listed(limit.turns)})"
    start = since
    if limit.foreseen:
        start = f"coalesce({since}, CASE WHEN p.state IN ({listed(FORESEEN_IN)}) THEN p.ends_on END)"
    steps = [f"{STEPS[limit.since]} AS since"]
    done = DONE_DAYS.get(limit.done, "")
    if limit.met:
        steps.append(f"{STEPS[limit.met]} AS met")
        done = f"CASE WHEN NOT {standing} AND c.met >= c.since THEN mission_day(c.met) END"
    due = later(limit, start)
    opens = f"d.due_on - {AHEAD_DAYS}" if limit.not_before else "d.since"
    return f"""
SELECT '{limit.code}-' || p.id, p.id, p.region_id, p.state, '{limit.code}',
       CASE WHEN d.done_on IS NULL AND d.since IS NOT NULL THEN {turn_of(limit.turns)} END, NULL::bigint, '',
       d.since, {opens}, d.due_on, d.done_on, {limit.person}, {limit.barred}
  FROM projects_project p
  JOIN funds_mechanism m ON m.code = p.mechanism_id
 CROSS JOIN LATERAL (SELECT {", ".join(steps)} FROM projects_statechange WHERE project_id = p.id) c
 CROSS JOIN LATERAL (SELECT {since} AS since, {due} AS due_on, {done} AS done_on) d
 WHERE d.due_on IS NOT NULL AND ({standing} OR d.done_on IS NOT NULL OR d.since IS NULL)
"""


def day_select(day: Day) -> str:
    key = "p.id || '-' || r.id" if day.record else "p.id"
    standing = f"p.state IN ({listed(day.turns)})"
    turn = f"CASE WHEN {standing} THEN {day.turn} END" if day.turn else turn_of(day.turns)
    source = f"JOIN {day.record} r ON {day.where}" if day.record else ""
    asked = f"({standing} AND (d.since IS NOT NULL OR d.due_on IS NOT NULL))"
    wheres = ["" if day.record else f"{day.where} AND ", f"({asked} OR d.done_on IS NOT NULL)"]
    return f"""
SELECT '{day.code}-' || {key}, p.id, p.region_id, p.state, '{day.code}',
       CASE WHEN d.done_on IS NULL THEN {turn} END, {"r.id" if day.record else "NULL::bigint"}, {day.detail},
       d.since, coalesce(d.since, d.due_on - {AHEAD_DAYS}), d.due_on, d.done_on, {day.person}, {day.barred}
  FROM projects_project p {source}
 CROSS JOIN LATERAL (SELECT {day.since} AS since, {day.due} AS due_on, {day.done} AS done_on) d
 WHERE {"".join(wheres)}
"""


def select() -> str:
    """The query behind the view; its columns are `COLUMNS`."""
    return "UNION ALL".join([*(limit_select(limit) for limit in LIMITS), *(day_select(day) for day in DAYS)])


def create() -> str:
    return f"CREATE VIEW {NAME} ({', '.join(COLUMNS)}) AS {select()}"


def refresh() -> str:
    """The function that brings the rows of some projects up to date; it writes what differs only."""
    changed = ", ".join(COLUMNS[1:])
    return f"""
CREATE FUNCTION refresh_deadlines(projects bigint[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF cardinality(projects) = 0 THEN
        RETURN;
    END IF;
    -- The projects' rows first, so that what is read below was written before any other writer of theirs.
    PERFORM 1 FROM projects_project WHERE id = ANY(projects) ORDER BY id FOR NO KEY UPDATE;
    WITH computed AS MATERIALIZED (SELECT * FROM {NAME} WHERE project_id = ANY(projects)),
         gone AS (DELETE FROM projects_deadline d
                   WHERE d.project_id = ANY(projects) AND NOT EXISTS (SELECT 1 FROM computed c WHERE c.id = d.id))
    INSERT INTO projects_deadline AS d ({", ".join(COLUMNS)}) SELECT * FROM computed
        ON CONFLICT (id) DO UPDATE SET ({changed}) = ROW({", ".join(f"EXCLUDED.{name}" for name in COLUMNS[1:])})
        WHERE ROW({", ".join(f"d.{name}" for name in COLUMNS[1:])})
           IS DISTINCT FROM ROW({", ".join(f"EXCLUDED.{name}" for name in COLUMNS[1:])});
END $$;
"""


def outside() -> str:
    """The triggers on the tables of `funds`, which know nothing of projects: a vetting, the days of a mechanism, its calendar."""
    return f"""
CREATE FUNCTION deadlines_follow_vetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_deadlines(ARRAY(
        SELECT id FROM projects_project WHERE partner_id = NEW.id AND state IN ({listed(TO_VET)})));
    RETURN NULL;
END $$;
CREATE TRIGGER deadlines_follow AFTER UPDATE OF vetting_status, vetted_on, excluded ON funds_organisation
    FOR EACH ROW EXECUTE FUNCTION deadlines_follow_vetting();
CREATE FUNCTION deadlines_follow_mechanism() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_deadlines(ARRAY(SELECT id FROM projects_project WHERE mechanism_id = NEW.code));
    RETURN NULL;
END $$;
CREATE TRIGGER deadlines_follow AFTER UPDATE OF {", ".join(sorted({"last_after_final_report", *(limit.after for limit in LIMITS if not limit.after.isdigit())}))}
    ON funds_mechanism FOR EACH ROW EXECUTE FUNCTION deadlines_follow_mechanism();
CREATE FUNCTION deadlines_follow_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_deadlines(ARRAY(
        SELECT id FROM projects_project WHERE state IN ({listed(FOLLOWED)})
           AND mechanism_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.mechanism_id ELSE NEW.mechanism_id END));
    RETURN NULL;
END $$;
CREATE TRIGGER deadlines_follow AFTER INSERT OR UPDATE OR DELETE ON funds_reportingdate
    FOR EACH ROW EXECUTE FUNCTION deadlines_follow_calendar();
"""
