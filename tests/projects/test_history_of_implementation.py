"""From the agreement to closure, every change of every record is in the project's history, with who, when and where."""

import datetime as dt
import html as markup
import re
import uuid
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import Instalment, Project, Report, ResultReached
from projects.services import budget_moves, instalments
from projects.views.history_records import BENEATH, OWN
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories import implementation as life
from tests.factories.accounts import user_with
from tests.factories.amendments import amended, content
from tests.factories.bank import rib
from tests.factories.funds import PartnerFactory
from tests.factories.implementation import Crew, agreed, in_state
from tests.factories.projects import complete_draft, fresh
from tests.projects.test_budget_moves import two_lines

pytestmark = pytest.mark.django_db
# Of a committee or of a mechanism, not of one project: they have histories of their own.
NOT_OF_A_PROJECT = {"Committee", "CommitteeMember", "ReviewSession", "SessionMember", "AgreementClause"}


def read(user: User, project: Project, **query: str) -> str:
    """The page as text, without what its filters offer."""
    client = Client()
    client.force_login(fresh(user))
    answer = client.get(reverse("projects:history", args=[project.pk]), query)
    assert answer.status_code == 200
    shown = answer.content.decode().split('class="history-entries"')
    return re.sub(r"\s+", " ", markup.unescape(re.sub(r"<[^>]+>", " ", shown[1]))) if len(shown) > 1 else ""


def test_every_record_that_hangs_on_a_project_is_read_with_it():
    tracked = {model for model in apps.get_app_config("projects").get_models() if hasattr(model, "pgh_event_model")}
    beneath = {model for models in BENEATH.values() for model in models}

    missing = tracked - {Project, Report, *OWN, *beneath}
    assert {model.__name__ for model in missing} == NOT_OF_A_PROJECT
    for root, models in BENEATH.items():
        for model, name in models.items():
            assert model._meta.get_field(name).related_model is root


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("agreement", ("Protocole d’accord", "PA-", "Mariam Maïga", "Le partenaire ne tolère ni fraude")),
        ("agreementcopy", ("Exemplaire signé", "Protocole signé.pdf")),
        ("agreedline", ("Ligne du budget convenu", "USD")),
        ("instalment", ("Tranche « 1 »", "Demandée", "Autorisée", "Payée", "Justifiée")),
        ("payment", ("Paiement «", "USD", "••••")),
        ("receipt", ("Pièce justificative «", "Acceptée", "Tranche 1")),
        ("report", ("Rapport narratif final", "Rapport financier final", "Les murs sont montés.")),
        ("visit", ("Visite de suivi", "Effectuée")),
        ("visitphoto", ("Photo de visite", ".jpg")),
        ("handover", ("Procès-verbal de réception", "Commune d’Ansongo", "Procès-verbal signé.pdf")),
        ("evaluation", ("Fiche d’évaluation", "Bien accueilli.")),
    ],
)
def test_what_a_whole_life_leaves_is_there_in_words(kind, words):
    project = in_state("closed")
    text = read(user_with(Role.AUDITOR), project, objet=f"projects.{kind}")

    for word in words:
        assert word in text, f"{word}: {text[:3000]}"


def test_each_change_of_an_instalment_says_by_whom_and_from_where():
    crew = Crew(officer=user_with(Role.PROGRAMME_OFFICER, name="Étienne Sangaré"))
    project = in_state("active", crew=crew)
    client = Client()
    client.force_login(fresh(crew.officer))
    url = reverse("projects:instalment_request", args=[project.pk, 1])
    client.post(url, {"one_time_key": uuid.uuid4(), "note": "Ciment"}, REMOTE_ADDR="192.0.2.44")

    text = read(user_with(Role.AUDITOR), project, objet="projects.instalment.state")
    assert "Prévue" in text and "Demandée" in text
    assert "Étienne Sangaré" in text and "depuis 192.0.2.44" in text


def test_an_instalment_sent_back_keeps_its_reasons():
    crew = Crew()
    project = in_state("active", crew=crew)
    instalment = life.instalment_of(project)
    instalments.request(instalment=instalment, user=fresh(crew.officer))
    instalments.send_back(instalment=instalment, user=fresh(crew.authoriser), reason="Joignez le devis.")
    assert Instalment.objects.get(pk=instalment.pk).state == "planned"

    assert "Joignez le devis." in read(user_with(Role.AUDITOR), project, objet="projects.instalmentreturn")


def test_an_amendment_is_told_before_and_after_and_names_its_partner():
    crew = Crew()
    project = in_state("active", crew=crew)
    other = PartnerFactory(name="Association Benkadi")
    after = content(project) | {"duration_months": 5, "partner": other.pk}
    amended(project, crew.officer, crew.approver, after)

    text = read(user_with(Role.AUDITOR), project, objet="projects.amendment")
    assert "Durée (mois) : 4 mois → 5 mois" in text.replace("\u00a0", " ")
    assert "Association Benkadi" in text and "Avenant « 1 »" in text.replace("\u00a0", " ")
    assert "{" not in text, "no machine's structures"


def test_a_move_between_lines_is_told_with_both(monkeypatch):
    crew = Crew()
    project = agreed(crew, **two_lines(monkeypatch))
    source, target = project.agreed_lines.all()
    budget_moves.move(
        project=project, user=fresh(crew.officer), source=source, target=target, amount_usd=Decimal("10"),
        reason="Piste coupée",
    )  # fmt: skip
    text = read(user_with(Role.AUDITOR), project, objet="projects.budgetshift")
    assert source.label in text and target.label in text and "Piste coupée" in text


def test_the_number_of_the_bank_account_is_never_in_it():
    crew = Crew()
    project = in_state("closed", crew=crew)
    number = rib(1000 + project.partner_id)
    seen, client = [], Client()
    client.force_login(user_with(Role.AUDITOR))
    address = url = reverse("projects:history", args=[project.pk])
    while url:
        seen.append(client.get(url).content.decode())
        following = re.search(r'rel="next" href="([^"]+)"', seen[-1])
        url = address + following[1] if following else ""
    assert len(seen) > 3
    assert any("••••" in page for page in seen)
    assert not any(number in page or number.replace(" ", "")[:-4] in page for page in seen)


def test_a_report_never_submitted_is_for_those_who_write_or_oversee_it():
    project = in_state("active")
    report = life.report(project, Crew(), state="draft")
    result = project.results.first()
    if result:
        ResultReached.objects.create(report=report, result=result, value=7, comment="Sept puits")
    for reader, sees in (
        (project.author, True),
        (user_with(Role.AUDITOR), True),
        (user_with(Role.FINANCE_OFFICER), False),
    ):
        text = read(reader, project, objet="projects.report")
        assert ("Les murs sont montés." in text) is sees
        assert ("Sept puits" in read(reader, project, objet="projects.resultreached")) is (sees and bool(result))
    report.state, report.submitted_by = "submitted", project.author
    report.submitted_at = dt.datetime.now(dt.UTC)
    report.save()
    assert "Les murs sont montés." in read(user_with(Role.FINANCE_OFFICER), project, objet="projects.report")


def test_what_tells_a_record_apart_is_told_when_it_changes():
    project = in_state("active")
    finding = life.finding(project, project.author, text="Fissure au nord")
    finding.text = "Fissure au sud"
    finding.save()

    text = read(user_with(Role.AUDITOR), project, objet="projects.finding.text")
    assert "Fissure au nord" in text and "Fissure au sud" in text


def test_it_costs_as_much_for_a_closed_project_as_for_a_draft_one():
    """Session, person, roles, project, writers; what hangs on it, its files, open rounds and items; events, choices,
    names."""
    auditor, costs = user_with(Role.AUDITOR), {}
    for name, project in (("draft", complete_draft()), ("closed", in_state("closed"))):
        client = Client()
        client.force_login(auditor)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("projects:history", args=[project.pk])).status_code == 200
        costs[name] = len(queries)
    assert max(costs.values()) <= 12, costs
