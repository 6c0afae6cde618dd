"""What happens, as `people.told_of` asks for it: built from the records, before the act for its page and after it for the mail.

Who acts is never told; so it makes no difference that before the act the record does not name them yet.
"""

from projects.models import Amendment, Finding, Instalment, Project, Report, Severity, Visit
from sr_portal.accounts.models import User

from .people import Happening


def step(name: str, project: Project, actor: User) -> Happening:
    """A step of the life cycle; `project` as `for_rules` reads it."""
    return Happening(
        name, project, actor, barred=judges_of(project) if name in ("recommend", "not_recommend") else frozenset()
    )


def judges_of(project: Project) -> frozenset[int]:
    """Who screened the proposal or voted on it: they do not decide on it (`access.has_screened`, `has_voted`)."""
    return frozenset(
        {round_.screener_id for round_ in project.screenings.all()}
        | {vote.user_id for item in project.agenda_items.all() for vote in item.votes.all()}
    )


def named(*keys: int | None) -> frozenset[int]:
    return frozenset(key for key in keys if key is not None)


def of_instalment(name: str, instalment: Instalment, actor: User) -> Happening:
    """`name` is that of a step of `money_steps.INSTALMENT_STEPS`."""
    return Happening(
        f"{name}_instalment", instalment.project, actor, detail=str(instalment.position),
        barred=named(instalment.requested_by_id, instalment.authorised_by_id),
        also=named(instalment.requested_by_id) if name == "send_back" else frozenset(),
    )  # fmt: skip


def of_report(name: str, report: Report, actor: User) -> Happening:
    barred = named(report.written_by_id, report.submitted_by_id) if name == "submit" else frozenset()
    return Happening(f"{name}_report", report.project, actor, barred=barred)


def of_amendment(name: str, project: Project, amendment: Amendment, actor: User) -> Happening:
    return Happening(
        f"{name}_amendment", project, actor, detail=str(amendment.number), barred=named(amendment.written_by_id),
        also=frozenset() if name == "submit" else named(amendment.written_by_id),
    )  # fmt: skip


def of_finding(finding: Finding, actor: User) -> Happening:
    """A finding made, or given to somebody."""
    name = "blocking_finding" if finding.severity == Severity.BLOCKING else "finding"
    return Happening(name, finding.project, actor, person_id=finding.owner_id)


def of_lifting(finding: Finding, actor: User) -> Happening:
    return Happening("close_finding", finding.project, actor, also=named(finding.created_by_id, finding.owner_id))


def of_visit(visit: Visit, actor: User) -> Happening:
    return Happening("give_visit", visit.project, actor, person_id=visit.visitor_id)


def of_receipts(project: Project, actor: User) -> Happening:
    return Happening("receipts", project, actor)
