"""Who writes, reads and judges a project's reports: predicates over (user, project) (domain guide §2)."""

import rules
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.rules.reports import WRITABLE
from sr_portal.accounts.roles import Role

writes_reports = access.in_scope(Role.PROPOSER) & access.is_writer
judges_here = access.in_scope(Role.PROGRAMME_OFFICER)

# Who reads a report while it is being written: those who write, and those who read drafts of projects.
OVERSEERS = [role for role, drafts_too in access.READERS.items() if drafts_too]


@rules.predicate
def reads_unsubmitted(user, project) -> bool:
    return access.is_writer(user, project) or any(access.in_scope(role)(user, project) for role in OVERSEERS)


def may_read(user, project, report) -> bool:
    """A report is read by all who read the project once it was submitted, before by those who write or oversee."""
    return report.submitted_at is not None or reads_unsubmitted(user, project)


def may_write(user, project, report) -> bool:
    """Whether this user may change this report as it stands."""
    return report.state in WRITABLE and writes_reports(user, project)


def reasons_against_judging(user, project, report) -> list[str | Promise]:
    """Why this user, a programme officer here, may neither return nor accept this report; none when they may.

    Who wrote the project or the report, submitted it, or holds an interest in the partner judges nothing of it.
    """
    against = [access.SEPARATION[bar.name] for bar in (access.is_writer, access.has_interest) if bar(user, project)]
    if user.pk in (report.written_by_id, report.submitted_by_id) and not against:
        against.append(_("Vous avez rédigé ou soumis ce rapport : quelqu’un d’autre doit le juger."))
    return against


def may_judge(user, project, report) -> bool:
    return judges_here(user, project) and not reasons_against_judging(user, project, report)
