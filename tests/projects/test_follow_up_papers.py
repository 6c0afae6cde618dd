"""Visit reports, project reports, handover records and amendments, printed: what they say and who may sign them."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from projects.exports.amendment import amendment_paper
from projects.exports.handover import handover_record
from projects.exports.report import report_paper
from projects.exports.visit_report import visit_report
from projects.models import (
    Amendment,
    ExpectedResult,
    Handover,
    Project,
    ReportFile,
    ReportReturn,
    ResultReached,
    Visit,
    VisitPhoto,
)
from projects.states import State
from sr_portal.documents.services import store, withdraw
from sr_portal.documents.typesetting import typeset
from sr_portal.web import clock
from tests.documents.files import jpeg
from tests.documents.printed import assert_accessible, elements, read, text_of
from tests.factories import implementation as life
from tests.factories.implementation import Crew
from tests.projects.test_papers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def told(project: Project) -> Project:
    return Project.objects.for_page().with_life().get(pk=project.pk)


def printed_text(make, project: Project, row) -> str:
    return text_of(typeset(make(told(project), row)))


def address(route: str, *args) -> str:
    return reverse(f"projects:{route}", args=args)


# --- Visits ---------------------------------------------------------------------------------------------------------
def visited(**fields) -> tuple[Project, Visit, Crew]:
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    values = {
        "observations": "Le mur nord est fissuré.\n\nLe reste est droit.",
        "people_met": "Le maire",
        "distance_m": 2450,
    }
    visit = life.visit(project, crew.officer, **(values | {"latitude": "16.27", "longitude": "-0.04"} | fields))
    return project, visit, crew


def visit_text(project: Project, visit: Visit) -> tuple[str, bytes]:
    project = told(project)
    [again] = [row for row in project.visits.all() if row.pk == visit.pk]
    printed = typeset(visit_report(project, again))
    return text_of(printed), printed


def test_a_visit_s_report_says_what_was_seen_where_and_by_whom():
    project, visit, crew = visited()
    life.finding(project, crew.officer, "blocking", visit=visit, text="Fer à béton apparent.")

    text, printed = visit_text(project, visit)
    for said in (
        "60\u00a0%", "Le mur nord est fissuré.", "Le reste est droit.", "Le maire", crew.officer.name,
        "Fer à béton apparent.", "Bloquant", "Ouvert", "16.27000, -0.04000", "à 2\u202f450 m du point du projet",
    ):  # fmt: skip
        assert said in text, said
    assert_accessible(printed, language="fr", title=read(printed).metadata.title)
    assert read(printed).metadata.title.startswith("Compte rendu de visite du ")


def test_a_visit_s_photos_are_shown_by_moment_with_their_captions_said():
    project, visit, crew = visited()
    for stage, caption in (("before", "Puits à sec"), ("after", "Eau courante"), ("after", "")):
        photo = store(ContentFile(jpeg((3000, 2000), orientation=8), name="Photo.jpg"), by=crew.officer)
        VisitPhoto.objects.create(visit=visit, document=photo, stage=stage, caption=caption)
    hidden = store(ContentFile(jpeg((700, 500)), name="Visages.jpg"), by=crew.officer)
    VisitPhoto.objects.create(visit=visit, document=hidden, stage="after", caption="Visages")
    withdraw(hidden, by=crew.officer, reason="Des personnes y sont reconnaissables.")

    text, printed = visit_text(project, visit)
    assert (
        text.index("Photos\u00a0: avant")
        < text.index("Puits à sec")
        < text.index("Photos\u00a0: après")
        < text.index("Eau courante")
    )
    assert "Visages" not in text
    assert [figure["/Alt"] for figure in elements(printed, "/Figure")] == [
        "Photo de la visite, avant\u00a0: Puits à sec", "Photo de la visite, après\u00a0: Eau courante",
        "Photo de la visite, après",
    ]  # fmt: skip


@pytest.mark.parametrize(("photos", "beside"), [(0, "Aucun constat"), (1, "Photo 0"), (5, "Photo 4")])
def test_the_signature_never_stands_alone_on_a_page(photos, beside):
    project, visit, crew = visited()
    for rank in range(photos):
        photo = store(ContentFile(jpeg((300, 200)), name="Photo.jpg"), by=crew.officer)
        VisitPhoto.objects.create(visit=visit, document=photo, stage="after", caption=f"Photo {rank}")
    project = told(project)
    [visit] = [row for row in project.visits.all() if row.pk == visit.pk]

    for lines in range(1, 28, 3):  # whatever the room that is left at the foot of the page
        visit.observations = "\n".join(["Le mur nord est fissuré."] * lines)
        pages = [page.extract_text() for page in read(typeset(visit_report(project, visit))).pages]
        [signed] = [page for page in pages if "Compte rendu établi par" in page]
        assert beside in signed, f"alone after {lines} lines"


def test_a_visit_that_was_not_made_has_no_report():
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    planned = life.visit(project, crew.officer, done=False)

    assert browser(crew.officer).get(address("visit_pdf", project.pk, planned.pk)).status_code == 404


def test_the_report_of_another_project_s_visit_is_not_printed_by_this_one():
    from tests.factories.projects import cast

    crew, people = Crew(), cast()
    mine, other = (life.in_state(State.ACTIVE, crew, people) for _twice in range(2))
    visit = life.visit(other, crew.officer)

    assert browser(crew.officer).get(address("visit_pdf", mine.pk, visit.pk)).status_code == 404


# --- Reports --------------------------------------------------------------------------------------------------------
def test_an_interim_report_tells_results_people_and_spending_of_its_instalment():
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew, amount="20000")
    first = life.instalment_of(project)
    life.pay(first, crew)
    life.justify(first, crew, first.amount_usd / 2)
    report = life.report(project, crew, state="draft")
    ResultReached.objects.create(
        report=report, result=ExpectedResult.objects.get(project=project), value=1, comment="Vu"
    )
    report.reached_women, report.spending, report.lessons = 1250, "Le ciment a renchéri.", "Acheter avant l’hivernage."
    report.save()
    report.state, report.submitted_by, report.submitted_at = "submitted", project.author, clock.now()
    report.save()

    project = told(project)
    [report] = project.reports.all()
    printed = typeset(report_paper(project, report))
    text = text_of(printed)
    for said in (
        "Rapport intermédiaire, tranche 1", "1\u202f250", "Le ciment a renchéri.", "Acheter avant l’hivernage.",
        "Les murs sont montés.", "L’eau coule toute l’année", "5\u202f000\u00a0USD", "15\u202f000\u00a0USD", "Soumis",
        project.author.name,
    ):  # fmt: skip
        assert said in text, said
    assert_accessible(printed, language="fr", title="Rapport intermédiaire, tranche 1")


def test_a_final_financial_report_tells_the_money_and_leaves_the_narrative_out():
    crew = Crew()
    project = life.in_state(State.CLOSED, crew)
    report = project.reports.get(kind="final_financial")
    project = told(project)

    text = printed_text(report_paper, project, [row for row in project.reports.all() if row.pk == report.pk][0])
    assert "Dépenses justifiées par ligne du budget convenu" in text and "Tranche" in text
    assert "Activités réalisées" not in text and "Personnes atteintes" not in text


def test_a_report_tells_its_returns_and_its_files():
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    life.pay(life.instalment_of(project), crew)
    report = life.report(project, crew, state="draft")
    ReportFile.objects.create(report=report, document=life.pdf_of(project.author, "Liste de présence.pdf"))
    report.state, report.submitted_by, report.submitted_at = "submitted", project.author, clock.now()
    report.save()
    ReportReturn.objects.create(report=report, text="Joignez la liste des bénéficiaires.", returned_by=crew.officer)

    project = told(project)
    text = printed_text(report_paper, project, project.reports.all()[0])
    assert "Joignez la liste des bénéficiaires." in text and "Liste de présence.pdf" in text


def test_a_draft_report_is_its_writers_own():
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    life.pay(life.instalment_of(project), crew)
    report = life.report(project, crew, state="draft")

    assert browser(crew.officer).get(address("report_pdf", project.pk, report.pk)).status_code == 404


# --- Handover -------------------------------------------------------------------------------------------------------
def handed_over(*, signed: bool = True, works: str = "Un forage équipé.") -> tuple[Project, Handover]:
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    handover = Handover.objects.create(
        project=project, kind="provisional", held_on=clock.today(), place="Ansongo", owner="Commune d’Ansongo",
        owner_signatory="Le maire", maintained_by="Comité de gestion", works=works, recorded_by=crew.officer,
        reservations="Reprendre l’enduit.", reservations_due_on=dt.date(2027, 3, 1),
    )  # fmt: skip
    if signed:
        handover.signed_copy = life.pdf_of(crew.officer, "Procès-verbal signé.pdf")
        handover.save()
    project = told(project)
    return project, project.handovers.all()[0]


def test_a_handover_record_names_owner_keeper_reservations_and_three_signatories():
    project, handover = handed_over(signed=False)
    printed = typeset(handover_record(project, handover))
    text = text_of(printed)

    for said in (
        "Procès-verbal de réception provisoire", "Commune d’Ansongo", "Comité de gestion", "Un forage équipé.",
        "Reprendre l’enduit.", "1er mars 2027", "Pour le propriétaire", "Le maire", "Pour le partenaire", "Mariam Maïga",
        "Pour la mission", "La réception définitive constatera",
    ):  # fmt: skip
        assert said in text, said
    assert text.count("Signature et cachet") == 3 and "Seul l’exemplaire signé" not in text
    assert_accessible(printed, language="fr", title="Procès-verbal de réception provisoire")


def test_once_signed_it_says_which_copy_is_the_original():
    project, handover = handed_over()

    text = printed_text(handover_record, project, handover)
    assert "Seul l’exemplaire signé fait foi" in text
    assert handover.signed_copy.sha256 in text.replace("\u200b", "").replace(" ", "")


def test_its_signatures_stay_with_what_is_signed():
    project, handover = handed_over(signed=False, works="Un forage équipé. " * 190)
    pages = [page.extract_text() for page in read(typeset(handover_record(project, handover))).pages]

    [signing] = [page for page in pages if "Pour le propriétaire" in page]
    assert "Remise et engagement" in signing and "Fait à Ansongo" in signing and "Pour la mission" in signing


# --- Amendments -----------------------------------------------------------------------------------------------------
def amended(language: str = "fr", *, submitted: bool = True) -> tuple[Project, Amendment]:
    project = life.sign(life.approved(), Crew(), language=language)
    amendment = Amendment.objects.create(
        project=project, number=1, written_by=project.author, reason="Le ciment a renchéri.",
        changes=[
            {"field": "duration_months", "before": 4, "after": 5},
            {"field": "objective", "before": "Texte écrit avec la population.", "after": "Réhabiliter deux forages."},
        ],
    )  # fmt: skip
    if submitted:
        amendment.state, amendment.submitted_at = "submitted", clock.now()
        amendment.save()
    project = told(project)
    return project, project.amendments.all()[0]


def test_an_amendment_shows_each_change_before_and_after():
    project, amendment = amended()
    printed = typeset(amendment_paper(project, amendment))
    text = text_of(printed)

    for said in (
        "4 mois",
        "5 mois",
        "Réhabiliter deux forages.",
        "Le ciment a renchéri.",
        "Soumis",
        project.agreement.number,
    ):
        assert said in text, said
    assert_accessible(printed, language="fr", title="Avenant n°\u00a01 au protocole d’accord")


def test_an_amendment_speaks_the_language_of_its_agreement():
    project, _amendment = amended("en")
    answer = browser(project.author).get(address("amendment_pdf", project.pk, 1))

    assert read(b"".join(answer.streaming_content)).trailer["/Root"]["/Lang"].startswith("en")


def test_a_draft_amendment_is_not_printed():
    project, _amendment = amended(submitted=False)

    assert browser(project.author).get(address("amendment_pdf", project.pk, 1)).status_code == 404
