"""The pages of the reports, by those who write, read and judge them."""

import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import ExpectedResult, Report
from projects.services import report_files, reports
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.documents.files import jpeg, pdf
from tests.factories import implementation as make
from tests.factories.accounts import user_with
from tests.factories.projects import fresh, region
from tests.ground.laid_once import laid_once

from .test_reports import filled, opened, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@laid_once
def crew():
    return make.Crew()


@laid_once
def project(crew):
    project = make.in_state(State.ACTIVE, crew)
    make.pay(make.instalment_of(project), crew)
    return make.fresh_project(project)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(project, page: str = "", report: Report | None = None) -> str:
    return f"/projets/{project.pk}/rapports/" + (f"{report.pk}/" if report else "") + (f"{page}/" if page else "")


def sent(user: User, address: str, key: str | None = None, **data):
    return signed_in(user).post(address, {"one_time_key": key or str(uuid.uuid4()), **data})


def typed(client: Client, report: Report, **values) -> dict:
    """What the form holds as shown, with `values` typed over it."""
    form = client.get(at(report.project, "redaction", report)).context["form"]
    base = client.get(at(report.project, "redaction", report)).context["base"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in shown.items()} | {"base": base} | values


# --- The tab --------------------------------------------------------------------------------------------------------
def test_the_author_opens_a_report_from_the_tab_and_lands_in_its_form(project):
    author = signed_in(project.author)
    page = author.get(at(project)).content.decode()
    assert "Rapport intermédiaire, tranche 1" in page and "Ouvrir le rapport" in page
    assert "Rapport narratif final" in page and "Rapport financier final" in page

    instalment = make.instalment_of(project)
    answer = sent(project.author, at(project, "ouverture"), kind="interim", instalment=instalment.pk)
    report = Report.objects.get()
    assert answer["Location"] == at(project, "redaction", report)
    assert "Continuer" in author.get(at(project)).content.decode()


def test_a_double_click_opens_one_report(project):
    key, instalment = str(uuid.uuid4()), make.instalment_of(project)
    for _ in range(2):
        sent(project.author, at(project, "ouverture"), key, kind="interim", instalment=instalment.pk)

    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "data", [{}, {"kind": "interim"}, {"kind": "final_narrative", "instalment": "1"}, {"kind": "x"}]
)
def test_a_request_that_names_no_report_opens_none(project, data):
    assert sent(project.author, at(project, "ouverture"), **data).status_code == 422
    assert not Report.objects.exists()


def test_the_tab_stands_above_every_page_of_the_project_once_the_agreement_is_signed(crew, project):
    reader = signed_in(crew.officer)

    assert at(project) in reader.get(f"/projets/{project.pk}/").content.decode()


def test_others_see_that_a_report_is_being_written_but_not_what_it_says(crew, project):
    report = filled(opened(project), done="Secret des auteurs.")
    officer = signed_in(crew.officer)

    assert "En rédaction" in officer.get(at(project)).content.decode()
    assert at(project, "", report) not in officer.get(at(project)).content.decode()
    assert officer.get(at(project, "", report)).status_code == 403
    manager = signed_in(user_with(Role.REGIONAL_MANAGER, region=region()))
    assert "Secret des auteurs." in manager.get(at(project, "", report)).content.decode()


# --- Writing --------------------------------------------------------------------------------------------------------
def test_a_report_is_saved_left_and_resumed(project):
    report, author = opened(project), signed_in(project.author)
    data = typed(author, report, done="Les murs sont montés.", reached_women="1 200", action="save")
    answer = author.post(at(project, "redaction", report), data)

    assert answer["Location"] == at(project, "redaction", report)
    page = author.get(at(project, "redaction", report)).content.decode()
    assert "Les murs sont montés." in page
    report.refresh_from_db()
    assert report.reached_women == 1200


def test_the_form_shows_baseline_target_and_people_planned(project):
    project.results.update(baseline=2, target=9, unit="puits", indicator="Nombre de puits en eau")
    page = signed_in(project.author).get(at(project, "redaction", opened(project))).content.decode()

    assert "Nombre de puits en eau" in page and "départ\u00a0: 2, cible\u00a0: 9 puits" in page
    assert f"Prévu\u00a0: {project.direct_women}" in page


def test_what_cannot_be_read_is_told_beside_its_field_and_nothing_typed_is_lost(project):
    report, author = opened(project), signed_in(project.author)
    data = typed(author, report, done="À garder.", reached_men="beaucoup", period_to="2020-01-01")
    answer = author.post(at(project, "redaction", report), data)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reached_men", "period_to"}
    assert "À garder." in answer.content.decode() and "beaucoup" in answer.content.decode()
    report.refresh_from_db()
    assert report.done != "À garder."


def test_an_older_version_is_refused_with_both_shown_and_each_part_chosen(project):
    coauthor = user_with(Role.PROPOSER, name="Aminata Dicko")
    project.coauthors.add(coauthor)
    report, author, other = opened(project), signed_in(project.author), signed_in(coauthor)
    value = f"value_{project.results.get().pk}"
    mine = typed(author, report, done="Ma version.", difficulties="Mes difficultés.")
    theirs = typed(other, report, done="Leur version.", next_steps="Leurs étapes.", **{value: "0,5"})
    other.post(at(project, "redaction", report), theirs)

    answer = author.post(at(project, "redaction", report), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Aminata Dicko a enregistré ce rapport" in page
    assert "Ma version." in page and "Leur version." in page
    differences = {one.key: one.preferred for one in answer.context["differences"]}
    assert differences == {"done": "mine", "difficulties": "mine", "next_steps": "theirs", value: "theirs"}
    report.refresh_from_db()
    assert report.done == "Leur version."

    chosen = dict(answer.context["carried"]) | {"version": report.version, "base": answer.context["base"]}
    chosen |= {f"keep:{key}": choice for key, choice in differences.items()}
    assert author.post(at(project, "redaction", report), chosen).status_code == 302
    report.refresh_from_db()
    assert (report.done, report.difficulties) == ("Ma version.", "Mes difficultés.")
    assert report.next_steps == "Leurs étapes."
    assert report.results.get().value == Decimal("0.5")


def test_a_session_that_ended_keeps_what_was_typed(project):
    report, author = opened(project), signed_in(project.author)
    data = typed(author, report, done="Écrit hors session.")
    visitor = Client()
    answer = visitor.post(at(project, "redaction", report), data)
    assert answer["Location"].startswith("/compte/connexion/")

    visitor.force_login(project.author)
    assert "Écrit hors session." in visitor.get(at(project, "redaction", report)).content.decode()


def test_what_is_typed_after_the_submission_is_given_back_to_be_copied(project):
    report, author = filled(opened(project)), signed_in(project.author)
    data = typed(author, report, done="Trop tard.")
    submitted(report)
    answer = author.post(at(project, "redaction", report), data)

    assert answer.status_code == 409
    assert "Trop tard." in answer.content.decode() and "rien n’a été enregistré" in answer.content.decode()


# --- Reading and submitting -----------------------------------------------------------------------------------------
def test_the_page_of_a_report_lists_what_lacks_with_a_way_to_each_field(project):
    report = opened(project)
    page = signed_in(project.author).get(at(project, "", report)).content.decode()

    assert f"{at(project, 'redaction', report)}#id_next_steps" in page
    assert "Soumettre le rapport" not in page


def test_a_complete_report_is_submitted_once_and_read_by_all_who_read_the_project(crew, project):
    report = filled(opened(project), done="Les murs sont montés.")
    key = str(uuid.uuid4())
    assert "Soumettre le rapport" in signed_in(project.author).get(at(project, "soumission", report)).content.decode()
    for _ in range(2):
        answer = sent(project.author, at(project, "soumission", report), key, version=report.version)
        assert answer["Location"] == at(project, "", report)

    for reader in (crew.officer, crew.payer, user_with(Role.AUDITOR)):
        page = signed_in(reader).get(at(project, "", report)).content.decode()
        assert "Les murs sont montés." in page
        assert ("Accepter le rapport" in page) == (reader == crew.officer)


def test_an_incomplete_report_is_refused_with_what_lacks(project):
    report = opened(project)
    answer = sent(project.author, at(project, "soumission", report), version=report.version)

    assert answer.status_code == 422
    assert "Dites ce qui reste à faire" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == "draft"


def test_values_are_shown_with_how_far_they_went(crew, project):
    result = project.results.get()
    ExpectedResult.objects.filter(pk=result.pk).update(baseline=10, target=30, unit="puits")
    report = submitted(filled(opened(project), **{f"value_{result.pk}": 25}))
    page = signed_in(crew.officer).get(at(project, "", report)).content.decode()

    assert "25 puits" in page and "75\u00a0% du chemin" in page


def test_the_money_of_a_report_cannot_be_typed(project):
    """The form has no field for an amount: the tables beside it are computed."""
    form = signed_in(project.author).get(at(project, "redaction", opened(project))).context["form"]

    assert not [name for name in form.fields if "usd" in name or "amount" in name]


# --- Judging --------------------------------------------------------------------------------------------------------
def test_an_officer_returns_with_remarks_then_accepts(crew, project):
    report = submitted(filled(opened(project)))
    answer = sent(crew.officer, at(project, "renvoi", report), version=report.version, text="Joignez la liste.")
    assert answer["Location"] == at(project, "", report)
    page = signed_in(project.author).get(at(project, "redaction", report)).content.decode()
    assert "Joignez la liste." in page

    report.refresh_from_db()
    report = submitted(report)
    sent(crew.officer, at(project, "acceptation", report), version=report.version)
    report.refresh_from_db()
    assert (report.state, report.judged_by) == ("accepted", crew.officer)
    assert "Joignez la liste." in signed_in(crew.payer).get(at(project, "", report)).content.decode()


def test_a_return_without_remarks_is_refused_and_a_version_not_read_is_not_accepted(crew, project):
    report = submitted(filled(opened(project)))

    answer = sent(crew.officer, at(project, "renvoi", report), version=report.version, text="")
    assert answer.status_code == 422 and "Dites ce qui est à corriger." in answer.content.decode()
    answer = sent(crew.officer, at(project, "acceptation", report), version=report.version - 1)
    assert answer.status_code == 422 and "a changé depuis" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == "submitted"


def test_a_step_that_was_taken_meanwhile_says_so(crew, project):
    report = submitted(filled(opened(project)))
    old = report.version
    reports.accept(report=report, user=fresh(crew.officer), version=old)
    answer = sent(crew.officer, at(project, "renvoi", report), version=old, text="Trop tard.")

    assert answer.status_code == 422 and "Accepté" in answer.content.decode()


@pytest.mark.parametrize("step", ["acceptation", "renvoi"])
def test_neither_authors_nor_readers_open_the_pages_of_the_judge(crew, project, step):
    report = submitted(filled(opened(project)))
    for user in (project.author, crew.payer, user_with(Role.AUDITOR)):
        assert signed_in(user).get(at(project, step, report)).status_code == 403
        assert sent(user, at(project, step, report), version=report.version, text="x").status_code == 403


@pytest.mark.parametrize("step", ["redaction", "soumission", "pieces"])
def test_others_do_not_open_the_pages_of_the_authors(crew, project, step):
    report = submitted(filled(opened(project)))
    for user in (crew.officer, crew.payer, user_with(Role.PROPOSER)):
        assert signed_in(user).get(at(project, step, report)).status_code == 403


def test_a_report_is_found_on_its_own_project_alone(crew, project):
    report = opened(project)
    elsewhere = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))

    assert signed_in(elsewhere).get(at(project)).status_code == 404
    assert signed_in(elsewhere).get(at(project, "", report)).status_code == 404
    assert signed_in(project.author).get(f"/projets/{project.pk}/rapports/{report.pk + 999}/").status_code == 404


# --- Files ----------------------------------------------------------------------------------------------------------
def test_a_file_is_joined_read_and_withdrawn(crew, project):
    report = opened(project)
    upload = SimpleUploadedFile("Puits.jpg", jpeg((320, 200)))
    sent(project.author, at(project, "pieces", report), file=upload, caption="Le puits")
    file = report.files.get()
    address = f"{at(project, 'pieces', report)}{file.document.public_id}/"
    author = signed_in(project.author)
    assert author.get(address)["Content-Type"] == "image/jpeg"
    assert author.get(f"{address}vignette/").status_code == 200
    assert signed_in(crew.officer).get(address).status_code == 403  # not submitted yet

    assert sent(project.author, f"{address}retrait/", reason="").status_code == 422
    sent(project.author, f"{address}retrait/", reason="Floue")
    assert author.get(address).status_code == 404
    page = author.get(at(project, "", report)).content.decode()
    assert "Le puits" in page and "Floue" in page


def test_a_wrong_file_is_refused_with_what_to_do(project):
    report = opened(project)
    answer = sent(project.author, at(project, "pieces", report), file=SimpleUploadedFile("a.exe", b"MZ"))
    assert answer.status_code == 422 and "pas accepté" in answer.content.decode()
    answer = sent(project.author, at(project, "pieces", report))
    assert answer.status_code == 422


# --- Cost -----------------------------------------------------------------------------------------------------------
def queries(user: User, address: str) -> int:
    client = signed_in(user)
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_the_pages_of_reports_cost_the_same_with_two_results_and_with_twenty(crew, project):
    def add(count: int) -> None:
        for rank in range(count):
            ExpectedResult.objects.create(project=project, statement=f"Résultat {rank}")
            upload = SimpleUploadedFile(f"{rank}.pdf", pdf(f"<< /Id ({count} {rank}) >>".encode()))
            report_files.join(report=report, user=fresh(project.author), upload=upload)

    report = opened(project)
    make.visit(project, crew.officer)
    pages = [(project.author, at(project)), (project.author, at(project, "redaction", report))]
    pages += [(project.author, at(project, "", report)), (crew.officer, at(project))]
    add(1)
    few = [queries(*page) for page in pages]
    add(18)

    assert [queries(*page) for page in pages] == few
    assert max(few) <= 12, few


def test_the_interim_report_costs_its_judge_no_more_than_a_page(crew, project):
    """Session, person, roles, project, what hangs on it; results, money by line, tranche and payment; files, returns,
    interest."""
    report = make.report(project, crew, state="submitted")
    for reader in (crew.officer, project.author, user_with(Role.AUDITOR)):
        assert queries(reader, at(project, "", report)) <= 12
