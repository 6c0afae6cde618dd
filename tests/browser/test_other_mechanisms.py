"""A project of the Peacebuilding Fund and one of the Trust Fund, in Chromium, from the first word to the decision.

Each goes before its own body; the first is above what the mission decides alone, and waits for headquarters.
"""

from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from projects.models import Project
from projects.states import State
from sr_portal.web import clock
from tests.documents.files import pdf

from .acting import inspect, press, send
from .portal import Portal
from .proposals import MENAKA_MARKET, MOPTI_DIALOGUE
from .test_road import answer_checklist, hold_session, state_of, submit, take, vet_partner, write

pytestmark = pytest.mark.browser


def file_document(portal: Portal, key: int, name: str, paper: Path) -> None:
    """The officer adds the document that the fund requires."""
    with portal.person("gestionnaire") as page:
        page.goto(f"{portal.address}/projets/{key}/dossier/ajout/")
        inspect(page)
        page.select_option("[name=kind]", label=name)
        page.locator("[name=file]").set_input_files(paper)
        press(page, "main form .btn-primary")


def join_note(page: Page, portal: Portal, key: int, paper: Path) -> None:
    """The author joins what the Trust Fund asks for before the submission."""
    page.goto(f"{portal.address}/projets/{key}/redaction/annexes/")
    expect(page.locator("main")).to_contain_text("à joindre avant de soumettre")
    page.select_option("[name=kind]", label="Note conceptuelle signée")
    page.locator("[name=files]").set_input_files(paper)
    press(page, "button[name=action][value=upload]")


def test_a_pbf_and_a_trust_fund_project_reach_their_decision_by_their_own_bodies(portal, tmp_path):
    papers = {name: tmp_path / f"{name}.pdf" for name in ("siege", "pilotage", "note")}
    for name, path in papers.items():
        path.write_bytes(pdf(f"<< /Id ({name}) >>".encode()))
    with portal.person("point.focal") as page:
        peace, trust = (write(page, portal, proposal, inspected=True) for proposal in (MOPTI_DIALOGUE, MENAKA_MARKET))
        join_note(page, portal, trust, papers["note"])
        for key in (peace, trust):
            page.goto(f"{portal.address}/projets/{key}/redaction/review/")
            submit(page)
            inspect(page)
    with portal.person("gestionnaire") as page:
        for key in (peace, trust):
            take(page, portal, key, "start_screening")
            answer_checklist(page, portal, key)
            press(page, "button[name=then][value=admit]")
            press(page, "main form.step-form button.btn")
    hold_session(portal, [peace], "Comité de pilotage conjoint (PBF)")
    hold_session(portal, [trust], "Comité d’examen du Fonds fiduciaire")
    for key in (peace, trust):
        vet_partner(portal, key)

    with portal.person("autorite") as page:
        page.goto(f"{portal.address}/projets/{peace}/etapes/approve/")
        expect(page.locator("main")).to_contain_text("L’accord du siège est exigé")
        expect(page.locator("main")).to_contain_text("Compte rendu du comité de pilotage")
    file_document(portal, peace, "Compte rendu du comité de pilotage", papers["pilotage"])
    with portal.person("gestionnaire") as page:
        send(
            page, portal, f"/projets/{peace}/accord-du-siege/", reference="PBSO/2026/41",
            cleared_on=clock.today().isoformat(), amount_usd="1600000", file=papers["siege"],
        )  # fmt: skip
        inspect(page)
    with portal.person("autorite") as page:
        for key in (peace, trust):
            take(page, portal, key, "approve")
    assert [state_of(key) for key in (peace, trust)] == [State.APPROVED] * 2
    first, second = (Project.objects.get(pk=key) for key in (peace, trust))
    assert (first.approved_usd, second.approved_usd) == (Decimal(MOPTI_DIALOGUE.total), Decimal(MENAKA_MARKET.total))
    assert first.recipients.get().share == 25
