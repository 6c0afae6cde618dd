"""A project of the Peacebuilding Fund in Chromium: 70/30, what its half-yearly report declares opens the rest, closure."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from funds.models import ReportingDate
from projects.models import Project
from projects.services import decisions
from projects.states import State
from regions.models import Region
from sr_portal.demo.mechanisms import FundAnswers
from sr_portal.web import clock
from tests.factories.implementation import verify_bank
from tests.factories.projects import PartnerFactory, fresh, recommended

from .acting import inspect, send
from .people import people_of_the_sample_data, somebody
from .portal import Portal
from .test_life import (
    FINAL_TEXTS,
    TEXTS,
    justify,
    papers,
    pay_tranche,
    state_of,
    take,
    visit_site,
    write_report,
)

pytestmark = pytest.mark.browser
__all__ = ["papers"]  # the fixture
TOTAL, FIRST = Decimal("400000.00"), Decimal("280000.00")


def a_project_of_the_fund() -> Project:
    """Approved by the fund's own body, for an agency of the United Nations; a report is due in ten days."""
    due = clock.today() + dt.timedelta(days=10)
    ReportingDate.objects.get_or_create(
        mechanism_id="PBF", month=due.month, day=min(due.day, 28), defaults={"kind": "half_yearly"}
    )
    people = people_of_the_sample_data(Region.objects.get(name="Gao"))
    project = recommended(
        people, author=somebody("point.focal"), mechanism_id="PBF", amount=str(TOTAL), duration_months=12,
        title="Dialogue entre éleveurs et agriculteurs d’Ansongo",
        partner=PartnerFactory(name="Agence d’essai des Nations Unies", kind="un_agency"),
    )  # fmt: skip
    FundAnswers().before_approval(Project.objects.select_related("mechanism").get(pk=project.pk), people.officer)
    project = decisions.approve(project=Project.objects.get(pk=project.pk), user=fresh(people.approver))
    verify_bank(project, somebody("finances"))
    return Project.objects.get(pk=project.pk)


def test_a_project_of_the_peacebuilding_fund_is_carried_to_its_closure(portal: Portal, papers):
    project = a_project_of_the_fund()
    home, today = f"/projets/{project.pk}/", clock.today().isoformat()
    with portal.person("gestionnaire") as page:
        send(
            page, portal, home + "protocole/modifier/", language="fr", starts_on=today, partner_signatory="Awa Diallo",
            partner_function="Représentante", mission_signatory="Paul Diarra", mission_function="Chef de section",
        )  # fmt: skip
        page.goto(f"{portal.address}{home}protocole/tranches/")
        expect(page.locator(".plan-limits")).to_contain_text("70 / 30")
        inspect(page)
        send(page, portal, home + "protocole/exemplaires/nouveau/", signatory="both", upload=papers["protocole"])
        take(page, portal, project, "sign_agreement", partner_signed_on=today, mission_signed_on=today)
    project = Project.objects.get(pk=project.pk)
    assert list(project.instalments.values_list("amount_usd", flat=True)) == [FIRST, TOTAL - FIRST]

    pay_tranche(portal, project, 1)
    visit_site(portal, project, "midway", 50, photos_before=papers["avant"])
    with portal.person("gestionnaire") as page:
        page.goto(f"{portal.address}{home}argent/")
        expect(page.locator("main")).to_contain_text("doit être dépensé ou engagé")
        inspect(page)
    declared = {"declared_spent_usd": "150000", "declared_committed_usd": "60000"}  # 75 % of the first tranche
    texts = {name: text for name, text in TEXTS.items() if name != "confidence"}
    write_report(portal, project, "periodic", **texts, **declared)
    pay_tranche(portal, project, 2)  # though no receipt is entered yet, and no final report written
    assert Project.objects.get(pk=project.pk).paid_usd == TOTAL

    visit_site(portal, project, "final", 100, photos_after=papers["apres"])
    with portal.person("gestionnaire") as page:
        record = home + "reception/proces-verbal/provisoire/"
        send(
            page, portal, record, held_on=today, place="Ansongo", owner="La commune", owner_signatory="Le maire",
            maintained_by="Comité de paix", works="Équipements des comités de paix.",
        )  # fmt: skip
        send(page, portal, record + "exemplaire/depot/", file=papers["pv"])
        take(page, portal, project, "complete")
    justify(portal, project, 1, str(FIRST), papers["facture_1"])
    justify(portal, project, 2, str(TOTAL - FIRST), papers["facture_2"])
    write_report(portal, project, "final_narrative", **FINAL_TEXTS)
    write_report(portal, project, "final_financial", spending="Sans écart.")
    with portal.person("gestionnaire") as page:
        marks = dict.fromkeys(("confidence", "need_met", "quality", "inclusion", "visibility"), 4)
        send(
            page, portal, home + "reception/evaluation/", **marks, perception="Les deux communautés se parlent.",
            people_asked=30, women_asked=18, evaluated_on=today,
        )  # fmt: skip
    with portal.person("finances") as page:
        take(page, portal, project, "close")
        page.goto(f"{portal.address}/enveloppes/fin-d-exercice/")
        inspect(page)
    assert state_of(project) == State.CLOSED
    with portal.person("auditeur") as page:
        page.goto(f"{portal.address}{home}rapports/")
        expect(page.locator("main")).to_contain_text("Rapport semestriel du")
        inspect(page)
