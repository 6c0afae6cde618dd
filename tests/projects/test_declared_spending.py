"""What a partner declares spent and committed: asked for where the mechanism counts it, shown, never above what was approved."""

from decimal import Decimal

import pytest
from django.test import Client

from projects.rules import reports as rules
from projects.services import reports
from projects.services.steps import StepRefused
from projects.states import State
from tests.factories import implementation as made
from tests.factories.funds import PartnerFactory
from tests.factories.projects import fresh
from tests.factories.tranches import fund_in_tranches
from tests.ground.laid_once import laid_once
from tests.projects.test_reports import filled, opened, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@laid_once
def crew():
    return made.Crew()


@laid_once
def project(crew):
    """A project of 100,000 USD of a United Nations agency: 70,000 paid."""
    project = made.approved(
        mechanism_id=fund_in_tranches().code, partner=PartnerFactory(kind="un_agency"), amount="100000"
    )
    project = made.start(made.sign(project, crew, shares=("70", "30")), crew)
    made.pay(made.instalment_of(project), crew)
    return made.fresh_project(project)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_report_of_a_mechanism_that_counts_receipts_asks_for_no_declaration(crew):
    project = made.in_state(State.ACTIVE, crew)
    made.pay(made.instalment_of(project), crew)
    assert not set(rules.DECLARED) & set(rules.fields_of(opened(project)))


def test_both_amounts_are_wanted_before_submission(project):
    report = filled(opened(project))
    assert {lack.field for lack in reports.lacks_of(report)} == set(rules.DECLARED)


def test_together_they_stay_within_what_was_approved(project):
    report = filled(opened(project), declared_spent_usd=Decimal("99000"), declared_committed_usd=Decimal("1000.01"))
    with pytest.raises(StepRefused, match="dépasse le montant approuvé"):
        submitted(report)


def test_an_accepted_declaration_opens_the_last_tranche_and_the_money_page_says_what_it_waits_for(project, crew):
    client = client_of(crew.officer)
    address = f"/projets/{project.pk}/argent/"
    made.visit(project, crew.officer)
    page = client.get(address).content.decode()
    assert "doit être dépensé ou engagé, soit 52\u202f500\u00a0USD" in page.replace("&nbsp;", "\u00a0"), page

    report = filled(opened(project), declared_spent_usd=Decimal("40000"), declared_committed_usd=Decimal("12500"))
    reports.accept(report=submitted(report), user=fresh(crew.officer), version=report.version + 1)

    page = client.get(address)
    assert [len(tranche.gates) for tranche in page.context["page"].tranches] == [0, 0]
    assert ("Dépensé ou engagé", Decimal("52500")) in [(row.label, row.amount) for row in page.context["figures"]]


def test_the_author_types_it_and_readers_see_it(project, crew):
    report = filled(opened(project))
    author = client_of(project.author)
    address = f"/projets/{project.pk}/rapports/{report.pk}/"
    form = author.get(f"{address}redaction/").context["form"]
    typed = {name: "" if form[name].value() is None else str(form[name].value()) for name in form.fields}
    wrong = author.post(f"{address}redaction/", typed | {"declared_spent_usd": "-5", "declared_committed_usd": "1"})
    assert wrong.status_code == 422 and wrong.context["form"].errors["declared_spent_usd"]

    sent = typed | {"declared_spent_usd": "40 000,50", "declared_committed_usd": "0", "action": "review"}
    assert author.post(f"{address}redaction/", sent).status_code == 302
    report.refresh_from_db()
    assert report.declared_usd == Decimal("40000.50")
    submitted(report)
    assert "Engagé, non encore payé" in client_of(crew.officer).get(address).content.decode()
