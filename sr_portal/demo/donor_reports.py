"""The reports that the sample contributions owe their donors: most sent in time, some late, some still to come."""

import datetime as dt

from funds.models import Contribution
from funds.services import donor_reports
from funds.services.donor_reports import Sending

from .contributions import morning
from .course import pdf
from .story import Story

ANNUAL_DAYS, FINAL_DAYS = 90, 120
FINAL_YEAR = 2026
# How many days after its due day each annual report left, in turn.
LEFT = (-12, -3, 9, -20, -1)


def owe_reports(story: Story) -> None:
    """An annual report a year and a final one, a half-yearly one for those that gave in parts."""
    for number, contribution in enumerate(Contribution.objects.filter(signed_on__isnull=False).order_by("pk"), 1):
        signed_on = contribution.signed_on
        for year in range(signed_on.year, FINAL_YEAR):
            owe(story, contribution, "annual", dt.date(year, 1, 1), dt.date(year, 12, 31), ANNUAL_DAYS, number + year)
        if contribution.received_amount < contribution.signed_amount or number % 4 == 1:
            late = number % 3 == 0
            owe(story, contribution, "interim", dt.date(FINAL_YEAR, 1, 1), dt.date(FINAL_YEAR, 6, 30), 92,
                number if not late else None)  # fmt: skip
        if number % 5 == 2:
            owe(story, contribution, "interim", dt.date(FINAL_YEAR, 7, 1), dt.date(FINAL_YEAR, 10, 31), 45, None)
        kind = "final" if signed_on.year == FINAL_YEAR - 2 else "annual"
        days = FINAL_DAYS if kind == "final" else ANNUAL_DAYS
        owe(story, contribution, kind, dt.date(FINAL_YEAR, 1, 1), dt.date(FINAL_YEAR, 12, 31), days, None)


def owe(
    story: Story, contribution: Contribution, kind: str, first: dt.date, last: dt.date, days: int, left: int | None
) -> None:
    """Planned on the day of the signature; sent when `left` says how, and by then is past."""
    first = max(first, contribution.signed_on)
    if first >= last:
        return
    answers = "finances" if kind == "interim" else "chef.section"
    with morning(contribution.signed_on), story.acting("chef.section") as head:
        report = donor_reports.plan(by=head, contribution=contribution, values={
            "kind": kind, "content": "financial" if kind == "interim" else "both", "period_start": first,
            "period_end": last, "due_days": days, "due_on": None, "responsible": story.people[answers], "note": "",
        })  # fmt: skip
    if left is None:
        return
    sent_on = report.due_on + dt.timedelta(days=LEFT[left % len(LEFT)])
    with morning(sent_on), story.acting(answers) as sender:
        file = pdf("RAPPORT AU DONATEUR (exemple)", str(contribution.donor), contribution.title, f"{first} – {last}",
                   name=f"Rapport {contribution.reference} {last.year}.pdf")  # fmt: skip
        donor_reports.send(by=sender, report=report, sending=Sending(file, sent_on, first, last))
