"""The pages from the end of the works to closure: checklist, reception, evaluation, lessons, projects to close."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.forms.partners import PartnerForm
from projects.forms.completion import LessonForm
from projects.models import AttachmentKind, Lesson
from projects.services import completion as services
from projects.services import implementation as steps
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.documents.files import pdf
from tests.factories import implementation as make
from tests.factories.accounts import user_with
from tests.factories.projects import cast, fresh, region
from tests.ground.laid_once import laid_once

from .test_completion import LESSON, accounted, evaluation_values, handover_values, prepared, signed

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


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(project, page: str = "") -> str:
    return f"/projets/{project.pk}/reception/" + (f"{page}/" if page else "")


def shown(user: User, address: str) -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def sent(user: User, address: str, key: str | None = None, **data):
    data = {name: "" if value is None else value for name, value in data.items()}
    return signed_in(user).post(address, {"one_time_key": key or str(uuid.uuid4()), **data})


# --- The checklist --------------------------------------------------------------------------------------------------
def test_the_checklist_says_what_is_done_and_leads_to_what_is_missing(active, crew):
    make.visit(active, crew.officer, "final")
    page = shown(crew.officer, at(active))

    assert "2 points manquent" in page  # the handover record and the photo after
    assert f'href="{at(active)}#reception"' in page and f'href="/projets/{active.pk}/visites/"' in page
    assert f'href="/projets/{active.pk}/rapports/"' in page
    assert f'href="/projets/{active.pk}/etapes/complete/"' not in page


def test_the_step_is_offered_once_everything_is_there_to_who_may_take_it(active, crew):
    make.visit(active, crew.officer, "final", photos=("after",))
    make.hand_over(active, crew.officer)
    address = f'href="/projets/{active.pk}/etapes/complete/"'

    assert address in shown(crew.officer, at(active))
    assert address not in shown(crew.payer, at(active))
    assert address not in shown(active.author, at(active))


def test_the_page_and_the_step_give_the_same_reasons_with_the_same_pages(completed, crew):
    page = shown(crew.payer, f"/projets/{completed.pk}/etapes/close/")

    for reason in ("Le rapport narratif final n’est pas accepté.", "La fiche d’évaluation n’est pas remplie."):
        assert reason in page and reason in shown(crew.payer, at(completed))
    assert f'href="/projets/{completed.pk}/rapports/"' in page
    assert f'href="{at(completed)}#evaluation"' in page


def test_finance_is_led_to_the_closure_once_everything_is_accounted_for(completed, crew):
    accounted(completed, crew)
    page = shown(crew.payer, at(completed))

    assert "Tout est réuni" in page and f'href="/projets/{completed.pk}/etapes/close/"' in page
    due = clock.today() + dt.timedelta(days=60)
    assert f"{due.day}" in page and "à clôturer avant le" in page


def test_there_is_no_such_page_before_the_works(crew, people):
    agreed = make.in_state(State.AGREED, crew, people)

    assert signed_in(crew.officer).get(at(agreed)).status_code == 404


# --- Cancelled ------------------------------------------------------------------------------------------------------
def test_what_is_to_be_refunded_is_shown_until_it_is_accounted_for(active, crew):
    first = make.instalment_of(active)
    make.pay(first, crew)
    cancelled = steps.cancel(project=make.fresh_project(active), user=fresh(crew.approver), note="Accès coupé.")

    amount = f"{first.amount_usd:,.0f}".replace(",", " ")
    for address in (at(cancelled), f"/projets/{cancelled.pk}/"):
        assert f"À rembourser par le partenaire : {amount} USD" in shown(crew.payer, address)
    make.justify(first, crew)
    page = shown(crew.payer, at(cancelled))
    assert "À rembourser" not in page and "justifié ou remboursé" in page


# --- Reception ------------------------------------------------------------------------------------------------------
def test_an_officer_prepares_the_record_then_files_the_signed_copy(active, crew):
    page = shown(crew.officer, at(active, "proces-verbal/provisoire"))
    assert active.locality in page and active.maintained_by in page  # proposed from the proposal
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = sent(crew.officer, at(active, "proces-verbal/provisoire"), key, **handover_values())
    assert answer["Location"] == at(active) + "#reception"

    upload = SimpleUploadedFile("PV.pdf", pdf())
    sent(crew.officer, at(active, "proces-verbal/provisoire/exemplaire/depot"), file=upload)
    handover = active.handovers.get()
    assert services.is_signed(handover)
    page = shown(active.author, at(active))
    assert handover.signed_copy.sha256 in page and "Retirer l’exemplaire" not in page
    copy = signed_in(active.author).get(at(active, "proces-verbal/provisoire/exemplaire"))
    assert copy["Content-Type"] == "application/pdf"

    sent(crew.officer, at(active, "proces-verbal/provisoire/exemplaire/retrait"), reason="Signature manquante")
    assert signed_in(active.author).get(at(active, "proces-verbal/provisoire/exemplaire")).status_code == 404


def test_reservations_without_a_day_are_told_beside_the_field_and_nothing_is_lost(active, crew):
    data = handover_values(reservations="La porte ferme mal.")
    answer = sent(crew.officer, at(active, "proces-verbal/provisoire"), **data)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reservations_due_on"}
    assert "La porte ferme mal." in answer.content.decode()


def test_reservations_past_their_day_are_shown_late(active, crew):
    day = clock.today() - dt.timedelta(days=5)
    prepared(active, crew.officer, held_on=day, reservations="Porte", reservations_due_on=day)

    assert "5 jours de retard" in shown(crew.officer, at(active))


def test_a_record_saved_in_between_shows_both_versions(active, crew):
    client = signed_in(crew.officer)
    read = client.get(at(active, "proces-verbal/provisoire")).context["fingerprint"]
    prepared(active, user_with(Role.PROGRAMME_OFFICER), place="Gao")
    answer = sent(
        crew.officer, at(active, "proces-verbal/provisoire"), fingerprint=read, **handover_values(place="Bourem")
    )

    page = answer.content.decode()
    assert answer.status_code == 422 and "Gao" in page and "Bourem" in page
    assert active.handovers.get().place == "Gao"
    again = answer.context["fingerprint"]
    sent(crew.officer, at(active, "proces-verbal/provisoire"), fingerprint=again, **handover_values(place="Bourem"))
    assert active.handovers.get().place == "Bourem"


def test_authors_and_finance_do_not_open_the_record_and_are_told_why(active, crew):
    answer = signed_in(crew.payer).get(at(active, "proces-verbal/provisoire"))
    assert answer.status_code == 403 and "Votre rôle" in answer.content.decode()
    writer = user_with(Role.PROGRAMME_OFFICER, Role.PROPOSER)
    active.coauthors.add(writer)
    answer = signed_in(writer).get(at(active, "proces-verbal/provisoire"))
    assert answer.status_code == 403 and "Vous avez rédigé" in answer.content.decode()
    assert signed_in(crew.officer).get(at(active, "proces-verbal/autre")).status_code == 404


def test_photos_of_the_proposal_and_of_the_visits_stand_before_and_after(active, crew):
    from projects.models import Attachment

    Attachment.objects.create(
        project=active,
        document=make.photo_of(active.author, "Puits tari.jpg"),
        kind=AttachmentKind.PHOTO,
        caption="Tari",
    )
    make.visit(active, crew.officer, "final", photos=("before", "during", "after"))
    answer = signed_in(crew.officer).get(at(active))

    pictures = answer.context["pictures"]
    assert [photo.caption for photo in pictures["before"]] == ["Tari", "Finale"]
    assert len(pictures["after"]) == 1
    assert signed_in(crew.officer).get(pictures["after"][0].thumbnail).status_code == 200


# --- Evaluation, check ----------------------------------------------------------------------------------------------
def test_the_evaluation_is_filled_in_read_and_corrected(completed, crew):
    answer = sent(crew.officer, at(completed, "evaluation"), **evaluation_values())
    assert answer["Location"] == at(completed) + "#evaluation"
    assert "Bien accueilli." in shown(completed.author, at(completed))

    page = signed_in(crew.officer).get(at(completed, "evaluation"))
    sent(
        crew.officer,
        at(completed, "evaluation"),
        fingerprint=page.context["fingerprint"],
        **evaluation_values(quality=2),
    )
    assert "2 sur 5" in shown(crew.officer, at(completed))
    assert "Fiche d’évaluation remplie" in shown(crew.officer, at(completed))


def test_a_mark_left_out_is_asked_for(completed, crew):
    data = evaluation_values()
    del data["quality"]
    answer = sent(crew.officer, at(completed, "evaluation"), **data)

    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"quality"}


def test_the_check_is_noted_from_its_day_on_and_says_until_then_when(completed, crew):
    assert "à partir du" in shown(crew.officer, at(completed, "perennite"))
    data = {"checked_on": clock.today(), "in_use": "partly", "findings": "Une pompe sur deux.", "actions": "Former."}
    assert sent(crew.officer, at(completed, "perennite"), **data).status_code == 422

    with clock.at(clock.now() + dt.timedelta(days=190)):
        data["checked_on"] = clock.today()
        answer = sent(crew.officer, at(completed, "perennite"), **data)
        assert answer["Location"] == at(completed) + "#perennite"
    page = shown(completed.author, at(completed))
    assert "En service en partie" in page and "Une pompe sur deux." in page


# --- Lessons --------------------------------------------------------------------------------------------------------
def test_a_lesson_is_noted_on_the_project_and_found_by_its_words(completed, crew):
    answer = sent(completed.author, at(completed, "lecons/nouvelle"), **LESSON)
    assert answer["Location"] == at(completed) + "#lecons"
    assert LESSON["title"] in shown(crew.payer, at(completed))

    reader = user_with(Role.AUDITOR)
    for query in (
        "pompes",
        "pluie",
        "theme=works",
        f"region={completed.region.code}",
        f"secteur={completed.sector_id}",
    ):
        address = "/lecons-apprises/?" + (query if "=" in query else f"q={query}")
        assert LESSON["title"] in shown(reader, address), query
    for query in ("q=école", "theme=security", "region=ML-8"):
        assert "Aucune leçon ne correspond" in shown(reader, f"/lecons-apprises/?{query}"), query


def test_the_lessons_of_the_final_report_are_offered_to_be_taken_up(completed, crew):
    accounted(completed, crew, narrative=False)
    report = make.report(completed, crew, "final_narrative", state="draft")
    report.lessons = "Prévoir la clôture du site."
    report.save()
    report.state, report.submitted_by, report.submitted_at = "submitted", completed.author, clock.now()
    report.save()
    report.state, report.judged_by, report.judged_at = "accepted", crew.officer, clock.now()
    report.save()

    assert f"{at(completed, 'lecons/nouvelle')}?rapport=1" in shown(crew.officer, at(completed))
    assert "Prévoir la clôture du site." in shown(crew.officer, f"{at(completed, 'lecons/nouvelle')}?rapport=1")


def test_lessons_of_projects_that_the_reader_does_not_see_are_not_found(completed, crew):
    services.note_lesson(project=completed, user=fresh(crew.officer), values=LESSON)
    elsewhere = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))

    assert LESSON["title"] not in shown(elsewhere, "/lecons-apprises/")
    assert signed_in(user_with(Role.PARTNER)).get("/lecons-apprises/").status_code == 403


def test_a_lesson_is_corrected_by_its_author_alone(completed, crew):
    lesson = services.note_lesson(project=completed, user=fresh(completed.author), values=LESSON)
    address = at(completed, f"lecons/{lesson.pk}")
    assert signed_in(user_with(Role.REGIONAL_MANAGER)).get(address).status_code == 403
    read = signed_in(completed.author).get(address).context["fingerprint"]
    sent(completed.author, address, fingerprint=read, **(LESSON | {"title": "Commander tôt"}))

    assert Lesson.objects.get().title == "Commander tôt"


# --- Projects to close ----------------------------------------------------------------------------------------------
def test_the_queue_holds_what_is_over_and_not_accounted_for_the_oldest_first(crew, people):
    late = make.in_state(State.COMPLETED, crew, people)
    with clock.at(clock.now() - dt.timedelta(days=80)):
        older = make.in_state(State.ACTIVE, crew, people)
        make.visit(older, crew.officer, "final", photos=("after",))
        make.hand_over(older, crew.officer)
        older = steps.complete(project=make.fresh_project(older), user=fresh(crew.officer))
    cancelled = make.in_state(State.ACTIVE, crew, people)
    make.pay(make.instalment_of(cancelled), crew)
    cancelled = steps.cancel(project=make.fresh_project(cancelled), user=fresh(crew.approver), note="Accès coupé.")
    settled = make.in_state(State.CANCELLED, crew, people)
    answer = signed_in(crew.payer).get("/projets/a-cloturer/")

    rows = [row.project for row, _missing in answer.context["rows"]]
    assert rows == [older, late, cancelled] and settled not in rows
    page = answer.content.decode().replace("\u00a0", " ")
    assert "20 jours de retard" in page  # completed 80 days ago, to be closed within 60
    missing = [[reason for reason, _url in missing] for _row, missing in answer.context["rows"]]
    assert len(missing[0]) == 3 and len(missing[2]) == 1


def test_a_project_to_which_nothing_is_missing_is_said_ready(completed, crew):
    accounted(completed, crew)

    assert "Rien : à clôturer" in shown(crew.payer, "/projets/a-cloturer/")


def test_the_queue_is_filtered_by_region_and_limited_to_the_reader_s_scope(completed, crew):
    assert completed.title in shown(crew.payer, "/projets/a-cloturer/?region=ML-7")
    assert "Aucun projet n’est à clôturer dans cette région" in shown(crew.payer, "/projets/a-cloturer/?region=ML-8")
    elsewhere = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))
    assert completed.title not in shown(elsewhere, "/projets/a-cloturer/")
    assert signed_in(completed.author).get("/projets/a-cloturer/").status_code == 403
    assert signed_in(crew.payer).get("/projets/a-cloturer/?region=nulle-part").status_code == 422


# --- Cost -----------------------------------------------------------------------------------------------------------
def queries(user: User, address: str) -> int:
    client = signed_in(user)
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_the_lists_cost_the_same_with_few_rows_and_with_many(crew, people):
    projects = [make.in_state(State.COMPLETED, crew, people) for _ in range(2)]

    def note(count: int) -> None:
        for _ in range(count):
            services.note_lesson(project=projects[0], user=fresh(crew.officer), values=LESSON)

    note(2)
    pages = ("/projets/a-cloturer/", "/lecons-apprises/")
    few = [queries(crew.payer, page) for page in pages]
    projects += [make.in_state(State.COMPLETED, crew, people) for _ in range(3)]
    note(18)

    assert [queries(crew.payer, page) for page in pages] == few
    assert max(few) <= 6, few


def test_the_page_of_the_completion_costs_the_same_whatever_it_shows(completed, crew):
    few = queries(crew.officer, at(completed))
    make.evaluate(completed, crew.officer)
    make.visit(completed, crew.officer, "other", photos=("before", "after") * 5)
    signed(services.record_handover(
        project=completed, user=fresh(crew.officer), kind="final", values=handover_values(), base=""
    ), crew.officer)  # fmt: skip
    for _ in range(5):
        services.note_lesson(project=completed, user=fresh(crew.officer), values=LESSON)

    assert queries(crew.officer, at(completed)) == few <= 12


def test_no_choice_of_a_form_is_a_row_of_dashes():
    for form in (LessonForm(), PartnerForm()):
        assert "-----" not in form.as_p()
