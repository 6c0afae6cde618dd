"""Printed documents of a project and of a session: what they say, and who is handed them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from projects.exports.memo import memo
from projects.exports.minutes import minutes
from projects.exports.sheet import sheet
from projects.models import AgendaItem, Project, ReviewSession
from projects.services import committee as committees
from projects.services import decisions
from projects.states import State
from projects.views.proceedings import standings
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.documents.typesetting import typeset
from tests.documents.printed import assert_accessible, text_of
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of
from tests.factories.projects import cast, complete_draft, fresh, in_session, judged, recommended, region

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend="django.contrib.auth.backends.ModelBackend")
    return client


def whole(project: Project) -> Project:
    return Project.objects.for_page().get(pk=project.pk)


def proceedings(session: ReviewSession):
    session = ReviewSession.objects.for_page().get(pk=session.pk)
    items = AgendaItem.objects.for_page(session.created_by).filter(session=session)
    return session, standings(session, items)


def test_the_sheet_says_what_is_proposed():
    project = complete_draft("12500.50", title="Forage d’Ansongo – œuvre pour tous", need="Le puits est à sec.")

    printed = typeset(sheet(whole(project)))
    text = text_of(printed)
    for said in (
        "Forage d’Ansongo – œuvre pour tous",
        "Le puits est à sec.",
        "12\u202f500,50\u00a0USD",
        "4 janvier 2027",
    ):
        assert said in text
    assert "Brouillon\u00a0: la proposition n’est pas soumise." in text
    assert_accessible(printed, language="fr", title="Forage d’Ansongo – œuvre pour tous")


def test_the_sheet_is_in_its_reader_s_language():
    project = complete_draft("12500.50")

    with translation.override("en"):
        printed = typeset(sheet(whole(project)))
    assert "12,500.50\u00a0USD" in text_of(printed) and "4 January 2027" in text_of(printed)
    assert_accessible(printed, language="en", title=project.title)


def test_the_memo_asks_for_a_decision_then_tells_it():
    envelope_of("500000")
    people = cast()
    project = recommended(people)

    asked = text_of(typeset(memo(whole(project))))
    assert "Soumise à décision" in asked and "Approuvé / refusé" in asked
    assert "4 voix pour" in asked and "4,00 sur 5" in asked and "Déclarée recevable" in asked

    decisions.approve(
        project=project, user=fresh(people.approver), amount_usd=project.budget_usd, conditions="Former le comité."
    )
    told = text_of(typeset(memo(whole(project))))
    assert "Approbation" in told and "Former le comité." in told and people.approver.name in told
    assert "Approuvé / refusé" not in told


def test_the_minutes_tell_presence_votes_scores_and_interests():
    people = cast()
    project = recommended(people)
    session = ReviewSession.objects.get()
    committees.close_session(session=session, user=people.chair)

    printed = typeset(minutes(*proceedings(session)))
    text = text_of(printed)
    for said in (project.title, project.reference, people.chair.name, people.secretary.name, people.members[0].name):
        assert said in text
    assert "4 pour, 0 contre" in text and "Recommandé" in text and "20\u202f000\u00a0USD" in text
    assert "Projet de procès-verbal" not in text
    assert_accessible(printed, language="fr", title="Procès-verbal de la séance du 24 novembre 2026")


def test_the_minutes_of_an_open_session_say_that_they_are_a_draft():
    from tests.factories.projects import admitted

    people = cast()
    session = in_session(people, admitted(people), admitted(people))
    text = text_of(typeset(minutes(*proceedings(session))))

    assert "Projet de procès-verbal\u00a0: la séance n’est pas close." in text
    assert text.count("Ce point n’est pas clos.") == 2


def test_a_document_is_a_download_with_a_french_name_that_nobody_keeps():
    project = recommended(cast())
    answer = browser(project.author).get(reverse("projects:memo_pdf", args=[project.pk]))

    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-1.7")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Note%20de%20d%C3%A9cision")
    assert answer["Cache-Control"] == "no-store" and answer["X-Content-Type-Options"] == "nosniff"


def test_there_is_no_memo_before_the_committee_has_spoken():
    project = complete_draft()

    assert browser(project.author).get(reverse("projects:memo_pdf", args=[project.pk])).status_code == 404


def test_outside_their_scope_a_document_does_not_exist():
    project = recommended(cast())
    elsewhere = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))

    for name in ("sheet_pdf", "memo_pdf"):
        assert browser(elsewhere).get(reverse(f"projects:{name}", args=[project.pk])).status_code == 404


def test_the_pages_lead_to_their_documents():
    people = cast()
    project = recommended(people)
    session = ReviewSession.objects.get()

    page = browser(project.author).get(reverse("projects:detail", args=[project.pk])).content.decode()
    assert reverse("projects:sheet_pdf", args=[project.pk]) in page
    assert reverse("projects:memo_pdf", args=[project.pk]) in page
    page = browser(people.secretary).get(reverse("projects:session_minutes", args=[session.pk])).content.decode()
    assert reverse("projects:session_minutes_pdf", args=[session.pk]) in page
    draft = complete_draft()
    page = browser(draft.author).get(reverse("projects:detail", args=[draft.pk])).content.decode()
    assert reverse("projects:memo_pdf", args=[draft.pk]) not in page
    assert draft.state == State.DRAFT


def test_printing_asks_no_more_of_the_database_for_more_items(django_assert_max_num_queries):
    people = cast()
    from tests.factories.projects import admitted

    few = in_session(people, admitted(people))
    judged(people, few)
    many = in_session(people, *[admitted(people) for _ in range(8)])
    judged(people, many)
    for session in (few, many):
        loaded = proceedings(session)
        with django_assert_max_num_queries(0):
            typeset(minutes(*loaded))
