"""Visits and findings by the services: who may, when, what is refused, and what sending twice changes (nothing)."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from funds.models import Interest
from projects.models import Finding, Visit, VisitPhoto
from projects.services import findings, implementation, visit_reports, visits
from projects.services.findings import NewFinding
from projects.services.steps import StepRefused
from projects.services.visit_reports import NewPhoto
from projects.states import State
from projects.visit_access import rights_of, visitors_of
from sr_portal.accounts.roles import Role
from sr_portal.documents.models import Document
from sr_portal.documents.refusals import RefusedFile
from sr_portal.web import clock
from tests.documents.files import pdf
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew, agreed, fresh_project, instalment_of, pay
from tests.factories.projects import fresh
from tests.ground.laid_once import laid_once

from .visiting import files, in_days, manager, officer, photo, planned, report_values, under_way  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


@laid_once
def crew() -> Crew:
    return Crew()


@laid_once
def project(crew):
    return under_way(crew=crew)


def file_report(visit, user, *, version: int | None = None, **more):
    found = more.pop("found", ())
    photos = more.pop("photos", ())
    return visit_reports.report(
        visit=visit, user=fresh(user), version=version or visit.version, values=report_values(**more), findings=found,
        photos=photos,
    )  # fmt: skip


# --- The plan --------------------------------------------------------------------------------------------------------
def test_the_signature_plans_a_midway_and_a_final_visit_by_the_focal_point(crew):
    project = agreed(crew)
    midway, final = project.visits.all()

    assert (midway.kind, final.kind) == ("midway", "final")
    assert midway.planned_on <= project.starts_on + dt.timedelta(days=45)
    assert midway.planned_on <= project.starts_on + (project.ends_on - project.starts_on) // 2
    assert midway.planned_on < final.planned_on < project.ends_on
    assert {visit.visitor for visit in (midway, final)} == {project.author}
    assert {visit.created_by for visit in (midway, final)} == {crew.officer}


def test_a_focal_point_who_may_no_longer_visit_is_not_sent(crew):
    from tests.factories.implementation import approved, sign

    project = approved()
    Interest.objects.create(user=project.author, organisation=project.partner, nature="Membre du bureau")
    project = sign(project, crew)
    assert {visit.visitor for visit in project.visits.all()} == {None}


def test_another_visit_is_planned_once_however_often_the_form_is_sent(project, crew):
    key = uuid.uuid4()
    wanted = {"project": project, "user": fresh(crew.officer), "kind": "other", "planned_on": in_days(5), "key": key}
    first = visits.add_visit(**wanted, visitor=project.author)
    assert visits.add_visit(**wanted, visitor=project.author) == first
    assert project.visits.filter(kind="other").count() == 1


def test_who_adds_visits(project, crew):
    for user in (project.author, crew.officer, manager()):
        visits.add_visit(project=project, user=fresh(user), kind="other", planned_on=in_days(3), visitor=None)
    strangers = (user_with(Role.PROPOSER), officer("ML-8"), manager("ML-8"), crew.payer, user_with(Role.SECTION_HEAD))
    for user in strangers:
        with pytest.raises(PermissionDenied):
            visits.add_visit(project=project, user=fresh(user), kind="other", planned_on=in_days(3), visitor=None)


def test_an_interest_in_the_partner_keeps_from_visiting(project):
    visitor = officer()
    assert visitor in visitors_of(project)
    Interest.objects.create(user=visitor, organisation=project.partner, nature="Frère du trésorier")
    assert not rights_of(fresh(visitor), project).visits
    assert visitor not in visitors_of(project)


def test_a_visit_made_on_the_way_is_added_afterwards_but_not_before_the_signature(project, crew):
    wanted = {"project": project, "user": fresh(crew.officer), "kind": "other", "visitor": None}
    with clock.at(clock.now() + dt.timedelta(days=20)):
        made = visits.add_visit(**wanted, planned_on=in_days(-3))
        assert made.planned_on == in_days(-3)
        with pytest.raises(ValidationError, match="précède la signature"):
            visits.add_visit(**wanted, planned_on=in_days(-21))
    with pytest.raises(ValidationError, match="plus d’un an"):
        visits.add_visit(**wanted, planned_on=dt.date(2072, 1, 1))


def test_a_visit_is_moved_and_given_to_somebody_else(project, crew):
    visit, other = planned(project), officer()
    moved = visits.reschedule(
        visit=visit, user=fresh(crew.officer), version=1, planned_on=in_days(9), visitor=other
    )  # fmt: skip
    assert (moved.planned_on, moved.visitor, moved.version) == (in_days(9), other, 2)
    with pytest.raises(visits.Outdated):
        visits.reschedule(visit=visit, user=fresh(crew.officer), version=1, planned_on=in_days(12), visitor=other)
    with pytest.raises(ValidationError, match="passée"):
        visits.reschedule(visit=visit, user=fresh(crew.officer), version=2, planned_on=in_days(-1), visitor=other)


def test_a_focal_point_moves_a_visit_or_takes_it_but_sends_nobody_else(project, crew):
    visit = planned(project)
    author = fresh(project.author)
    assert visits.reschedule(visit=visit, user=author, version=1, planned_on=in_days(4), visitor=author).version == 2
    with pytest.raises(ValidationError, match="non la confier"):
        visits.reschedule(visit=visit, user=author, version=2, planned_on=in_days(4), visitor=crew.officer)


def test_nobody_is_sent_who_could_not_file_the_report(project, crew):
    with pytest.raises(ValidationError, match="ne peut pas visiter"):
        visits.reschedule(
            visit=planned(project), user=fresh(crew.officer), version=1, planned_on=in_days(4), visitor=crew.payer
        )


def test_the_only_midway_visit_is_replaced_never_given_up(project, crew):
    visit = planned(project)
    with pytest.raises(ValidationError) as refused:
        visits.cancel(visit=visit, user=fresh(crew.officer), reason="Piste coupée.")
    assert "replaced_on" in refused.value.error_dict
    other = visits.cancel(visit=visit, user=fresh(crew.officer), reason="Piste coupée.", replaced_on=in_days(8))
    visit.refresh_from_db()
    assert (visit.state, visit.cancelled_reason) == ("cancelled", "Piste coupée.")
    assert (other.kind, other.planned_on, other.visitor, other.state) == (
        "midway", in_days(8), visit.visitor, "planned",
    )  # fmt: skip


def test_a_further_visit_is_given_up_with_a_reason_by_who_directs_the_visits(project, crew):
    extra = visits.add_visit(
        project=project, user=fresh(project.author), kind="other", planned_on=in_days(3), visitor=None
    )
    with pytest.raises(PermissionDenied):
        visits.cancel(visit=extra, user=fresh(project.author), reason="Inutile.")
    with pytest.raises(ValidationError, match="motif"):
        visits.cancel(visit=extra, user=fresh(crew.officer), reason="  ")
    assert visits.cancel(visit=extra, user=manager(), reason="Inutile.") is None
    with pytest.raises(StepRefused):
        visits.cancel(visit=extra, user=fresh(crew.officer), reason="Encore.")


# --- The report ------------------------------------------------------------------------------------------------------
def test_a_report_is_filed_with_its_findings_and_photos(project):
    found = [NewFinding("Fissure au pignon.", in_days(7), "blocking", owner=project.author)]
    visit = file_report(planned(project), project.author, found=found, photos=[NewPhoto(photo(), "before", "Le site")])

    assert (visit.state, visit.reported_by, visit.progress, visit.version) == ("done", project.author, 60, 2)
    finding = visit.findings.get()
    assert (finding.severity, finding.owner, finding.created_by) == ("blocking", project.author, project.author)
    kept = visit.photos.get()
    assert (kept.stage, kept.caption, kept.document.content_type) == ("before", "Le site", "image/jpeg")


def test_the_distance_to_the_project_is_computed(project):
    project.latitude, project.longitude = Decimal("16.27167"), Decimal("-0.04472")
    project.save(update_fields=["latitude", "longitude"])
    visit = file_report(planned(project), project.author, latitude=Decimal("16.3"), longitude=Decimal("-0.04472"))
    assert visit.distance_m == pytest.approx(3150, abs=5)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"done_on": None}, "done_on"), ({"progress": 101}, "progress"), ({"latitude": Decimal(16)}, "longitude")],
)
def test_an_incomplete_report_changes_nothing(project, changes, field):
    visit = planned(project)
    with pytest.raises(ValidationError) as refused:
        file_report(visit, project.author, **changes)
    assert field in refused.value.error_dict
    visit.refresh_from_db()
    assert (visit.state, visit.version, visit.progress) == ("planned", 1, None)


def test_a_refused_photo_undoes_the_whole_report(project):
    bad = NewPhoto(SimpleUploadedFile("Plan.pdf", pdf()))
    visit = planned(project)
    with pytest.raises(RefusedFile, match="une photo est une image"):
        file_report(visit, project.author, photos=[bad])
    visit.refresh_from_db()
    assert visit.state == "planned" and not Document.objects.filter(original_name="Plan.pdf").exists()


def test_a_report_is_mended_by_its_author_from_the_last_version_only(project, crew):
    visit = file_report(planned(project), project.author)
    mended = file_report(visit, project.author, progress=70)
    assert (mended.progress, mended.version, mended.reported_by) == (70, 3, project.author)
    with pytest.raises(visits.Outdated) as newer:
        file_report(visit, crew.officer, version=2, progress=55)
    assert newer.value.stored.progress == 70
    assert Visit.objects.get(pk=visit.pk).progress == 70


def test_a_visit_that_was_only_moved_meanwhile_still_takes_its_report(project, crew):
    visit = planned(project)
    visits.reschedule(
        visit=visit, user=fresh(crew.officer), version=1, planned_on=in_days(9), visitor=project.author
    )  # fmt: skip
    filed = file_report(visit, project.author, version=1)
    assert (filed.state, filed.version, filed.planned_on) == ("done", 3, in_days(9))


def test_who_mends_a_report(project, crew):
    visit = visits.add_visit(
        project=project, user=fresh(crew.officer), kind="other", planned_on=in_days(0), visitor=crew.officer
    )
    visit = file_report(visit, crew.officer)
    with pytest.raises(StepRefused, match="Seuls l’auteur"):
        file_report(visit, project.author, progress=90)
    assert file_report(visit, manager(), progress=65).progress == 65
    sent = file_report(planned(project), crew.officer)
    assert file_report(sent, project.author, progress=75).progress == 75, "the one who was sent"


def test_a_cancelled_visit_takes_no_report(project, crew):
    visit = planned(project)
    visits.cancel(visit=visit, user=fresh(crew.officer), reason="Piste coupée.", replaced_on=in_days(8))
    with pytest.raises(StepRefused, match="Piste coupée"):
        file_report(visit, project.author)


@pytest.mark.parametrize("state", [State.CANCELLED, State.CLOSED])
def test_a_project_that_ended_takes_no_visit_nor_finding(crew, state):
    project = under_way(state, crew)
    with pytest.raises(PermissionDenied):
        visits.add_visit(project=project, user=fresh(crew.officer), kind="other", planned_on=in_days(3), visitor=None)
    with pytest.raises(PermissionDenied):
        findings.add_finding(project=project, user=fresh(crew.officer), new=NewFinding("Fissure.", in_days(3)))


def test_a_photo_and_a_finding_sent_twice_are_kept_once(project):
    shot, found = NewPhoto(photo()), NewFinding("Fissure.", in_days(7))
    visit = file_report(planned(project), project.author, found=[found])
    first = visit_reports.add_photo(visit=visit, user=fresh(project.author), photo=shot)
    again = visit_reports.add_photo(
        visit=visit, user=fresh(project.author), photo=NewPhoto(photo(), "after", key=shot.key)
    )  # fmt: skip
    file_report(visit, project.author, found=[found])
    assert again == first and again.stage == "during"
    assert VisitPhoto.objects.count() == 1 and Finding.objects.count() == 1


def test_the_same_picture_under_another_key_is_kept_once_too(project):
    visit = file_report(planned(project), project.author)
    for _ in range(2):
        visit_reports.add_photo(visit=visit, user=fresh(project.author), photo=NewPhoto(photo()))
    assert visit.photos.count() == 1 == Document.objects.filter(original_name="Site.jpg").count()


def test_the_key_of_another_visit_s_photo_or_finding_is_refused(project, crew):
    shot, found = NewPhoto(photo()), NewFinding("Fissure.", in_days(7))
    file_report(planned(project), project.author, found=[found], photos=[shot])
    other = planned(project, "final")
    for more in ({"found": [found]}, {"photos": [shot]}):
        with pytest.raises(ValidationError, match="une autre visite"):
            file_report(other, project.author, **more)


def test_photos_wait_for_the_report(project):
    with pytest.raises(StepRefused):
        visit_reports.add_photo(visit=planned(project), user=fresh(project.author), photo=NewPhoto(photo()))


def test_a_photo_is_described_and_withdrawn_by_who_joined_it_or_mends_the_report(project, crew):
    visit = Visit.objects.create(project=project, kind="other", planned_on=in_days(0), created_by=crew.officer)
    shot = file_report(visit, crew.officer, photos=[NewPhoto(photo())]).photos.get()
    with pytest.raises(PermissionDenied):
        visit_reports.describe_photo(photo=shot, user=fresh(project.author), stage="after", caption="")
    visit_reports.describe_photo(photo=shot, user=fresh(crew.officer), stage="after", caption=" Le  forage ")
    shot.refresh_from_db()
    assert (shot.stage, shot.caption) == ("after", "Le forage")
    with pytest.raises(RefusedFile):
        visit_reports.withdraw_photo(photo=shot, user=fresh(crew.officer), reason=" ")
    visit_reports.withdraw_photo(photo=shot, user=fresh(crew.officer), reason="Visages reconnaissables.")
    shot.document.refresh_from_db()
    assert shot.document.is_withdrawn


# --- Findings --------------------------------------------------------------------------------------------------------
def test_a_blocking_finding_holds_the_money_until_it_is_closed(project, crew):
    held = findings.add_finding(
        project=project, user=fresh(crew.officer), new=NewFinding("Dalle non armée.", in_days(7), "blocking")
    )
    with pytest.raises(DatabaseError, match="instalment_gate"), transaction.atomic():
        pay(instalment_of(project), crew)
    findings.close_finding(finding=held, user=fresh(crew.officer), note="Dalle refaite, vue le 3.")
    assert pay(instalment_of(project), crew).amount_usd > 0


def test_a_finding_is_closed_by_the_programme_officer_or_who_made_it_never_by_the_partner_s_side(project, crew):
    visitor = manager()

    def made(by):
        return findings.add_finding(project=project, user=fresh(by), new=NewFinding("Fissure.", in_days(7)))

    by_officer, by_manager, by_author = made(crew.officer), made(visitor), made(project.author)
    for user in (project.author, visitor, crew.payer, officer("ML-8")):
        with pytest.raises(PermissionDenied):
            findings.close_finding(finding=by_officer, user=fresh(user), note="Réparé.")
    with pytest.raises(ValidationError, match="ce qui a été fait"):
        findings.close_finding(finding=by_officer, user=fresh(crew.officer), note=" ")
    for finding, user in ((by_manager, visitor), (by_author, project.author), (by_officer, crew.officer)):
        closed = findings.close_finding(finding=finding, user=fresh(user), note="Réparé.")
        assert (closed.closed_by, closed.closing_note) == (user, "Réparé.")
    with pytest.raises(StepRefused, match="déjà levé"):
        findings.close_finding(finding=by_officer, user=fresh(crew.officer), note="Encore.")


def test_an_officer_who_wrote_the_project_does_not_judge_its_findings(crew):
    project = under_way(crew=crew, author=user_with(Role.PROPOSER, Role.PROGRAMME_OFFICER))
    rights = rights_of(fresh(project.author), project)
    assert rights.visits and not rights.directs and not rights.judges


def test_a_finding_is_given_to_somebody_with_another_day(project, crew):
    found = findings.add_finding(project=project, user=fresh(crew.officer), new=NewFinding("Fissure.", in_days(7)))
    moved = findings.move_finding(
        finding=found, user=fresh(crew.officer), owner=project.author, due_on=in_days(20)
    )  # fmt: skip
    assert (moved.owner, moved.due_on) == (project.author, in_days(20))
    with pytest.raises(ValidationError, match="précéder"):
        findings.move_finding(finding=found, user=fresh(crew.officer), owner=None, due_on=in_days(-1))
    with pytest.raises(ValidationError, match="ne suit pas"):
        findings.move_finding(finding=found, user=fresh(crew.officer), owner=crew.payer, due_on=in_days(20))
    with pytest.raises(PermissionDenied):
        findings.move_finding(finding=found, user=fresh(project.author), owner=None, due_on=in_days(20))


def test_a_finding_that_arrives_late_may_be_due_already(project):
    with clock.at(clock.now() + dt.timedelta(days=10)):
        visit = file_report(
            planned(project), project.author, done_on=in_days(-9), found=[NewFinding("Fissure.", in_days(-2))]
        )
    assert visit.findings.get().due_on == in_days(8)


# --- What the database itself holds ------------------------------------------------------------------------------------
def refused_by(name: str):
    return pytest.raises(DatabaseError, match=name)


def sql(statement: str, *params) -> None:
    from django.db import connection

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_raw_sql_gives_up_no_mandatory_visit_without_another(project):
    visit = planned(project, "final")
    give_up = "UPDATE projects_visit SET state = 'cancelled', cancelled_reason = 'x' WHERE id = %s"
    with refused_by("mandatory_visit_replaced"):
        sql(give_up, visit.pk)
    Visit.objects.create(project=project, kind="final", planned_on=in_days(9), created_by=project.author)
    sql(give_up, visit.pk)
    with refused_by("steps_follow_the_table|Invalid transition"):
        sql("UPDATE projects_visit SET state = 'planned' WHERE id = %s", visit.pk)


def test_raw_sql_writes_over_no_report(project):
    visit = file_report(planned(project), project.author)
    for statement in (
        "UPDATE projects_visit SET progress = 99 WHERE id = %s",
        "UPDATE projects_visit SET progress = 99, version = version + 2 WHERE id = %s",
        "UPDATE projects_visit SET progress = 99, version = version - 1 WHERE id = %s",
    ):
        with refused_by("report_version_grows"):
            sql(statement, visit.pk)
    sql("UPDATE projects_visit SET progress = 99, version = version + 1 WHERE id = %s", visit.pk)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("visit_done_is_reported", "UPDATE projects_visit SET state = 'done' WHERE id = %s"),
        ("visit_progress_percent", "UPDATE projects_visit SET progress = 101 WHERE id = %s"),
        ("visit_point_whole", "UPDATE projects_visit SET latitude = 16 WHERE id = %s"),
        ("never_deleted|Cannot delete", "DELETE FROM projects_visit WHERE id = %s"),
    ],
)
def test_raw_sql_keeps_to_the_rules_of_a_visit(project, name, statement):
    with refused_by(name):
        sql(statement, planned(project).pk)


def test_raw_sql_cancels_nothing_without_a_reason(project):
    extra = Visit.objects.create(project=project, kind="other", planned_on=in_days(9), created_by=project.author)
    with refused_by("visit_cancelled_with_reason"):
        sql("UPDATE projects_visit SET state = 'cancelled' WHERE id = %s", extra.pk)


def test_raw_sql_closes_no_finding_without_who_and_what(project, crew):
    found = findings.add_finding(project=project, user=fresh(crew.officer), new=NewFinding("Fissure.", in_days(7)))
    for statement in (
        "UPDATE projects_finding SET closed_at = now() WHERE id = %s",
        "UPDATE projects_finding SET closed_at = now(), closed_by_id = created_by_id WHERE id = %s",
    ):
        with refused_by("finding_closed_by_somebody"):
            sql(statement, found.pk)
    with refused_by("never_deleted|Cannot delete"):
        sql("DELETE FROM projects_finding WHERE id = %s", found.pk)


def test_keys_are_unique_in_the_database(project):
    visit, other = project.visits.all()
    with refused_by("key"):
        sql("UPDATE projects_visit SET key = %s WHERE id = %s", visit.key, other.pk)


def test_the_final_visit_opens_the_completion(project, crew):
    from projects.guards.implementation import final_visit_done, photos_after

    assert final_visit_done(project) and photos_after(project)
    file_report(planned(project, "final"), crew.officer, photos=[NewPhoto(photo(), "after")])
    assert not final_visit_done(project) and not photos_after(project)
    with pytest.raises(StepRefused, match="procès-verbal"):
        implementation.complete(project=fresh_project(project), user=fresh(crew.officer))
