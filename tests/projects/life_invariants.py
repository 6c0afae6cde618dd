"""What must hold in the database after every step of any history (quality guide, R1): each line finds what breaks it.

A project brought in from a file walked its road, and was paid, elsewhere: what it says of before counts as it says it.
"""

from django.db import connection

from projects.lifecycle_table import ROAD
from projects.states import RESERVING, SETTLED, UNDER_AGREEMENT


def _in(states) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


NET = "(p.paid_usd - p.refunded_usd)"
PAID = "kind = 'payment' OR (kind = 'reversal' AND amount_usd < 0)"
BACK = "kind = 'refund' OR (kind = 'reversal' AND amount_usd > 0)"
STEPS = ", ".join(
    f"('{name}', '{source.value}', '{target.value}')" for name, (sources, target) in ROAD.items() for source in sources
)

# What is said when it is broken → the rows that break it.
BROKEN = {
    "the instalments are the approved budget, to the cent": f"""
        SELECT p.id FROM projects_project p WHERE p.state IN ({_in(UNDER_AGREEMENT)}) AND p.approved_usd <>
            (SELECT sum(amount_usd) FROM projects_instalment WHERE project_id = p.id)""",
    "the agreed lines are the approved budget, to the cent": f"""
        SELECT p.id FROM projects_project p WHERE p.state IN ({_in(UNDER_AGREEMENT)}) AND p.approved_usd <>
            (SELECT sum(amount_usd) FROM projects_agreedline WHERE project_id = p.id)""",
    "a QIP stays below its ceiling and within six months": """
        SELECT id FROM projects_project WHERE mechanism_id = 'QIP'
            AND (approved_usd > 50000 OR ends_on > starts_on + interval '6 months')""",
    "what is approved is the decision and the approved amendments": """
        SELECT p.id FROM projects_project p JOIN projects_decision d ON d.project_id = p.id AND d.kind = 'approved'
         WHERE p.approved_usd <> d.amount_usd + (SELECT coalesce(sum(budget_delta_usd), 0)
            FROM projects_amendment WHERE project_id = p.id AND state = 'approved')""",
    "an instalment's sums are those of its entries and its accepted receipts": f"""
        SELECT i.id FROM projects_instalment i WHERE (i.paid_usd, i.refunded_usd, i.justified_usd) IS DISTINCT FROM
            ((SELECT coalesce(sum(amount_usd), 0) FROM projects_payment WHERE instalment_id = i.id AND ({PAID}))
               + coalesce(i.imported_paid_usd, 0),
             (SELECT coalesce(-sum(amount_usd), 0) FROM projects_payment WHERE instalment_id = i.id AND ({BACK}))
               + coalesce(i.imported_refunded_usd, 0),
             (SELECT coalesce(sum(amount_usd), 0) FROM projects_receipt
               WHERE instalment_id = i.id AND state = 'accepted') + coalesce(i.imported_justified_usd, 0))""",
    "a project's sums are those of its instalments": """
        SELECT p.id FROM projects_project p WHERE p.approved_usd IS NOT NULL
           AND (p.paid_usd, p.refunded_usd, p.justified_usd) IS DISTINCT FROM
            (SELECT (coalesce(sum(paid_usd), 0), coalesce(sum(refunded_usd), 0), coalesce(sum(justified_usd), 0))
               FROM projects_instalment WHERE project_id = p.id)""",
    "a line's spending is that of its accepted receipts": """
        SELECT l.id FROM projects_agreedline l WHERE l.spent_usd <> (SELECT coalesce(sum(amount_usd), 0)
            FROM projects_receipt WHERE line_id = l.id AND state = 'accepted')""",
    "nothing is paid beyond its instalment, nor refunded beyond what is paid": """
        SELECT id FROM projects_instalment
         WHERE paid_usd > amount_usd OR paid_usd < 0 OR refunded_usd > paid_usd OR refunded_usd < 0""",
    "receipts do not pass their instalment": """
        SELECT id FROM projects_instalment WHERE justified_usd + refunded_usd > amount_usd""",
    "nothing is paid beyond the budget": """
        SELECT id FROM projects_project WHERE paid_usd > approved_usd""",
    "paid means paid in full or settled, justified means covered": """
        SELECT id FROM projects_instalment WHERE
            (state IN ('paid', 'justified') AND paid_usd <> amount_usd AND NOT settled)
            OR (state IN ('planned', 'requested') AND paid_usd <> 0)
            OR (state = 'justified' AND justified_usd < paid_usd - refunded_usd)""",
    "a reservation is what is approved, then what was spent": f"""
        SELECT p.id FROM projects_project p WHERE p.reserved_usd <> CASE
            WHEN p.state IN ({_in(RESERVING)}) THEN p.approved_usd WHEN p.state IN ({_in(SETTLED)}) THEN {NET} ELSE 0 END""",
    "envelope ≥ reserved ≥ obligated ≥ paid": f"""
        SELECT e.id FROM funds_envelope e JOIN (
            SELECT envelope_id, sum(reserved_usd) AS reserved, sum(obligated_usd) AS obligated, sum({NET}) AS net
              FROM projects_project p WHERE envelope_id IS NOT NULL GROUP BY envelope_id) s ON s.envelope_id = e.id
         WHERE e.reserved_usd <> s.reserved OR s.reserved > e.amount_usd OR s.obligated > s.reserved
            OR s.net > s.obligated OR s.net < 0""",
    "who asks, who authorises and who pays are three people": """
        SELECT i.id FROM projects_instalment i LEFT JOIN projects_payment y ON y.instalment_id = i.id
           AND y.kind = 'payment' AND NOT y.undone
         WHERE i.requested_by_id = i.authorised_by_id
            OR y.recorded_by_id IN (i.requested_by_id, i.authorised_by_id)""",
    "who undoes an entry did not record it, who verifies a receipt did not enter it": """
        SELECT m.id FROM projects_payment m JOIN projects_payment o ON o.id = m.reverses_id
         WHERE m.recorded_by_id = o.recorded_by_id
        UNION ALL SELECT id FROM projects_receipt WHERE judged_by_id = entered_by_id""",
    "no reference is paid twice, and what is undone is undone by its mirror": """
        SELECT min(id) FROM projects_payment WHERE kind = 'payment' AND NOT undone
         GROUP BY lower(reference) HAVING count(*) > 1
        UNION ALL SELECT o.id FROM projects_payment o LEFT JOIN projects_payment m ON m.reverses_id = o.id
         WHERE o.undone <> (m.id IS NOT NULL) OR m.amount_usd <> -o.amount_usd""",
    "refunds have their proof, francs their rate": """
        SELECT id FROM projects_payment WHERE (kind = 'refund' AND proof_id IS NULL)
            OR (currency = 'XOF' AND amount_usd <> round(local_amount / rate, 2))""",
    "a project is closed to the cent, with nothing left to judge or to pay": """
        SELECT p.id FROM projects_project p WHERE p.state = 'closed' AND (p.paid_usd <> p.justified_usd + p.refunded_usd
            OR EXISTS (SELECT 1 FROM projects_receipt r JOIN projects_instalment i ON i.id = r.instalment_id
                WHERE i.project_id = p.id AND r.state = 'submitted')
            OR EXISTS (SELECT 1 FROM projects_instalment WHERE project_id = p.id AND state IN ('requested', 'authorised'))
            OR EXISTS (SELECT 1 FROM projects_finding WHERE project_id = p.id AND closed_at IS NULL)
            OR p.id NOT IN (SELECT project_id FROM projects_importedproject)
               AND 2 > (SELECT count(DISTINCT kind) FROM projects_report WHERE project_id = p.id AND state = 'accepted'
                AND kind LIKE 'final%%'))""",
    "every change of state is in the table, and follows the one before": f"""
        SELECT id FROM (SELECT c.*, lag(target) OVER (PARTITION BY project_id ORDER BY at, id) AS before
            FROM projects_statechange c WHERE transition NOT IN ('create', 'import')) c
         WHERE (transition, source, target) NOT IN ({STEPS}) OR before <> source""",
    "a project stands where its last step led": """
        SELECT p.id FROM projects_project p JOIN LATERAL (SELECT target FROM projects_statechange
            WHERE project_id = p.id ORDER BY at DESC, id DESC LIMIT 1) last ON true WHERE last.target <> p.state""",
    "what projects hold of a contribution is what it says, and no more than signed": """
        SELECT c.id FROM funds_contribution c WHERE c.allocated_usd <> (SELECT coalesce(sum(amount_usd), 0)
            FROM projects_allocation WHERE contribution_id = c.id) OR c.allocated_usd > coalesce(c.signed_usd, 0)""",
    "what came in of a contribution is the sum of its receipts, and no more than signed": """
        SELECT c.id FROM funds_contribution c WHERE (c.received_amount, c.received_usd) IS DISTINCT FROM
            ((SELECT coalesce(sum(amount), 0) FROM funds_contributionreceipt
               WHERE contribution_id = c.id AND cancelled_at IS NULL),
             (SELECT coalesce(sum(amount_usd), 0) FROM funds_contributionreceipt
               WHERE contribution_id = c.id AND cancelled_at IS NULL))
            OR c.received_amount > coalesce(c.signed_amount, 0)""",
    "a project holds of contributions what it reserves, to the cent, where its mechanism lives from them": """
        SELECT p.id FROM projects_project p JOIN funds_mechanism m ON m.code = p.mechanism_id
         WHERE CASE WHEN m.funded_by_contributions THEN p.reserved_usd ELSE 0 END <>
            (SELECT coalesce(sum(amount_usd), 0) FROM projects_allocation WHERE project_id = p.id)""",
    "no money pays for what it is not earmarked for": """
        SELECT a.id FROM projects_allocation a JOIN funds_contribution c ON c.id = a.contribution_id
          JOIN projects_project p ON p.id = a.project_id LEFT JOIN funds_sector s ON s.code = p.sector_id
         WHERE c.mechanism_id <> p.mechanism_id OR c.signed_on IS NULL OR c.region_id <> p.region_id
            OR (c.theme <> '' AND c.theme IS DISTINCT FROM s.group_fr)""",
    "the envelopes of a mechanism stay within what came in": """
        SELECT min(e.id) FROM funds_envelope e JOIN funds_mechanism m ON m.code = e.mechanism_id
         WHERE m.funded_by_contributions GROUP BY e.mechanism_id
        HAVING sum(e.amount_usd) > (SELECT coalesce(sum(received_usd), 0) FROM funds_contribution
                                     WHERE mechanism_id = e.mechanism_id)""",
}
QUESTION = " UNION ALL ".join(
    f"SELECT '{said.replace(chr(39), chr(39) * 2)}', x.* FROM ({rows}) x" for said, rows in BROKEN.items()
)


def broken() -> list[tuple[str, int]]:
    """What does not hold now, with the key of the row; none when all does. One query."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTION.replace("%%", "%"))
        return cursor.fetchall()
