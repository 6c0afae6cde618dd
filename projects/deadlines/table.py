"""Every deadline of a project as one table: from which of its dates it comes, when it is met, who is told when late.

Two sorts. A `Limit` counts the mechanism's days from a step that the project took; a `Day` is written on a record of the
project (a planned visit, an instalment, a finding). What waits for somebody without any limit is a `Day` whose due day
is null. Source: domain guide §4 « Time limits », §7, §8.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from projects.guards import Words
from projects.states import State
from sr_portal.accounts.roles import Role

AHEAD_DAYS = 14  # how long before its day a planned thing is somebody's turn
ROAD_DAYS = 42  # from submission to decision, under 6 weeks

# name → the instant in the project's own steps (`projects_statechange`) at which it happened, the last time if several
STEPS: dict[str, str] = {
    "proposed": "coalesce(min(at) FILTER (WHERE target = 'submitted'), p.submitted_at)",
    "submitted": "coalesce(max(at) FILTER (WHERE target = 'submitted'), p.submitted_at)",
    "screened": "max(at) FILTER (WHERE source = 'screening' AND target <> 'withdrawn')",
    "eligible": "max(at) FILTER (WHERE target = 'eligible')",
    "judged": "max(at) FILTER (WHERE target IN ('recommended', 'not_recommended'))",
    "decided": "max(at) FILTER (WHERE target IN ('approved', 'refused'))",
    "approved": "max(at) FILTER (WHERE target = 'approved')",
    "agreed": "max(at) FILTER (WHERE target = 'agreed')",
    "started": "min(at) FILTER (WHERE target = 'active')",
    "completed": "max(at) FILTER (WHERE target = 'completed')",
    "closed": "max(at) FILTER (WHERE target = 'closed')",
}

# name → the day on which what is asked for was done, where that is no step of the project
DONE_DAYS: dict[str, str] = {
    "first_visit": "(SELECT min(done_on) FROM projects_visit WHERE project_id = p.id AND state = 'done')",
    # Both final reports, the later one: null until both are with the programme officer.
    "final_reports": "(SELECT CASE WHEN count(DISTINCT kind) = 2 THEN max(mission_day(submitted_at)) END"
    " FROM projects_report WHERE project_id = p.id AND kind IN ('final_narrative', 'final_financial')"
    " AND state IN ('submitted', 'accepted'))",
    "sustainability": "(SELECT checked_on FROM projects_sustainabilitycheck WHERE project_id = p.id)",
}


SCREENER = (
    "CASE WHEN p.state = 'screening' THEN (SELECT screener_id FROM projects_screening"
    " WHERE project_id = p.id AND closed_at IS NULL ORDER BY id DESC LIMIT 1) END"
)


# Who screened the proposal or voted on it does not decide on it (`access.has_screened`, `access.has_voted`).
JUDGED_ALREADY = (
    "CASE WHEN p.state IN ('recommended', 'not_recommended') THEN"
    " ARRAY(SELECT screener_id FROM projects_screening WHERE project_id = p.id) ||"
    " ARRAY(SELECT v.user_id FROM projects_vote v JOIN projects_agendaitem i ON i.id = v.item_id"
    " WHERE i.project_id = p.id) ELSE '{}' END"
)


@dataclass(frozen=True)
class Deadline:
    code: str
    label: Words  # may hold {detail}, what distinguishes one visit or instalment from another
    turns: Mapping[State, str]  # in which states it runs, and whose turn it is then (`turns.TURNS`)
    escalates_to: Role | None = None  # who is told when it stays late
    person: str = "NULL::bigint"  # SQL: whose it is, when a record of the project names somebody
    barred: str = "'{}'::bigint[]"  # SQL: who may not do it, having done what comes before


@dataclass(frozen=True)
class Limit(Deadline):
    """`after` is a column of the mechanism, days or months, or a number of days; it counts from the step `since`.

    It is met by the step `met`, when the project leaves the states of `turns`, or on the day `done` of `DONE_DAYS`.
    Before the step `since` it is foreseen from the project's last day, where `foreseen`.
    """

    since: str = ""
    after: str = ""
    met: str = ""
    done: str = ""
    foreseen: bool = False
    not_before: bool = False  # somebody's turn only `AHEAD_DAYS` before, not at once


@dataclass(frozen=True)
class Day(Deadline):
    """SQL over `project p` and the record `r`; `turn` is the turn of an open record, by default that of the state."""

    record: str = ""  # the table of `r`; empty: the project itself
    where: str = "true"
    due: str = "NULL::date"
    since: str = "NULL::date"  # from when it waits; null: from `AHEAD_DAYS` before it is due
    done: str = "NULL::date"
    turn: str = ""
    detail: str = "''"


def each(states, turn: str) -> dict[State, str]:
    return {state: turn for state in State if state in states}


UNDER_WAY = (State.ACTIVE, State.SUSPENDED)
FOLLOWED = (State.AGREED, State.ACTIVE, State.SUSPENDED, State.COMPLETED)
BEFORE_DECISION = (State.SUBMITTED, State.SCREENING, State.RETURNED, State.ELIGIBLE, State.IN_REVIEW, State.RECOMMENDED, State.NOT_RECOMMENDED)  # fmt: skip
TO_VET = tuple(state for state in BEFORE_DECISION if state is not State.NOT_RECOMMENDED)

LIMITS = (
    Limit(
        "screening", _("Présélection"), {State.SUBMITTED: "take_up", State.SCREENING: "screen"}, Role.SECTION_HEAD,
        since="submitted", after="screening_days", met="screened", person=SCREENER,
    ),
    Limit(
        "review", _("Examen en comité"), {State.ELIGIBLE: "put_on_agenda", State.IN_REVIEW: "judge"}, Role.SECTION_HEAD,
        since="eligible", after="review_days", met="judged",
    ),
    Limit(
        "decision", _("Décision"), {State.RECOMMENDED: "decide", State.NOT_RECOMMENDED: "refuse"}, Role.SECTION_HEAD,
        since="judged", after="decision_days", met="decided", barred=JUDGED_ALREADY,
    ),
    Limit(
        "whole_road", _("De la soumission à la décision"), each(BEFORE_DECISION, "whole_road"),
        since="proposed", after=str(ROAD_DAYS), met="decided",
    ),
    Limit(
        "agreement", _("Signature du protocole d’accord"), {State.APPROVED: "sign"}, Role.SECTION_HEAD,
        since="approved", after="agreement_days", met="agreed",
    ),
    Limit(
        "start", _("Démarrage"), {State.AGREED: "start"}, Role.SECTION_HEAD,
        since="agreed", after="start_days", met="started",
    ),
    Limit(
        "first_visit", _("Première visite"), each(UNDER_WAY, "first_visit"), Role.PROGRAMME_OFFICER,
        since="started", after="first_visit_days", done="first_visit",
    ),
    Limit(
        "final_report", _("Rapports finaux"), {State.COMPLETED: "write_final"}, Role.PROGRAMME_OFFICER,
        since="completed", after="final_report_days", done="final_reports", foreseen=True,
    ),
    Limit(
        "closure", _("Clôture"), {State.COMPLETED: "close"}, Role.SECTION_HEAD,
        since="completed", after="closure_days", met="closed", foreseen=True,
    ),
    Limit(
        "sustainability", _("Contrôle de pérennité"),
        each((State.COMPLETED, State.CLOSED), "check_sustainability"), Role.SECTION_HEAD,
        since="completed", after="sustainability_months", done="sustainability", foreseen=True, not_before=True,
    ),
)  # fmt: skip

DAYS = (
    Day("proposal", _("Rédaction de la proposition"), {State.DRAFT: "write", State.RETURNED: "mend"}, since="mission_day(p.state_since)"),
    Day(
        "vetting", _("Fin de validité de la vérification du partenaire"), each(TO_VET, "vet"), Role.SECTION_HEAD,
        # One that had expired before the submission is no deadline of this project: it lacks from the start.
        record="funds_organisation",
        where="r.id = p.partner_id AND r.vetting_status = 'cleared' AND NOT r.excluded"
        " AND (r.vetted_on + interval '12 months')::date > mission_day(p.submitted_at)",
        due="(r.vetted_on + interval '12 months')::date - 1",
    ),
    Day(
        "end_of_works", _("Fin des travaux"), each((State.AGREED, *UNDER_WAY), "complete"), Role.REGIONAL_MANAGER,
        due="p.ends_on",
        done="(SELECT mission_day(max(at)) FROM projects_statechange WHERE project_id = p.id AND target = 'completed')",
    ),
    Day("suspension", _("Suspension"), {State.SUSPENDED: "resume"}, Role.SECTION_HEAD, since="mission_day(p.state_since)"),
    Day(
        "visit", _("Visite : {detail}"), each(FOLLOWED, "visit"), Role.PROGRAMME_OFFICER,
        record="projects_visit", where="r.project_id = p.id AND r.state <> 'cancelled'",
        due="r.planned_on", done="CASE WHEN r.state = 'done' THEN r.done_on END", person="r.visitor_id", detail="r.kind",
    ),
    Day(
        "finding", _("Constat : {detail}"), each(FOLLOWED, "lift_finding"), Role.PROGRAMME_OFFICER,
        record="projects_finding", where="r.project_id = p.id",
        due="r.due_on", since="mission_day(r.created_at)", done="mission_day(r.closed_at)", person="r.owner_id",
        detail="left(r.text, 120)",
    ),
    Day(
        "interim_report", _("Rapport intermédiaire avant la tranche {detail}"), each(FOLLOWED, "write_interim"), Role.PROGRAMME_OFFICER,
        record="projects_instalment",
        # Where the last instalment is held, it asks for the final reports instead (`instalment_gate`).
        where="r.project_id = p.id AND r.position > 1"
        " AND (EXISTS (SELECT 1 FROM projects_instalment i WHERE i.project_id = p.id AND i.position > r.position)"
        " OR NOT (SELECT last_after_final_report FROM funds_mechanism WHERE code = p.mechanism_id))",
        due="r.planned_on",
        done="(SELECT min(mission_day(a.submitted_at)) FROM projects_report a"
        " LEFT JOIN projects_instalment i ON i.id = a.instalment_id"
        " WHERE a.project_id = p.id AND a.state IN ('submitted', 'accepted')"
        " AND (a.kind = 'final_narrative' OR a.kind = 'interim' AND i.position >= r.position - 1"
        " OR a.kind = 'periodic' AND EXISTS (SELECT 1 FROM projects_instalment b JOIN projects_payment y"
        " ON y.instalment_id = b.id WHERE b.project_id = p.id AND b.position >= r.position - 1"
        " AND y.kind = 'payment' AND NOT y.undone AND y.paid_on <= a.period_to)))",
        detail="r.position::text",
    ),
    Day(
        "periodic_report", "{detail}", each(FOLLOWED, "write_periodic"), Role.PROGRAMME_OFFICER,
        # Each day of the mechanism's calendar on which the project is under way (`rules.reports.reporting_days`).
        record="LATERAL (SELECT e.id * 10000 + y AS id, e.kind, make_date(y, e.month::int, e.day::int) AS due_on"
        " FROM funds_reportingdate e, generate_series(extract(year FROM p.starts_on)::int, extract(year FROM p.ends_on)::int) y"
        " WHERE e.mechanism_id = p.mechanism_id)",
        where="p.state <> 'approved' AND r.due_on > p.starts_on AND r.due_on <= least(p.ends_on, (SELECT mission_day(max(at))"
        " FROM projects_statechange WHERE project_id = p.id AND target = 'completed'))",
        due="r.due_on",
        # The final narrative report stands for those that were not written.
        done="(SELECT min(mission_day(a.submitted_at)) FROM projects_report a"
        " WHERE a.project_id = p.id AND a.state IN ('submitted', 'accepted')"
        " AND (a.kind = 'final_narrative' OR a.kind = 'periodic' AND a.due_on = r.due_on))",
        detail="r.kind",
    ),
    Day(
        "instalment", _("Tranche {detail}"), each(FOLLOWED, "request_instalment"), Role.SECTION_HEAD,
        record="projects_instalment", where="r.project_id = p.id",
        due="r.planned_on", since="mission_day(coalesce(r.authorised_at, r.requested_at))",
        done="CASE WHEN r.state IN ('paid', 'justified') THEN (SELECT max(paid_on) FROM projects_payment"
        " WHERE instalment_id = r.id AND kind = 'payment') END",
        # Nothing is requested, authorised or paid of a suspended project.
        turn="CASE WHEN p.state = 'suspended' THEN NULL WHEN r.state = 'requested' THEN 'authorise_instalment'"
        " WHEN r.state = 'authorised' THEN 'pay_instalment' ELSE 'request_instalment' END",
        detail="r.position::text", barred="array_remove(ARRAY[r.requested_by_id, r.authorised_by_id], NULL)",
    ),
    Day(
        "reservations", _("Levée des réserves de la réception"), each(FOLLOWED, "lift_reservations"), Role.SECTION_HEAD,
        record="projects_handover",
        where="r.project_id = p.id AND r.kind = 'provisional' AND r.reservations_due_on IS NOT NULL",
        due="r.reservations_due_on", since="r.held_on",
        done="(SELECT min(held_on) FROM projects_handover WHERE project_id = p.id AND kind = 'final')",
    ),
    Day(
        "report", _("Rapport à examiner"), each(FOLLOWED, "judge_report"), Role.SECTION_HEAD,
        record="projects_report", where="r.project_id = p.id AND r.state = 'submitted'",
        since="mission_day(r.submitted_at)", detail="r.kind",
        barred="array_remove(ARRAY[r.written_by_id, r.submitted_by_id], NULL)",
    ),
    Day(
        "returned_report", _("Rapport renvoyé"), each(FOLLOWED, "mend_report"), Role.PROGRAMME_OFFICER,
        record="projects_report", where="r.project_id = p.id AND r.state = 'returned'",
        since="mission_day(coalesce((SELECT max(returned_at) FROM projects_reportreturn WHERE report_id = r.id), r.updated_at))", detail="r.kind",
    ),
    Day(
        "receipts", _("Pièces justificatives à vérifier"), each(FOLLOWED, "judge_receipts"), Role.SECTION_HEAD,
        since="(SELECT mission_day(min(a.entered_at)) FROM projects_receipt a JOIN projects_instalment i"
        " ON i.id = a.instalment_id WHERE i.project_id = p.id AND a.state = 'submitted')",
    ),
    Day(
        "amendment", _("Avenant {detail}"), each(FOLLOWED, "decide_amendment"), Role.SECTION_HEAD,
        record="projects_amendment", where="r.project_id = p.id AND r.state = 'submitted'",
        since="mission_day(r.submitted_at)", detail="r.number::text", barred="ARRAY[r.written_by_id]",
    ),
    Day(
        "refund", _("Remboursement après annulation"), {State.CANCELLED: "refund"}, Role.SECTION_HEAD,
        where="p.paid_usd - p.refunded_usd > p.justified_usd", since="mission_day(p.state_since)",
    ),
)  # fmt: skip

DEADLINES: dict[str, Deadline] = {deadline.code: deadline for deadline in (*LIMITS, *DAYS)}
