"""The money of a first instalment in Chromium: asked for, authorised, paid in francs, justified, each by its role."""

from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from projects.models import Payment, Project
from regions.models import Region
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.documents.files import pdf
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew, approved, sign

from .acting import fill, inspect, press
from .people import people_of_the_sample_data, somebody
from .portal import Portal

pytestmark = pytest.mark.browser
SEND = "main form.step-form button.btn-primary"


@pytest.fixture
def other_finance(portal: Portal) -> User:
    """Who authorises an instalment does not pay it: finance needs two."""
    return user_with(Role.FINANCE_OFFICER, name="Ramatou Idrissa", email="finances.bis@demo.portail.example")


@pytest.fixture
def project(portal: Portal) -> Project:
    """Agreed for 20,000 USD in three instalments, of which 10,000 first; written by the focal point."""
    place = Region.objects.get(name="Gao")
    people = people_of_the_sample_data(place)
    made = approved(people, author=somebody("point.focal"), region=place, title="Marché couvert de Bourem")
    return sign(made, Crew(officer=somebody("gestionnaire")))


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "facture.pdf"
    path.write_bytes(pdf(b"<< /Type /Catalog /Of (money) >>"))
    return path


def open_money(page: Page, portal: Portal, project: Project):
    page.goto(f"{portal.address}/projets/{project.pk}/argent/")
    return page.locator("#tranche-1")


def follow(page: Page, portal: Portal, project: Project, step: str) -> None:
    """From the money page to the page of the step, by its own button."""
    with page.expect_navigation():
        open_money(page, portal, project).locator(f"a[href$='/tranches/1/{step}/']").click()


def test_an_instalment_is_paid_in_francs_and_justified_by_five_people(portal, project, other_finance, invoice):
    with portal.person("gestionnaire") as page:
        follow(page, portal, project, "demande")
        fill(page, note="Ouverture du chantier.")
        press(page, SEND)
        expect(page.locator("#tranche-1")).to_contain_text("par Étienne Mbarga")
        second = page.locator("#tranche-2")  # held back, with what holds it and where that is mended
        expect(second.locator(".gates")).to_contain_text("rapport")
        assert second.locator(".gates a").count() > 0
        inspect(page)

    with portal.person("finances") as page:
        follow(page, portal, project, "autorisation")
        press(page, SEND)
        first = page.locator("#tranche-1")
        expect(first).to_contain_text("par Kofi Asante")
        assert first.locator("a[href$='/paiement/']").count() == 0, "who authorised does not pay"
        answer = page.goto(f"{portal.address}/projets/{project.pk}/argent/tranches/1/paiement/")
        assert answer.status == 403
        expect(page.locator("main")).to_contain_text("quelqu’un d’autre doit")

    with portal.person("finances.bis") as page:
        follow(page, portal, project, "paiement")
        francs = page.locator("[name=amount]").get_attribute("data-xof")
        fill(page, currency="XOF", reference="VIR-BOUREM-1")
        fill(page, amount=francs)
        expect(page.locator(".money-worth")).to_contain_text("10")
        press(page, SEND)
        expect(page.locator("#tranche-1")).to_contain_text("VIR-BOUREM-1")
    paid = Payment.objects.get(reference="VIR-BOUREM-1")
    assert (paid.currency, paid.recorded_by) == ("XOF", other_finance)
    assert paid.amount_usd == round(paid.local_amount / paid.rate, 2) == Decimal(10000)

    with portal.person("point.focal") as page:
        page.goto(f"{portal.address}/projets/{project.pk}/argent/pieces/nouvelle/")
        line = project.agreed_lines.get()
        fill(
            page, instalment=1, line=line.pk, supplier="Quincaillerie du Fleuve", number="F-2026-14",
            issued_on=clock.today().isoformat(), currency="USD", amount="10000", document=invoice,
        )  # fmt: skip
        press(page, "main form .btn-primary")
    receipt = project.instalments.get(position=1).receipts.get()

    with portal.person("finances") as page:
        page.goto(f"{portal.address}/projets/{project.pk}/argent/pieces/{receipt.pk}/")
        fill(page, decision="accept")
        press(page, "main form .btn-primary")
        expect(open_money(page, portal, project)).to_contain_text("Justifiée")
        inspect(page)
    assert project.instalments.get(position=1).state == "justified"
