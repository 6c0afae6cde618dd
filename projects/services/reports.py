"""Reports: opened with what the portal knows, written, submitted, returned with remarks, accepted (domain guide §8)."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from projects import report_access as access
from projects.models import Instalment, Project, Report, ReportReturn, ReportState, ResultReached
from projects.notices import happenings
from projects.notices.telling import tell_of_record
from projects.reporting import periodic_days, results_of, spending_of
from projects.rules import reports as rules
from sr_portal.web import clock

from .drafting import Conflict, canonical
from .refusals import as_refusal
from .report_prefill import prefill
from .steps import StepRefused, refuse_if

Values = dict[str, Any]  # field → value; « value_12 » and « comment_12 » speak of the expected result 12


# --- Reading what is stored -----------------------------------------------------------------------------------------
def stored_values(report: Report) -> Values:
    """Everything that the form of this report holds, as stored; results without a row yet are empty. One query."""
    values: Values = {name: getattr(report, name) for name in rules.fields_of(report)}
    for result in results_of(report):
        values[f"value_{result.pk}"] = result.reached_value
        values[f"comment_{result.pk}"] = result.reached_comment or ""
    return values


def lacks_of(report: Report) -> list[rules.Lack]:
    """What this report lacks before it can be submitted; three queries at most."""
    differs = report.kind == rules.FINAL_FINANCIAL and spending_of(report.project).differs
    return rules.lacks(report, results_of(report), clock.today(), differs=differs)


def locked_report(pk: int) -> Report:
    """The report, its project's row locked until the end of the transaction."""
    project_pk = Report.objects.values_list("project_id", flat=True).get(pk=pk)
    Project.objects.select_for_update().only("pk").get(pk=project_pk)
    return Report.objects.select_related(
        "project__mechanism", "project__region", "project__partner", "instalment"
    ).defer("project__search", "project__region__outline").get(pk=pk)  # fmt: skip


def _save(report: Report, **changes) -> Report:
    changes["updated_at"] = clock.now()
    changes["version"] = report.version + 1
    for name, value in changes.items():
        setattr(report, name, value)
    report.full_clean()
    try:
        with transaction.atomic():
            report.save(update_fields=list(changes))
    except DatabaseError as error:
        raise as_refusal(error) from error
    return report


# --- Opening and writing --------------------------------------------------------------------------------------------
@transaction.atomic
def open_report(
    *, project: Project, user, kind: str, instalment: Instalment | None = None, due_on: dt.date | None = None
) -> Report:
    """A new draft with what the portal knows: the last report, the visits, the dates; the existing one, if any.

    `due_on` is the day of the mechanism's calendar to which a periodic one answers. Raises `PermissionDenied`,
    `StepRefused` while this report is not to be written yet, or is not expected at all.
    """
    Project.objects.select_for_update().only("pk").get(pk=project.pk)
    project = Project.objects.for_rules().get(pk=project.pk)
    if not access.writes_reports(user, project):
        raise PermissionDenied(_("Les rapports d’un projet sont rédigés par ses auteurs."))
    is_last = instalment is not None and not project.instalments.filter(position__gt=instalment.position).exists()
    refuse_if(rules.reasons_against_opening(project.state, kind, instalment, is_last=is_last, due_on=due_on))
    period = dict(periodic_days(project)).get(due_on, "") if kind == rules.PERIODIC else ""
    if kind == rules.PERIODIC and not period:
        raise StepRefused(_("Aucun rapport périodique de ce projet n’est attendu ce jour-là."))
    found = project.reports.filter(kind=kind, instalment=instalment, due_on=due_on).first()
    if found is not None:
        return found
    report = Report(project=project, kind=kind, instalment=instalment, period=period, due_on=due_on, written_by=user)
    rows = prefill(report, project)
    report.full_clean()
    try:
        with transaction.atomic():
            report.save(force_insert=True)
            for row in rows:
                row.report = report
                row.save(force_insert=True)
    except DatabaseError as error:
        raise as_refusal(error) from error
    return report


@transaction.atomic
def save(*, report: Report, user, version: int, values: Values) -> Report:
    """Write what was typed. Raises `Conflict` when the report was saved since `version` and is not what was typed.

    `PermissionDenied` once it is submitted or for who does not write it, `ValidationError` naming the fields.
    """
    report = locked_report(report.pk)
    if not access.may_write(user, report.project, report):
        raise PermissionDenied(_("Ce rapport n’est plus modifiable."))
    stored = stored_values(report)
    if all(canonical(stored[name]) == canonical(value) for name, value in values.items()):
        return report
    if version != report.version:
        raise Conflict
    own = {name: value for name, value in values.items() if name in rules.fields_of(report)}
    _save(report, **own)
    if rules.has_results(report.kind):
        _write_results(report, values)
    return report


def _write_results(report: Report, values: Values) -> None:
    rows = {row.result_id: row for row in report.results.all()}
    for result in results_of(report):
        if f"value_{result.pk}" not in values:
            continue
        row = rows.get(result.pk) or ResultReached(report=report, result=result)
        wanted = values[f"value_{result.pk}"], values[f"comment_{result.pk}"]
        if row.pk is None or (row.value, row.comment) != wanted:
            row.value, row.comment = wanted
            row.save()
    del report.known_results


# --- Steps ----------------------------------------------------------------------------------------------------------
def _as_read(report: Report, version: int, state: str) -> None:
    """The step is taken on the report that the person has read, or not at all."""
    if report.state != state:
        label = ReportState(report.state).label
        raise StepRefused(_("Ce rapport est à l’état « %(state)s » : rechargez la page.") % {"state": label})
    if report.version != version:
        raise StepRefused(_("Ce rapport a changé depuis que vous l’avez ouvert : relisez-le, puis recommencez."))


@transaction.atomic
def submit(*, report: Report, user, version: int) -> Report:
    """Hand the report over; it changes no more unless it is returned. Raises `StepRefused` with what lacks."""
    report = locked_report(report.pk)
    if not access.writes_reports(user, report.project):
        raise PermissionDenied(_("Les rapports d’un projet sont soumis par ses auteurs."))
    _as_read(report, version, report.state if report.state in rules.WRITABLE else ReportState.DRAFT)
    refuse_if(lack.text for lack in lacks_of(report))
    report = _save(report, state=ReportState.SUBMITTED, submitted_by=user, submitted_at=clock.now())
    tell_of_record(report, happenings.of_report("submit", report, user))
    return report


def _judged(report: Report, user, version: int) -> Report:
    report = locked_report(report.pk)
    if not access.judges_here(user, report.project):
        raise PermissionDenied(_("Un rapport est jugé par un gestionnaire du programme."))
    if against := access.reasons_against_judging(user, report.project, report):
        raise PermissionDenied(" ".join(str(reason) for reason in against))
    _as_read(report, version, ReportState.SUBMITTED)
    return report


@transaction.atomic
def send_back(*, report: Report, user, version: int, text: str) -> Report:
    """Return the report to its authors with what is to be mended; each round is kept."""
    report = _judged(report, user, version)
    if not text.strip():
        raise ValidationError({"text": _("Dites ce qui est à corriger.")})
    ReportReturn.objects.create(report=report, text=text.strip(), returned_by=user, returned_at=clock.now())
    report = _save(report, state=ReportState.RETURNED)
    tell_of_record(report, happenings.of_report("return", report, user))
    return report


@transaction.atomic
def accept(*, report: Report, user, version: int) -> Report:
    """The report counts from now on, for good: it opens the gate of the next instalment, or of the closure."""
    report = _judged(report, user, version)
    report = _save(report, state=ReportState.ACCEPTED, judged_by=user, judged_at=clock.now())
    tell_of_record(report, happenings.of_report("accept", report, user))
    return report
