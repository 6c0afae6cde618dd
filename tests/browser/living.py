"""What several tests do to carry a project through its life in Chromium, act by act, each by the person whose part it is."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from projects.models import Project, Report, Visit
from sr_portal.web import clock
from tests.documents.files import jpeg, pdf

from .acting import inspect, press, send, status_of
from .portal import Portal


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


def sign(portal: Portal, project: Project, paper: Path, *, today: str, shares: str = "") -> None:
    """The agreement written, its signed copy joined, both dates entered; the page of the plan says `shares`."""
    home = f"/projets/{project.pk}/protocole/"
    with portal.person("gestionnaire") as page:
        send(
            page, portal, home + "modifier/", language="fr", starts_on=today, partner_signatory="Awa Diallo",
            partner_function="Représentante", mission_signatory="Paul Diarra", mission_function="Chef de section",
        )  # fmt: skip
        page.goto(f"{portal.address}{home}tranches/")
        expect(page.locator(".plan-limits")).to_contain_text(shares)
        inspect(page)
        send(page, portal, home + "exemplaires/nouveau/", signatory="both", upload=paper)
        take(page, portal, project, "sign_agreement", partner_signed_on=today, mission_signed_on=today)


def hand_over(portal: Portal, project: Project, paper: Path, *, place: str, works: str) -> None:
    """The record of provisional acceptance with its signed copy, and the works said to be complete."""
    record = f"/projets/{project.pk}/reception/proces-verbal/provisoire/"
    with portal.person("gestionnaire") as page:
        send(
            page, portal, record, held_on=clock.today().isoformat(), place=place, owner="La commune",
            owner_signatory="Le maire", maintained_by="Comité de gestion", works=works,
        )  # fmt: skip
        send(page, portal, record + "exemplaire/depot/", file=paper)
        take(page, portal, project, "complete")


def evaluate(portal: Portal, project: Project, perception: str) -> None:
    marks = dict.fromkeys(("confidence", "need_met", "quality", "inclusion", "visibility"), 4)
    with portal.person("gestionnaire") as page:
        send(
            page, portal, f"/projets/{project.pk}/reception/evaluation/", **marks, perception=perception,
            people_asked=30, women_asked=18, evaluated_on=clock.today().isoformat(),
        )  # fmt: skip
        assert status_of(page, portal, f"/projets/{project.pk}/etapes/close/") == 403
