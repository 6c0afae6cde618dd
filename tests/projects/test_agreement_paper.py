"""The agreement and the request for an instalment, printed: what they bind to, in which language, signed or not."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from projects.exports.agreement import agreement_paper, last_day
from projects.exports.instalment_request import instalment_request
from projects.models import AgreedLine, Project
from sr_portal.accounts.models import User
from sr_portal.documents.typesetting import typeset
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day
from tests.documents.printed import assert_accessible, read, text_of
from tests.factories import implementation as life
from tests.factories.amendments import amended, content
from tests.factories.implementation import Crew
from tests.factories.projects import fresh
from tests.projects.test_papers import browser

pytestmark = pytest.mark.django_db
CLAUSES = [
    {"kind": "fraud", "text": "Toute fraude met fin au protocole.\n\nElle est signalée sans délai."},
    {"kind": "obligations", "text": "Le partenaire tient une comptabilité séparée."},
    {"kind": "visibility", "text": "Une plaque est posée #sans markup*."},
]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def told(project: Project) -> Project:
    return Project.objects.for_page().with_life().get(pk=project.pk)


def prepared(language: str = "fr", clauses=CLAUSES) -> Project:
    project = life.approved(amount="20000")
    agreement = life.prepare_agreement(
        project, Crew().officer, starts_on=dt.date(2026, 12, 1), language=language,
        special_conditions="Le comité de gestion est formé avant la réception.",
    )  # fmt: skip
    agreement.clauses = clauses
    agreement.save()
    return told(project)


def add_lines(project: Project, count: int) -> None:
    for rank in range(count):
        AgreedLine.objects.create(
            project=project, category="supplies", label=f"Ciment, lot {rank}", baseline_usd=0, amount_usd=0
        )


def test_it_binds_to_the_budget_the_plan_the_days_and_the_clauses():
    project = prepared()
    printed = typeset(agreement_paper(project))
    text = text_of(printed)

    for said in (
        project.agreement.number, project.title, "Mariam Maïga", "Paul Diarra", "1er décembre 2026", "1er avril 2027",
        "20\u202f000\u00a0USD", "10\u202f000\u00a0USD", "8\u202f000\u00a0USD", "2\u202f000\u00a0USD", "50\u00a0%",
        "Toute fraude met fin au protocole.", "Le partenaire tient une comptabilité séparée.",
        "Une plaque est posée #sans markup*.", "Le comité de gestion est formé avant la réception.",
        "Annexe 1 – Budget convenu par ligne", "Plan des versements", "Réhabiliter le forage", "Pour le partenaire",
    ):  # fmt: skip
        assert said in text, said
    assert_accessible(printed, language="fr", title="Protocole d’accord")


def test_its_articles_are_numbered_in_the_order_of_the_kinds_of_clauses():
    text = text_of(typeset(agreement_paper(prepared())))

    titles = [text.index(f"Article {rank} – ") for rank in range(1, 10)]
    assert titles == sorted(titles)
    assert text.index("Obligations des parties") < text.index("– Visibilité") < text.index("Fraude et corruption")


def test_an_english_agreement_is_english_whoever_reads_it():
    project = prepared("en")
    answer = browser(project.author).get(reverse("projects:agreement_pdf", args=[project.pk]))

    printed = b"".join(answer.streaming_content)
    text = text_of(printed)
    assert "in english" not in text, "a language has a capital in English"
    assert "20,000\u00a0USD" in text and "1 December 2026" in text and "1 April 2027" in text
    assert read(printed).trailer["/Root"]["/Lang"].startswith("en")


def test_an_agreement_to_sign_leaves_room_and_a_signed_one_says_when_and_which_copy_is_the_original():
    project = prepared()
    asked = text_of(typeset(agreement_paper(project)))
    assert asked.count("Signature et cachet") == 2 and "Seul l’exemplaire signé fait foi" not in asked

    crew = Crew()
    life.put_signatures_on_file(project, crew.officer, on=clock.today())
    life.verify_bank(project, crew.payer)
    life.steps.sign_agreement(project=life.fresh_project(project), user=fresh(crew.officer))
    signed = text_of(typeset(agreement_paper(told(project))))
    copy = project.agreement.copies.get().document
    assert signed.count(f"Signé le {day(clock.today())}") == 2 and "Signature et cachet" not in signed
    assert copy.sha256 in signed.replace("\u200b", "").replace(" ", "")


def test_an_approved_amendment_is_told_at_its_head():
    crew = Crew()
    project = life.agreed(crew, amount="20000")
    amended(project, crew.officer, crew.approver, content(project) | {"duration_months": 5})

    assert "Texte consolidé" in text_of(typeset(agreement_paper(told(project))))


def test_the_last_day_is_the_start_and_the_length():
    assert last_day(prepared()) == dt.date(2027, 4, 1)


def test_long_clauses_and_many_lines_never_part_the_signatures_from_the_article_they_close():
    project = prepared(clauses=[{"kind": "end", "text": "Les parties se concertent. " * 700}])
    add_lines(project, 100)
    pages = [page.extract_text() for page in read(typeset(agreement_paper(told(project)))).pages]

    [signing] = [page for page in pages if "Pour le partenaire" in page]
    assert "Entrée en vigueur" in signing and "dernière signature" in signing
    assert sum("Désignation" in page for page in pages) >= 2  # the head of the table comes back


def test_there_is_no_agreement_before_it_is_prepared():
    project = life.approved()

    assert browser(project.author).get(reverse("projects:agreement_pdf", args=[project.pk])).status_code == 404


def test_a_request_tells_what_was_paid_and_justified_before_it():
    crew = Crew()
    project = life.start(life.agreed(crew, amount="20000"), crew)
    first = life.instalment_of(project, 1)
    life.pay(first, crew)
    life.justify(first, crew, first.amount_usd * 3 / 4)
    life.report(project, crew, instalment=first)
    life.visit(project, crew.officer)
    life.finding(project, crew.officer)
    second = life.authorise(life.instalment_of(project, 2), crew)

    with translation.override("fr"):
        printed = typeset(instalment_request(told(project), second))
    text = text_of(printed)
    for said in (
        "Demande de versement de la tranche 2", "2 sur 3", "8\u202f000\u00a0USD", "7\u202f500\u00a0USD", "75\u00a0%",
        "Rapport intermédiaire, tranche 1", "avancement 60 %", "Constats ouverts\u00a0: 1, dont bloquants\u00a0: 0",
        crew.officer.name, crew.authoriser.name,
    ):  # fmt: skip
        assert said in text, said
    assert_accessible(printed, language="fr", title="Demande de versement de la tranche 2")


def test_there_is_no_request_for_an_instalment_that_nobody_asked_for():
    crew = Crew()
    project = life.agreed(crew)
    client = browser(User.objects.get(pk=project.author_id))

    for position in (1, 9):
        assert client.get(reverse("projects:instalment_request_pdf", args=[project.pk, position])).status_code == 404


def test_reading_it_asks_the_same_of_the_database_for_one_line_and_for_forty(django_assert_num_queries):
    project = prepared()
    with CaptureQueriesContext(connection) as few:
        typeset(agreement_paper(told(project)))
    add_lines(project, 40)
    with django_assert_num_queries(len(few)):
        typeset(agreement_paper(told(project)))
