"""What the summary counts of each project and by what it may be asked, as tables from which the SQL is made.

Source: issue « Dashboards »; the words of money are those of the domain guide §7.
"""

from projects.deadlines.turns import ASKED
from projects.deadlines.view import listed
from projects.states import GRANTED, State

UNDER_WAY = (State.AGREED, State.ACTIVE, State.SUSPENDED)  # in which the works have a last day

# By what a project is counted: name → SQL over `projects_project p` and what the view joins to it.
DIMENSIONS: dict[str, str] = {
    "region_id": "p.region_id",
    "mechanism_id": "p.mechanism_id",
    # That of its envelope once it takes from one; before, that of the day on which it was submitted, or created.
    "fiscal_year": "coalesce(e.fiscal_year, extract(year FROM d.day)::int"
    " - (extract(month FROM d.day) < m.fiscal_year_first_month)::int)::smallint",
    "state": "p.state",
    "sector_id": "coalesce(p.sector_id, '')",
    "partner_kind": "coalesce(o.kind, '')",
    "priority_id": "coalesce(p.priority_id, 0)",
}
ALWAYS = ("region_id", "mechanism_id", "fiscal_year")
# What stands in a sum's dimension when the sum is over all of it; keys begin at 1.
OVER_ALL: dict[str, str] = dict.fromkeys(("region_id", "fiscal_year", "priority_id"), "0")

# Days that decide whether something is late on the day of the question. Null: no such clock runs.
CLOCKS: dict[str, str] = {
    "due_on": "t.due_on",  # the first day by which something is asked of somebody
    "works_due_on": f"CASE WHEN p.state IN ({listed(UNDER_WAY)}) THEN p.ends_on END",
    "closure_due_on": "t.closure_due_on",
}
ASKED_TURNS = ", ".join(f"'{name}'" for name in sorted(ASKED))

FILED = f"p.state <> '{State.DRAFT.value}'"  # a draft is counted, and asks for nothing yet
IS_GRANTED = f"p.state IN ({listed(state for state in State if state in GRANTED)})"
HEADS = (
    "direct_women", "direct_men", "direct_girls", "direct_boys", "displaced", "disabled",
    "indirect_women", "indirect_men", "indirect_girls", "indirect_boys",
)  # fmt: skip

# What is added up: numbers of projects, visits and people; people are those of the projects that were approved.
COUNTS: dict[str, str] = {
    "projects": "1",
    "filed": f"({FILED})::int",
    "granted": f"({IS_GRANTED})::int",
    **{name: f"CASE WHEN {IS_GRANTED} THEN p.{name} ELSE 0 END" for name in HEADS},
    "visits_planned": "v.planned",
    "visits_done": "v.done",
}
# USD, `numeric(12, 2)` of a project, `numeric(16, 2)` of a sum.
AMOUNTS: dict[str, str] = {
    "requested_usd": f"CASE WHEN {FILED} THEN p.budget_usd ELSE 0 END",
    "approved_usd": f"CASE WHEN {IS_GRANTED} THEN p.approved_usd ELSE 0 END",
    "reserved_usd": "p.reserved_usd",
    "obligated_usd": "p.obligated_usd",
    "paid_usd": "p.paid_usd",
    "justified_usd": "p.justified_usd",
    "refunded_usd": "p.refunded_usd",
    "left_usd": "p.reserved_usd - p.paid_usd + p.refunded_usd",  # still to be paid
}
MEASURES = {**COUNTS, **AMOUNTS}

# The sums that are kept, each by these dimensions: the coarsest that answers a question is asked. Those of the whole
# country are what a portfolio without filters reads; those of priorities are over every fund and year, as plans are.
GRAINS: dict[str, tuple[str, ...]] = {
    "state": (*ALWAYS, "state"),
    "sector": (*ALWAYS, "sector_id"),
    "partner": (*ALWAYS, "partner_kind"),
    "sector_state": (*ALWAYS, "state", "sector_id"),
    "sector_partner": (*ALWAYS, "sector_id", "partner_kind"),
    "region": ALWAYS,
    "whole_state": ("mechanism_id", "fiscal_year", "state"),
    "whole_sector": ("mechanism_id", "fiscal_year", "sector_id"),
    "whole_partner": ("mechanism_id", "fiscal_year", "partner_kind"),
    "whole_sector_state": ("mechanism_id", "fiscal_year", "state", "sector_id"),
    "whole_sector_partner": ("mechanism_id", "fiscal_year", "sector_id", "partner_kind"),
    "priority": ("state", "priority_id"),
}

# A number of late projects is that of whole months, and that of the days of the month under way: of each fund and year,
# or over all of them, which is what is asked when neither is. Level → its unit, whether it is over all. Of five letters
# at most: widening the column would stop every reader while it waits for one of them.
LEVELS: dict[str, tuple[str, bool]] = {
    "month": ("month", False),
    "day": ("day", False),
    "m_all": ("month", True),
    "d_all": ("day", True),
}

FACT_COLUMNS = ("project_id", *DIMENSIONS, *CLOCKS, *MEASURES)
CELL_COLUMNS = ("grain", *DIMENSIONS, *MEASURES)
CLOCK_COLUMNS = ("clock", "level", *ALWAYS, "day", "projects")
