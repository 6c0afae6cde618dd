"""What a report holds, when it may be opened, and what it lacks before it can be submitted.

By when it is due is said by `projects.deadlines`. Source: domain guide §7 (an instalment needs the report on the one before), §8 (kinds of reports).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.states import UNDER_AGREEMENT, State
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, usd

Words = str | Promise

INTERIM, FINAL_NARRATIVE, FINAL_FINANCIAL = "interim", "final_narrative", "final_financial"
PERIODIC = "periodic"
FINALS = (FINAL_NARRATIVE, FINAL_FINANCIAL)
WRITABLE = ("draft", "returned")
PERIODIC_OPENS = dt.timedelta(days=60)  # before its day

PERIOD = ("period_from", "period_to")
REACHED = ("reached_women", "reached_men", "reached_girls", "reached_boys")
AMONG_REACHED = ("reached_displaced", "reached_disabled")  # counted in the four above
DECLARED = ("declared_spent_usd", "declared_committed_usd")
DECLARING = (INTERIM, PERIODIC)
SPENT_OR_COMMITTED = "spent_or_committed"
UNDER_WAY_TEXTS = ("done", "difficulties", "inclusion", "visibility", "next_steps", "spending")
TEXTS: dict[str, tuple[str, ...]] = {
    INTERIM: UNDER_WAY_TEXTS,
    PERIODIC: UNDER_WAY_TEXTS,
    FINAL_NARRATIVE: ("done", "difficulties", "confidence", "inclusion", "sustainability", "visibility", "lessons"),
    FINAL_FINANCIAL: ("spending",),
}
REQUIRED: dict[str, tuple[str, ...]] = {
    INTERIM: ("done", "next_steps"),
    PERIODIC: ("done", "next_steps"),
    FINAL_NARRATIVE: ("done", "confidence", "inclusion", "sustainability", "visibility", "lessons"),
    FINAL_FINANCIAL: (),
}
# With its beneficiaries planned: what is reached is counted beside it.
PLANNED = {
    "reached_women": "direct_women", "reached_men": "direct_men", "reached_girls": "direct_girls",
    "reached_boys": "direct_boys", "reached_displaced": "displaced", "reached_disabled": "disabled",
}  # fmt: skip

OPENED_IN: dict[str, frozenset[State]] = {
    INTERIM: UNDER_AGREEMENT | {State.CANCELLED},
    PERIODIC: UNDER_AGREEMENT,
    **dict.fromkeys(FINALS, frozenset({State.ACTIVE, State.SUSPENDED, State.COMPLETED, State.CANCELLED})),
}


def has_results(kind: str) -> bool:
    """Whether this kind of report speaks of results and of people reached."""
    return kind != FINAL_FINANCIAL


def has_money(kind: str) -> bool:
    """Whether this kind of report shows the receipts and the payments."""
    return kind != FINAL_NARRATIVE


def declares(kind: str, counts: str) -> bool:
    """Whether such a report declares what is spent and committed; `counts` is the mechanism's `next_tranche_counts`."""
    return kind in DECLARING and counts == SPENT_OR_COMMITTED


def fields_of(report) -> tuple[str, ...]:
    """The fields of the report itself that its form holds, in its order."""
    reached = (*REACHED, *AMONG_REACHED) if has_results(report.kind) else ()
    return (*PERIOD, *TEXTS[report.kind], *reached, *(DECLARED if report.declares else ()))


# --- The mechanism's calendar ---------------------------------------------------------------------------------------
def reporting_days(
    dates: Iterable[tuple[int, int]], starts_on: dt.date | None, ends_on: dt.date | None
) -> list[tuple[dt.date, int]]:
    """The days on which a project under way from `starts_on` to `ends_on` owes a report, each with the rank of its date.

    `dates` are (month, day) of each year. The first day of the project owes nothing yet, its last one does. The view of
    deadlines says the same (`deadlines.table`).
    """
    if starts_on is None or ends_on is None:
        return []
    found = [
        (dt.date(year, month, day_of_month), rank)
        for year in range(starts_on.year, ends_on.year + 1)
        for rank, (month, day_of_month) in enumerate(dates)
    ]
    return sorted(one for one in found if starts_on < one[0] <= ends_on)


# --- Opening --------------------------------------------------------------------------------------------------------
def reasons_against_opening(
    state: str, kind: str, instalment=None, *, is_last: bool = False, due_on: dt.date | None = None
) -> list[Words]:
    """Why no report of this kind is to be written now.

    `instalment` is the one that an interim report accounts for, `due_on` the day of the calendar of a periodic one.
    """
    if State(state) not in OPENED_IN[kind]:
        if kind in FINALS and state == State.AGREED:
            return [_("Le projet n’a pas démarré.")]
        return [format_lazy(_("Le projet est à l’état « {state} »."), state=State(state).label)]
    if kind == PERIODIC and due_on is not None and clock.today() < (opens := due_on - PERIODIC_OPENS):
        return [format_lazy(_("Ce rapport s’ouvre le {day}."), day=day(opens))]
    if kind != INTERIM:
        return []
    if is_last:
        return [_("La dernière tranche est justifiée par les rapports finaux.")]
    if instalment.paid_usd <= 0:
        return [_("Cette tranche n’est pas encore payée : elle n’a pas à être justifiée.")]
    return []


# --- Submitting -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Lack:
    """Something that is missing, and the field of the form where it is to be given."""

    field: str
    text: Words


TEXT_LACKS: dict[str, Words] = {
    "done": _("Dites ce qui a été réalisé."),
    "next_steps": _("Dites ce qui reste à faire, et quand."),
    "confidence": _("Dites si le projet a renforcé la confiance, et à quoi cela se voit."),
    "inclusion": _("Dites qui a participé et profité du projet : femmes, jeunes, personnes déplacées ou handicapées."),
    "sustainability": _("Dites qui entretient l’ouvrage ou le service, et avec quels moyens."),
    "visibility": _("Dites comment l’appui de la mission a été rendu visible, ou pourquoi il ne pouvait pas l’être."),
    "lessons": _("Dites ce qu’il faut retenir pour d’autres projets."),
    "declared_spent_usd": _("Déclarez ce qui est dépensé depuis le début."),
    "declared_committed_usd": _("Déclarez ce qui est engagé et non encore payé, zéro s’il n’y a rien."),
}


def lacks(report, results: Iterable, today: dt.date, *, differs: bool) -> list[Lack]:
    """What lacks before submission, in the order of the form.

    `results` are the expected results with their `reached_value`; `differs` says that what is justified of a budget
    line is not what was agreed, so that the financial report has to explain it.
    """
    found: list[Lack] = []
    if report.period_from is None or report.period_to is None:
        found.append(Lack("period_from", _("Donnez la période couverte, du premier au dernier jour.")))
    elif report.period_to > today:
        found.append(Lack("period_to", _("La période couverte ne peut pas finir après aujourd’hui.")))
    for name in TEXTS[report.kind]:
        required = name in REQUIRED[report.kind]
        if required and not getattr(report, name).strip():
            found.append(Lack(name, TEXT_LACKS[name]))
    if report.kind == FINAL_FINANCIAL and differs and not report.spending.strip():
        found.append(Lack("spending", _("Expliquez l’écart entre les dépenses justifiées et le budget convenu.")))
    if has_results(report.kind):
        found += [
            Lack(f"value_{result.pk}", format_lazy(_("Donnez la valeur atteinte : {result}."), result=result.statement))
            for result in results
            if result.reached_value is None
        ]
        found += _lacks_of_people(report)
    if report.declares:
        found += _lacks_of_declaration(report)
    return found


def _lacks_of_declaration(report) -> list[Lack]:
    """Both amounts, and together no more than what was approved: the database says the same of a submitted report."""
    found = [Lack(name, TEXT_LACKS[name]) for name in DECLARED if getattr(report, name) is None]
    approved = report.project.approved_usd
    if not found and report.declared_usd > approved:
        text = _("Ce qui est dépensé et engagé dépasse le montant approuvé, {approved}.")
        found.append(Lack("declared_committed_usd", format_lazy(text, approved=usd(approved))))
    return found


def _lacks_of_people(report) -> list[Lack]:
    total = sum(getattr(report, name) for name in REACHED)
    if report.kind == FINAL_NARRATIVE and total == 0:
        return [Lack("reached_women", _("Comptez les personnes atteintes, par sexe et par âge."))]
    return [
        Lack(name, _("Ces personnes sont comprises dans les femmes, hommes, filles et garçons atteints : vérifiez."))
        for name in AMONG_REACHED
        if getattr(report, name) > total
    ]
