"""From the end of the works to closure: each guard, the handover, the evaluation, the check, the lessons."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from funds.models import Interest
from projects.guards.facts import AFTER_CANCELLATION, FACTS
from projects.models import Amendment, Handover, Lesson, Project, Receipt, Report, VisitPhoto
from projects.services import completion as services
from projects.services import implementation as steps
from projects.services.agreements import ChangedMeanwhile
from projects.services.drafting import fingerprint_of_all
from projects.services.steps import StepRefused
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.documents.refusals import RefusedFile
from sr_portal.documents.services import withdraw
from sr_portal.web import clock
from tests.documents.files import pdf
from tests.factories import implementation as make
from tests.factories.accounts import user_with
from tests.factories.projects import cast, fresh, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@laid_once
def crew():
    return make.Crew()


@laid_once
def people():
    return cast()


@laid_once
def active(crew, people):
    return make.in_state(State.ACTIVE, crew, people)


@laid_once
def completed(crew, people):
    return make.in_state(State.COMPLETED, crew, people)


def handover_values(**changes) -> dict:
    return {
        "held_on": clock.today(), "place": "Ansongo", "owner": "Commune d’Ansongo", "owner_signatory": "Le maire",
        "maintained_by": "Comité de gestion", "attendees": "", "works": "Un forage équipé.", "reservations": "",
        "reservations_due_on": None, **changes,
    }  # fmt: skip


def evaluation_values(**changes) -> dict:
    return {
        "confidence": 4, "need_met": 4, "quality": 4, "inclusion": 3, "visibility": 5, "perception": "Bien accueilli.",
        "people_asked": 20, "women_asked": 11, "went_well": "", "went_badly": "", "evaluated_on": clock.today(), **changes,
    }  # fmt: skip


def check_values(**changes) -> dict:
    return {
        "checked_on": clock.today(), "in_use": "fully", "kept_up": True, "findings": "L’eau coule.", "actions": "", **changes,
    }  # fmt: skip


LESSON = {
    "theme": "works",
    "title": "Commander la pompe avant les pluies",
    "text": "La piste est coupée d’août à octobre.",
}


def prepared(project, user, **changes) -> Handover:
    return services.record_handover(
        project=project, user=fresh(user), kind="provisional", values=handover_values(**changes), base=""
    )


def signed(handover, user, name: str = "PV signé.pdf") -> Handover:
    upload = SimpleUploadedFile(name, pdf(f"<< /Id ({name}) >>".encode()))
    return services.file_signed_copy(handover=handover, user=fresh(user), upload=upload)


# --- Each guard of completion ---------------------------------------------------------------------------------------
def ready_to_complete(project, crew) -> None:
    make.visit(project, crew.officer, "final", photos=("before", "after"))
    make.hand_over(project, crew.officer)


def complete(project, crew):
    return steps.complete(project=make.fresh_project(project), user=fresh(crew.officer))


def without_final_visit(project, crew):
    make.visit(project, crew.officer, "midway", photos=("after",))
    make.hand_over(project, crew.officer)


def without_signed_handover(project, crew):
    make.visit(project, crew.officer, "final", photos=("after",))
    prepared(project, crew.officer)


def with_withdrawn_handover(project, crew):
    ready_to_complete(project, crew)
    withdraw(project.handovers.get().signed_copy, by=crew.officer, reason="Mauvais document")


def without_photo_after(project, crew):
    make.visit(project, crew.officer, "final", photos=("before", "during"))
    make.hand_over(project, crew.officer)


def with_withdrawn_photo(project, crew):
    ready_to_complete(project, crew)
    withdraw(VisitPhoto.objects.get(stage="after").document, by=crew.officer, reason="Autre chantier")


def with_blocking_finding(project, crew):
    ready_to_complete(project, crew)
    make.finding(project, crew.officer, "blocking")


def with_open_amendment(project, crew):
    ready_to_complete(project, crew)
    Amendment.objects.create(project=project, number=1, reason="Autre site", written_by=crew.officer)


@pytest.mark.parametrize(
    "left_out, message",
    [
        (without_final_visit, "visite finale"),
        (without_signed_handover, "procès-verbal de réception signé"),
        (with_withdrawn_handover, "procès-verbal de réception signé"),
        (without_photo_after, "photo « après »"),
        (with_withdrawn_photo, "photo « après »"),
        (with_blocking_finding, "constat bloquant"),
        (with_open_amendment, "avenant est en cours"),
    ],
)
def test_the_works_are_not_complete_without(active, crew, left_out, message):
    left_out(active, crew)

    with pytest.raises(StepRefused) as refusal:
        complete(active, crew)
    assert len(refusal.value.messages) == 1 and message in refusal.value.messages[0].replace("\u00a0", " ")


def test_the_works_are_complete_once_everything_is_there(active, crew):
    ready_to_complete(active, crew)
    make.finding(active, crew.officer, "minor")  # does not hold the completion, only the closure

    assert complete(active, crew).state == State.COMPLETED


# --- Each guard of closure ------------------------------------------------------------------------------------------
def close(project, crew):
    return steps.close(project=make.fresh_project(project), user=fresh(crew.payer))


def accounted(project, crew, *, narrative=True, financial=True, evaluated=True) -> None:
    """Everything that closure asks for, nothing having been paid."""
    if narrative:
        make.report(project, crew, "final_narrative")
    if financial:
        make.report(project, crew, "final_financial")
    if evaluated:
        make.evaluate(project, crew.officer)


def without_narrative(project, crew):
    accounted(project, crew, narrative=False)
    make.report(project, crew, "final_narrative", state="submitted")


def without_financial(project, crew):
    accounted(project, crew, financial=False)
    make.report(project, crew, "final_financial", state="submitted")


def with_unjudged_receipt(project, crew):
    accounted(project, crew)
    first = make.instalment_of(project)
    make.pay(first, crew)
    make.justify(first, crew)
    Receipt.objects.create(
        instalment=first, line=project.agreed_lines.first(), number="F-2", supplier="Transport Sonko",
        issued_on=clock.today(), amount_usd=Decimal("10"), currency="USD", document=make.pdf_of(crew.officer),
        entered_by=crew.officer,
    )  # fmt: skip


def with_instalment_under_way(project, crew):
    accounted(project, crew)
    make.authorise(make.instalment_of(project), crew)


def with_money_out(project, crew):
    accounted(project, crew)
    first = make.instalment_of(project)
    make.pay(first, crew)
    make.justify(first, crew, first.paid_usd - Decimal("0.01"))


def with_too_many_receipts(project, crew):
    """The partner spent more than the part of the instalment at which it was settled."""
    accounted(project, crew)
    first = make.instalment_of(project)
    make.pay(first, crew, Decimal("1000"))
    first.state, first.settled, first.settled_reason = "paid", True, "Travaux moins chers que prévu"
    first.save(update_fields=["state", "settled", "settled_reason"])
    make.justify(first, crew, Decimal("1000.01"))


def without_evaluation(project, crew):
    accounted(project, crew, evaluated=False)


def with_open_finding(project, crew):
    accounted(project, crew)
    make.finding(project, crew.officer, "minor")


@pytest.mark.parametrize(
    "left_out, message",
    [
        (without_narrative, "rapport narratif final n’est pas accepté"),
        (without_financial, "rapport financier final n’est pas accepté"),
        (with_unjudged_receipt, "attendent leur vérification"),
        (with_instalment_under_way, "Une tranche est demandée ou autorisée"),
        (with_money_out, "0,01 USD payés à justifier ou à rembourser"),
        (with_too_many_receipts, "dépassent de 0,01 USD"),
        (without_evaluation, "fiche d’évaluation"),
        (with_open_finding, "Un constat reste ouvert"),
    ],
)
def test_a_project_is_not_closed_without(completed, crew, left_out, message):
    left_out(completed, crew)

    with pytest.raises(StepRefused) as refusal:
        close(completed, crew)
    told = [text.replace("\u00a0", " ").replace("\u202f", " ") for text in refusal.value.messages]
    assert len(told) == 1 and message in told[0]


def test_a_project_is_closed_once_everything_is_accounted_for_and_what_is_left_returns_to_the_envelope(completed, crew):
    accounted(completed, crew)
    first = make.instalment_of(completed)
    make.pay(first, crew)
    make.justify(first, crew)

    closed = close(completed, crew)
    assert (closed.state, closed.reserved_usd) == (State.CLOSED, first.amount_usd)


def test_finance_closes_and_nobody_else(completed, crew):
    accounted(completed, crew)
    for person in (crew.officer, crew.approver, completed.author, user_with(Role.REGIONAL_MANAGER, region=region())):
        with pytest.raises(PermissionDenied):
            steps.close(project=make.fresh_project(completed), user=fresh(person))


# --- The same answers for one project and for a thousand ------------------------------------------------------------


def test_a_guard_answers_alike_from_a_list_and_by_itself(completed, crew):
    with_open_finding(completed, crew)
    make.finding(completed, crew.officer, "blocking")
    listed = Project.objects.with_facts(FACTS).get(pk=completed.pk)
    alone = make.fresh_project(completed)

    for fact in FACTS:
        assert [str(reason) for reason in fact(listed)] == [str(reason) for reason in fact(alone)], fact.name
    assert [fact.name for fact in FACTS if fact(alone)] == ["no_blocking_finding", "no_open_finding"]


def test_a_list_of_projects_answers_every_guard_in_one_query(completed, crew, people, django_assert_num_queries):
    make.in_state(State.COMPLETED, crew, people)
    with django_assert_num_queries(1):
        projects = list(Project.objects.with_facts(FACTS))
        assert sum(bool(fact(project)) for project in projects for fact in FACTS) == 6  # 3 each: reports, evaluation


def test_after_a_cancellation_the_money_is_accounted_for_all_the_same(active, crew):
    first = make.instalment_of(active)
    make.pay(first, crew)
    cancelled = steps.cancel(project=make.fresh_project(active), user=fresh(crew.approver), note="Accès coupé.")

    assert [fact.name for fact in AFTER_CANCELLATION if fact(cancelled)] == ["reconciled"]
    make.justify(first, crew)
    assert not [fact for fact in AFTER_CANCELLATION if fact(make.fresh_project(active))]


# --- Handover -------------------------------------------------------------------------------------------------------
def test_a_handover_is_prepared_then_counts_once_its_signed_copy_is_filed(active, crew):
    handover = prepared(active, crew.officer)
    assert not services.is_signed(handover)

    handover = signed(handover, crew.officer)
    assert services.is_signed(handover) and len(handover.signed_copy.sha256) == 64
    with pytest.raises(StepRefused, match="ne change plus"):
        prepared(active, crew.officer, place="Gao")
    with pytest.raises(StepRefused, match="déjà au dossier"):
        signed(handover, crew.officer, "Autre.pdf")


def test_a_wrong_copy_is_withdrawn_then_the_record_is_corrected_and_signed_again(active, crew):
    handover = signed(prepared(active, crew.officer), crew.officer)
    services.withdraw_signed_copy(handover=handover, user=fresh(crew.officer), reason="Signature manquante")
    values = services.stored(active.handovers.get(), services.HANDOVER)
    handover = services.record_handover(
        project=active, user=fresh(crew.officer), kind="provisional", values=values | {"place": "Gao"},
        base=fingerprint_of_all(values),
    )  # fmt: skip

    assert (handover.place, services.is_signed(handover)) == ("Gao", False)
    assert services.is_signed(signed(handover, crew.officer, "Bon.pdf"))


def test_a_handover_saved_in_between_is_not_overwritten(active, crew):
    read = fingerprint_of_all(services.stored(prepared(active, crew.officer), services.HANDOVER))
    other = user_with(Role.PROGRAMME_OFFICER)
    services.record_handover(
        project=active, user=other, kind="provisional", values=handover_values(place="Gao"), base=read
    )

    with pytest.raises(ChangedMeanwhile):
        services.record_handover(
            project=active,
            user=fresh(crew.officer),
            kind="provisional",
            values=handover_values(place="Bourem"),
            base=read,
        )
    assert active.handovers.get().place == "Gao"


def test_nothing_is_signed_before_the_day_of_the_reception_nor_by_another_kind_of_file(active, crew):
    handover = prepared(active, crew.officer, held_on=clock.today() + dt.timedelta(days=3))
    with pytest.raises(StepRefused, match="se signe ce jour-là"):
        signed(handover, crew.officer)
    Handover.objects.update(held_on=clock.today())
    with pytest.raises((RefusedFile, ValidationError)):
        upload = SimpleUploadedFile("PV.docx", b"PK\x03\x04")
        services.file_signed_copy(handover=handover, user=fresh(crew.officer), upload=upload)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"reservations": "Porte à reprendre"}, "ont une date"),
        ({"reservations": "Porte", "reservations_due_on": dt.date(2020, 1, 1)}, "après la réception"),
    ],
)
def test_reservations_have_a_day_after_the_reception(active, crew, changes, message):
    with pytest.raises(ValidationError, match=message):
        prepared(active, crew.officer, **changes)


def test_a_programme_officer_here_who_did_not_write_the_project_receives_it_and_nobody_else(active, crew):
    writer = user_with(Role.PROGRAMME_OFFICER, Role.PROPOSER)
    active.coauthors.add(writer)
    interested = user_with(Role.PROGRAMME_OFFICER)
    Interest.objects.create(user=interested, organisation=active.partner, nature="Cousin")
    elsewhere = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))
    for person in (active.author, writer, interested, elsewhere, crew.payer, crew.approver):
        with pytest.raises(PermissionDenied):
            prepared(active, person)


def test_the_final_reception_comes_even_after_closure_but_the_provisional_one_does_not(crew, people):
    closed = make.in_state(State.CLOSED, crew, people)
    services.record_handover(project=closed, user=fresh(crew.officer), kind="final", values=handover_values(), base="")

    with pytest.raises(StepRefused):
        services.withdraw_signed_copy(
            handover=closed.handovers.get(kind="provisional"), user=fresh(crew.officer), reason="Erreur"
        )


# --- Evaluation and check ------------------------------------------------------------------------------------------
def test_the_evaluation_is_filled_in_between_completion_and_closure(active, completed, crew):
    with pytest.raises(StepRefused):
        services.evaluate(project=active, user=fresh(crew.officer), values=evaluation_values(), base="")
    manager = user_with(Role.REGIONAL_MANAGER, region=region())
    made = services.evaluate(project=completed, user=manager, values=evaluation_values(), base="")

    assert (made.confidence, made.evaluated_by) == (4, manager)
    with pytest.raises(ChangedMeanwhile):
        services.evaluate(project=completed, user=manager, values=evaluation_values(quality=2), base="lu-avant")


@pytest.mark.parametrize(
    "changes", [{"confidence": 0}, {"quality": 6}, {"women_asked": 21}, {"evaluated_on": dt.date(2199, 1, 1)}]
)
def test_an_evaluation_that_does_not_hold_is_refused(completed, crew, changes):
    with pytest.raises(ValidationError):
        services.evaluate(project=completed, user=fresh(crew.officer), values=evaluation_values(**changes), base="")


def test_nobody_evaluates_or_checks_what_they_wrote_or_follow_elsewhere(completed, crew):
    people = [completed.author, crew.payer, user_with(Role.REGIONAL_MANAGER, region=region("ML-8"))]
    for person in people:
        with pytest.raises(PermissionDenied):
            services.evaluate(project=completed, user=fresh(person), values=evaluation_values(), base="")
        with pytest.raises(PermissionDenied):
            services.check_sustainability(project=completed, user=fresh(person), values=check_values(), base="")


def test_the_works_are_checked_six_months_after_completion_closed_or_not(crew, people):
    closed = make.in_state(State.CLOSED, crew, people)
    with pytest.raises(ValidationError, match="à partir du"):
        services.check_sustainability(project=closed, user=fresh(crew.officer), values=check_values(), base="")

    with clock.at(clock.now() + dt.timedelta(days=190)):
        made = services.check_sustainability(project=closed, user=fresh(crew.officer), values=check_values(), base="")
        with pytest.raises(ValidationError, match="à venir"):
            later = check_values(checked_on=clock.today() + dt.timedelta(days=1))
            services.check_sustainability(project=closed, user=fresh(crew.officer), values=later, base="")
    assert made.kept_up


def test_works_that_are_not_complete_are_not_checked(active, crew):
    with pytest.raises(StepRefused):
        services.check_sustainability(project=active, user=fresh(crew.officer), values=check_values(), base="")


# --- Lessons --------------------------------------------------------------------------------------------------------
def test_lessons_are_noted_by_those_who_follow_the_project_even_once_closed(crew, people):
    closed = make.in_state(State.CLOSED, crew, people)
    for person in (closed.author, crew.officer, user_with(Role.REGIONAL_MANAGER), user_with(Role.SECTION_HEAD)):
        services.note_lesson(project=closed, user=fresh(person), values=LESSON)
    for person in (crew.payer, user_with(Role.AUDITOR), user_with(Role.PROPOSER)):
        with pytest.raises(PermissionDenied):
            services.note_lesson(project=closed, user=fresh(person), values=LESSON)
    assert Lesson.objects.count() == 4


def test_a_lesson_is_corrected_by_who_noted_it_or_by_a_programme_officer(active, crew):
    lesson = services.note_lesson(project=active, user=fresh(active.author), values=LESSON)
    read = fingerprint_of_all(services.stored(lesson, services.LESSON))
    manager = user_with(Role.REGIONAL_MANAGER)
    with pytest.raises(PermissionDenied):
        services.note_lesson(project=active, user=manager, values=LESSON | {"title": "x"}, lesson=lesson, base=read)
    changed = LESSON | {"title": "Commander tôt"}
    services.note_lesson(project=active, user=fresh(crew.officer), values=changed, lesson=lesson, base=read)
    with pytest.raises(ChangedMeanwhile):
        other = LESSON | {"title": "Commander tard"}
        services.note_lesson(project=active, user=fresh(active.author), values=other, lesson=lesson, base=read)


# --- The database, whoever writes -----------------------------------------------------------------------------------
def refused(sql: str, *values, name: str) -> None:
    with pytest.raises(DatabaseError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_sql_changes_nothing_of_a_signed_handover(active, crew):
    handover = signed(prepared(active, crew.officer), crew.officer)

    refused("UPDATE projects_handover SET works = 'autre' WHERE id = %s", handover.pk, name="handover_signed_for_good")
    refused("UPDATE projects_handover SET signed_copy_id = NULL WHERE id = %s", handover.pk, name="handover_signed")
    refused("DELETE FROM projects_handover WHERE id = %s", handover.pk, name="[Cc]annot delete|never_deleted")


def test_sql_keeps_one_record_of_each_kind_with_dated_reservations(active, crew):
    handover = prepared(active, crew.officer)
    copy = (
        "INSERT INTO projects_handover (project_id, kind, held_on, place, owner, owner_signatory, maintained_by, attendees,"
        " works, reservations, recorded_by_id, recorded_at) SELECT project_id, %s, held_on, place, owner, owner_signatory,"
        " maintained_by, attendees, works, reservations, %s, now() FROM projects_handover WHERE id = %s"
    )
    refused(copy, "provisional", crew.officer.pk, handover.pk, name="handover_kind_once")
    refused(copy, "final", active.author_id, handover.pk, name="completion_by_another")
    update = "UPDATE projects_handover SET reservations = 'x' WHERE id = %s"
    refused(update, handover.pk, name="handover_reservations_dated")
    update = "UPDATE projects_handover SET reservations_due_on = held_on - 1 WHERE id = %s"
    refused(update, handover.pk, name="handover_reservations_after")


EVALUATE = (
    "INSERT INTO projects_evaluation (project_id, confidence, need_met, quality, inclusion, visibility, perception,"
    " people_asked, women_asked, went_well, went_badly, evaluated_by_id, evaluated_on, recorded_at)"
    " VALUES (%s, 4, 4, 4, 4, 4, 'x', 10, 5, '', '', %s, now(), now())"
)
CHECK = (
    "INSERT INTO projects_sustainabilitycheck (project_id, checked_on, in_use, kept_up, findings, actions, checked_by_id,"
    " recorded_at) VALUES (%s, %s, 'fully', true, 'x', '', %s, now())"
)


def test_sql_evaluates_in_its_time_by_another_and_once(active, completed, crew):
    refused(EVALUATE, active.pk, crew.officer.pk, name="completion_in_its_time")
    refused(EVALUATE, completed.pk, completed.author_id, name="completion_by_another")
    evaluation = make.evaluate(completed, crew.officer)
    refused(EVALUATE, completed.pk, crew.officer.pk, name="unique|evaluation")
    refused("UPDATE projects_evaluation SET quality = 6 WHERE id = %s", evaluation.pk, name="evaluation_marks")
    refused("UPDATE projects_evaluation SET women_asked = 99 WHERE id = %s", evaluation.pk, name="evaluation_women")
    refused("DELETE FROM projects_evaluation WHERE id = %s", evaluation.pk, name="[Cc]annot delete|never_deleted")


def test_sql_checks_in_its_time_and_by_another(active, completed, crew):
    later = clock.today() + dt.timedelta(days=190)
    refused(CHECK, active.pk, later, crew.officer.pk, name="completion_in_its_time")
    refused(CHECK, completed.pk, clock.today(), crew.officer.pk, name="sustainability_too_early")
    refused(CHECK, completed.pk, later, completed.author_id, name="completion_by_another")


def test_sql_changes_no_evaluation_of_a_closed_project_nor_deletes_a_lesson(crew, people):
    closed = make.in_state(State.CLOSED, crew, people)
    lesson = services.note_lesson(project=closed, user=fresh(crew.officer), values=LESSON)

    refused(
        "UPDATE projects_evaluation SET quality = 1 WHERE project_id = %s", closed.pk, name="completion_in_its_time"
    )
    update = "UPDATE projects_handover SET place = 'x' WHERE project_id = %s"
    refused(update, closed.pk, name="completion_in_its_time|handover_signed_for_good")
    refused("DELETE FROM projects_lesson WHERE id = %s", lesson.pk, name="[Cc]annot delete|never_deleted")
    assert Report.objects.filter(project=closed, state="accepted").count() == 2
