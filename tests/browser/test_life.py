"""A QIP from its approval to the last cent, in Chromium, by every role, with the refusals on the way."""

import pytest
from playwright.sync_api import expect

from funds.models import Sector
from projects.models import Project
from projects.states import State
from regions.models import Region
from sr_portal.web import clock
from tests.factories.implementation import approved, verify_bank
from tests.factories.projects import PartnerFactory

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
from .proposals import REAL, Proposal

pytestmark = pytest.mark.browser
__all__ = ["papers"]  # the fixture


def an_approved_project(facts: Proposal) -> Project:
    """Approved for its whole budget, written by the focal point of the sample data, its partner's account verified."""
    place = Region.objects.get(name=facts.region)
    project = approved(
        people_of_the_sample_data(place), author=somebody("point.focal"), amount=str(facts.total), region=place,
        title=facts.title, locality=facts.locality, need=facts.need, objective=facts.objective,
        sector=Sector.objects.get(code=facts.sector), duration_months=facts.months,
        partner=PartnerFactory(name=facts.partner, kind=facts.partner_kind), **facts.people,
    )  # fmt: skip
    verify_bank(project, somebody("finances"))
    return Project.objects.get(pk=project.pk)


@pytest.mark.parametrize("facts", REAL, ids=lambda facts: facts.locality)
def test_an_approved_project_is_carried_to_its_closure(portal, papers, facts):
    project = an_approved_project(facts)
    home = f"/projets/{project.pk}/"

    with portal.person("point.focal") as page:
        assert status_of(page, portal, home + "protocole/modifier/") == 403
    sign(portal, project, papers["protocole"], today=clock.today().isoformat())
    with portal.person("auditeur") as page:
        page.goto(portal.address + home + "protocole/")
        expect(page.locator("main")).to_contain_text("SHA-256")
    project = Project.objects.get(pk=project.pk)
    assert (project.state, project.obligated_usd) == (State.AGREED, facts.total)
    amounts = list(project.instalments.values_list("amount_usd", flat=True))
    assert sum(amounts) == facts.total and len(amounts) == 3

    pay_tranche(portal, project, 1)
    assert state_of(project) == State.ACTIVE
    with portal.person("gestionnaire") as page:  # the second waits for a report, receipts and a visit
        page.goto(portal.address + home + "argent/tranches/2/demande/")
        assert page.locator("main form.step-form button.btn-primary").is_disabled()
        inspect(page)
    visit_site(portal, project, "midway", 60, photos_before=papers["avant"])
    justify(portal, project, 1, str(amounts[0]), papers["facture_1"])
    write_report(portal, project, "interim", **{name: TEXTS[name] for name in TEXTS if name != "confidence"})

    with portal.person("autorite") as page:
        take(page, portal, project, "suspend", note="Insécurité sur l’axe.")
        assert state_of(project) == State.SUSPENDED
    with portal.person("gestionnaire") as page:
        page.goto(portal.address + home + "argent/tranches/2/demande/")
        assert page.locator("main form.step-form button.btn-primary").is_disabled()
    with portal.person("autorite") as page:
        take(page, portal, project, "resume", note="L’axe est rouvert.")
    pay_tranche(portal, project, 2)
    justify(portal, project, 2, str(amounts[1]), papers["facture_2"])

    with portal.person("gestionnaire") as page:
        page.goto(portal.address + home + "reception/")
        expect(page.locator("main")).to_contain_text("La visite finale n’est pas faite.")
        inspect(page)
    visit_site(portal, project, "final", 100, photos_after=papers["apres"])
    hand_over(portal, project, papers["pv"], place=facts.locality, works=facts.title)
    assert state_of(project) == State.COMPLETED

    write_report(portal, project, "final_narrative", **FINAL_TEXTS)
    write_report(portal, project, "final_financial", spending="Sans écart.")
    pay_tranche(portal, project, 3)
    justify(portal, project, 3, str(amounts[2]), papers["facture_3"])
    with portal.person("finances") as page:
        page.goto(portal.address + home + "etapes/close/")
        expect(page.locator("main")).to_contain_text("La fiche d’évaluation n’est pas remplie.")
        inspect(page)
    evaluate(portal, project, "Le service est rendu à tous, le soir aussi.")
    with portal.person("finances") as page:
        take(page, portal, project, "close")
        page.goto(portal.address + home + "argent/")
        inspect(page)
    project = Project.objects.get(pk=project.pk)
    assert project.state == State.CLOSED
    assert project.paid_usd == project.justified_usd == project.reserved_usd == facts.total

    with portal.person("auditeur") as page:
        for path in ("", "protocole/", "argent/", "visites/", "rapports/", "reception/", "dossier/", "historique/"):
            assert status_of(page, portal, home + path) == 200, path
            inspect(page)
        assert status_of(page, portal, home + "argent/tranches/1/remboursement/") == 403
    with portal.person("point.focal.nord") as page:
        assert status_of(page, portal, home + "argent/") == 404
