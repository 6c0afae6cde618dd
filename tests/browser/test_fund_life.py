"""Projects of the two funds in Chromium, from their agreement to their closure, each with its own tranches and reports.

The Peacebuilding Fund: 70/30, what its half-yearly report declares opens the rest. The Trust Fund: the word of
headquarters before its approval, three tranches that receipts open, the last one after the final report.
"""

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

from .acting import inspect, status_of
from .living import (
    FINAL_TEXTS,
    TEXTS,
    evaluate,
    hand_over,
    justify,
    papers,
    pay_tranche,
    sign,
    state_of,
    take,
    visit_site,
    write_report,
)
from .people import people_of_the_sample_data, somebody
from .portal import Portal

pytestmark = pytest.mark.browser
__all__ = ["papers"]  # the fixture
TOTAL, FIRST = Decimal("400000.00"), Decimal("280000.00")


def a_project_of_the_fund(code: str, amount: Decimal, **fields: object) -> Project:
    """Approved by the fund's own body with what it asks for before; its partner's account verified."""
    people = people_of_the_sample_data(Region.objects.get(name="Gao"))
    project = recommended(people, author=somebody("point.focal"), mechanism_id=code, amount=str(amount), **fields)
    FundAnswers().before_approval(Project.objects.select_related("mechanism").get(pk=project.pk), people.officer)
    project = decisions.approve(project=Project.objects.get(pk=project.pk), user=fresh(people.approver))
    verify_bank(project, somebody("finances"))
    return Project.objects.get(pk=project.pk)


def a_report_is_due_in_ten_days(code: str) -> None:
    due = clock.today() + dt.timedelta(days=10)
    ReportingDate.objects.get_or_create(
        mechanism_id=code, month=due.month, day=min(due.day, 28), defaults={"kind": "half_yearly"}
    )


def test_a_project_of_the_peacebuilding_fund_is_carried_to_its_closure(portal: Portal, papers):
    a_report_is_due_in_ten_days("PBF")
    project = a_project_of_the_fund(
        "PBF", TOTAL, duration_months=12, title="Dialogue entre éleveurs et agriculteurs d’Ansongo",
        partner=PartnerFactory(name="Agence d’essai des Nations Unies", kind="un_agency"),
    )  # fmt: skip
    home, today = f"/projets/{project.pk}/", clock.today().isoformat()
    sign(portal, project, papers["protocole"], today=today, shares="70 / 30")
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
    hand_over(portal, project, papers["pv"], place="Ansongo", works="Équipements des comités de paix.")
    justify(portal, project, 1, str(FIRST), papers["facture_1"])
    justify(portal, project, 2, str(TOTAL - FIRST), papers["facture_2"])
    write_report(portal, project, "final_narrative", **FINAL_TEXTS)
    write_report(portal, project, "final_financial", spending="Sans écart.")
    evaluate(portal, project, "Les deux communautés se parlent.")
    with portal.person("finances") as page:
        take(page, portal, project, "close")
        page.goto(f"{portal.address}/enveloppes/fin-d-exercice/")
        inspect(page)
    assert state_of(project) == State.CLOSED
    with portal.person("auditeur") as page:
        page.goto(f"{portal.address}{home}rapports/")
        expect(page.locator("main")).to_contain_text("Rapport semestriel du")
        inspect(page)


def test_a_project_of_the_trust_fund_is_carried_to_its_closure(portal: Portal, papers):
    total = Decimal("620000.00")  # above what the mission grants alone
    project = a_project_of_the_fund(
        "TF", total, duration_months=18, title="Éclairage solaire du marché et des quais de Gao",
        partner=PartnerFactory(name="ONG d’essai du Fleuve", kind="national_ngo"),
    )  # fmt: skip
    home, today = f"/projets/{project.pk}/", clock.today().isoformat()
    sign(portal, project, papers["protocole"], today=today)
    project = Project.objects.get(pk=project.pk)
    amounts = list(project.instalments.values_list("amount_usd", flat=True))
    assert project.obligated_usd == total == sum(amounts) and len(amounts) == 3
    with portal.person("chef.section") as page:  # whose money it is
        page.goto(f"{portal.address}{home}argent/")
        expect(page.locator("main")).to_contain_text("Contribution")
        inspect(page)

    pay_tranche(portal, project, 1)
    with portal.person("gestionnaire") as page:  # the second waits for a report, receipts and a visit
        page.goto(portal.address + home + "argent/tranches/2/demande/")
        assert page.locator("main form.step-form button.btn-primary").is_disabled()
    visit_site(portal, project, "midway", 55, photos_before=papers["avant"])
    justify(portal, project, 1, str(amounts[0]), papers["facture_1"])
    write_report(portal, project, "interim", **{name: TEXTS[name] for name in TEXTS if name != "confidence"})
    pay_tranche(portal, project, 2)
    justify(portal, project, 2, str(amounts[1]), papers["facture_2"])

    visit_site(portal, project, "final", 100, photos_after=papers["apres"])
    hand_over(portal, project, papers["pv"], place="Gao", works="Soixante candélabres.")
    write_report(portal, project, "final_narrative", **FINAL_TEXTS)
    write_report(portal, project, "final_financial", spending="Sans écart.")
    pay_tranche(portal, project, 3)
    justify(portal, project, 3, str(amounts[2]), papers["facture_3"])
    evaluate(portal, project, "Le marché ouvre le soir.")
    with portal.person("gestionnaire") as page:
        assert status_of(page, portal, home + "etapes/close/") == 403
    with portal.person("finances") as page:
        take(page, portal, project, "close")
    project = Project.objects.get(pk=project.pk)
    assert project.state == State.CLOSED
    assert project.paid_usd == project.justified_usd == project.reserved_usd == total
    assert sum(project.allocations.values_list("amount_usd", flat=True)) == total
