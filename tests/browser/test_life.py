"""A QIP from its approval to the last cent, in Chromium, by every role, with the refusals on the way."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from funds.models import Sector
from projects.models import Project, Report, Visit
from projects.states import State
from regions.models import Region
from sr_portal.web import clock
from tests.documents.files import jpeg, pdf
from tests.factories.implementation import approved, verify_bank
from tests.factories.projects import PartnerFactory

from .acting import inspect, press, send, status_of
from .people import people_of_the_sample_data, somebody
from .portal import Portal
from .proposals import REAL, Proposal

pytestmark = pytest.mark.browser


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """Files as a partner or a visitor has them."""
    made = {name: tmp_path / f"{name}.pdf" for name in ("protocole", "facture_1", "facture_2", "facture_3", "pv")}
    for rank, path in enumerate(made.values()):
        path.write_bytes(pdf(f"<< /Type /Catalog /Rank {rank} >>".encode()))
    for name, size in (("avant", (640, 480)), ("apres", (700, 500))):
        made[name] = tmp_path / f"{name}.jpg"
        made[name].write_bytes(jpeg(size))
    return made


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


def state_of(project: Project) -> str:
    return Project.objects.get(pk=project.pk).state


def take(page: Page, portal: Portal, project: Project, step: str, **values: object) -> None:
    send(page, portal, f"/projets/{project.pk}/etapes/{step}/", button="main form.step-form button.btn", **values)


def pay_tranche(portal: Portal, project: Project, rank: int) -> None:
    """Requested, authorised and paid by three people; each is refused the next one's part."""
    tranche = f"/projets/{project.pk}/argent/tranches/{rank}/"
    with portal.person("gestionnaire") as page:
        send(page, portal, tranche + "demande/", note="Le chantier avance comme prévu.")
        assert status_of(page, portal, tranche + "paiement/") == 403
    with portal.person("autorite") as page:
        send(page, portal, tranche + "autorisation/")
        assert status_of(page, portal, tranche + "paiement/") == 403
    with portal.person("finances") as page:
        send(
            page,
            portal,
            tranche + "paiement/",
            currency="USD",
            reference=f"VIR-{project.pk}-{rank}",
            **whole(page, portal, tranche),
        )


def whole(page: Page, portal: Portal, tranche: str) -> dict[str, str]:
    """The whole of what is left of a tranche, as the payment page proposes it in dollars."""
    page.goto(portal.address + tranche + "paiement/")
    return {"amount": page.locator("[name=amount]").get_attribute("data-usd")}


def justify(portal: Portal, project: Project, rank: int, amount: str, paper: Path) -> None:
    """The focal point enters the receipt, finance checks it."""
    pieces = f"/projets/{project.pk}/argent/pieces/"
    with portal.person("point.focal") as page:
        line = project.agreed_lines.get()
        send(
            page, portal, pieces + "nouvelle/", instalment=rank, line=line.pk, supplier="Quincaillerie du Fleuve",
            number=f"F-{rank}", issued_on=clock.today().isoformat(), currency="USD", amount=amount, document=paper,
        )  # fmt: skip
        receipt = project.instalments.get(position=rank).receipts.get()
        assert page.goto(f"{portal.address}{pieces}{receipt.pk}/").status == 200
        assert page.locator("[name=decision]").count() == 0  # who entered it does not check it
    with portal.person("finances") as page:
        send(page, portal, f"{pieces}{receipt.pk}/", decision="accept")


def write_report(portal: Portal, project: Project, kind: str, **texts: str) -> None:
    """Opened, written, submitted by its author; accepted by the programme officer."""
    with portal.person("point.focal") as page:
        page.goto(f"{portal.address}/projets/{project.pk}/rapports/")
        inspect(page)
        press(page, f"form:has([name=kind][value={kind}]) button")
        report = Report.objects.filter(project=project, kind=kind).latest("pk")
        path = f"/projets/{project.pk}/rapports/{report.pk}/"
        if kind != "final_financial":
            result = project.results.get()
            texts = {**texts, f"value_{result.pk}": "1", "reached_women": "120", "reached_men": "100"}
        period = {"period_from": clock.today().isoformat(), "period_to": clock.today().isoformat()}
        send(page, portal, path + "redaction/", button="[name=action][value=review]", **period, **texts)
        inspect(page)
        send(page, portal, path + "soumission/")
        assert status_of(page, portal, path + "acceptation/") == 403
    with portal.person("gestionnaire") as page:
        page.goto(portal.address + path)
        inspect(page)
        send(page, portal, path + "acceptation/")
    report.refresh_from_db()
    assert report.state == "accepted"


def visit_site(portal: Portal, project: Project, kind: str, progress: int, **photos: Path) -> None:
    visit = Visit.objects.get(project=project, kind=kind)
    with portal.person("gestionnaire") as page:
        path = f"/projets/{project.pk}/visites/{visit.pk}/"
        page.goto(portal.address + path)
        inspect(page)
        send(
            page, portal, path + "compte-rendu/", button="[data-finish]", done_on=clock.today().isoformat(), progress=progress,
            quality="good", safety="safe", observations="Les travaux suivent le plan.", **photos,
        )  # fmt: skip
    visit.refresh_from_db()
    assert (visit.state, visit.progress) == ("done", progress)


TEXTS = {
    "done": "Les travaux sont faits et le service rendu.",
    "difficulties": "Une semaine de retard à la livraison, rattrapée.",
    "confidence": "Les deux communautés ont choisi ensemble l’emplacement.",
    "inclusion": "Le comité de gestion compte quatre femmes sur sept.",
    "next_steps": "Réceptionner l’ouvrage avec la commune.",
}
FINAL_TEXTS = {
    **{name: TEXTS[name] for name in ("done", "confidence", "inclusion")},
    "sustainability": "La caisse du comité paie l’entretien.",
    "visibility": "Panneau posé, cérémonie avec le maire.",
    "lessons": "Associer les femmes au choix du site évite de revenir sur les plans.",
}


@pytest.mark.parametrize("facts", REAL, ids=lambda facts: facts.locality)
def test_an_approved_project_is_carried_to_its_closure(portal, papers, facts):
    project = an_approved_project(facts)
    home = f"/projets/{project.pk}/"

    with portal.person("point.focal") as page:
        assert status_of(page, portal, home + "protocole/modifier/") == 403
    with portal.person("gestionnaire") as page:
        send(
            page, portal, home + "protocole/modifier/", language="fr", starts_on=clock.today().isoformat(),
            partner_signatory="Mariam Maïga", partner_function="Présidente", mission_signatory="Paul Diarra",
            mission_function="Chef de bureau",
        )  # fmt: skip
        inspect(page)
        send(page, portal, home + "protocole/exemplaires/nouveau/", signatory="both", upload=papers["protocole"])
        expect(page.locator("main")).to_contain_text("SHA-256")
        today = clock.today().isoformat()
        take(page, portal, project, "sign_agreement", partner_signed_on=today, mission_signed_on=today)
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
    with portal.person("gestionnaire") as page:
        record = home + "reception/proces-verbal/provisoire/"
        send(
            page, portal, record, held_on=clock.today().isoformat(), place=facts.locality, owner="La commune",
            owner_signatory="Le maire", maintained_by="Comité de gestion", works=facts.title,
        )  # fmt: skip
        send(page, portal, record + "exemplaire/depot/", file=papers["pv"])
        take(page, portal, project, "complete")
    assert state_of(project) == State.COMPLETED

    write_report(portal, project, "final_narrative", **FINAL_TEXTS)
    write_report(portal, project, "final_financial", spending="Sans écart.")
    pay_tranche(portal, project, 3)
    justify(portal, project, 3, str(amounts[2]), papers["facture_3"])
    with portal.person("finances") as page:
        page.goto(portal.address + home + "etapes/close/")
        expect(page.locator("main")).to_contain_text("La fiche d’évaluation n’est pas remplie.")
        inspect(page)
    with portal.person("gestionnaire") as page:
        marks = dict.fromkeys(("confidence", "need_met", "quality", "inclusion", "visibility"), 4)
        send(
            page, portal, home + "reception/evaluation/", **marks, perception="Le service est rendu à tous, le soir aussi.",
            people_asked=30, women_asked=18, evaluated_on=clock.today().isoformat(),
        )  # fmt: skip
        assert status_of(page, portal, home + "etapes/close/") == 403
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
