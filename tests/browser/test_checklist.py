"""The checklist in a browser: it saves itself, and two tabs of one screener never undo each other unseen."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect

from projects.models import ScreeningAnswer
from projects.services.submission import submit
from tests.factories.projects import complete_draft

from .acting import inspect, press
from .portal import Portal

pytestmark = pytest.mark.browser


def kept(key: int, code: str) -> tuple[str, str]:
    row = ScreeningAnswer.objects.get(screening__project=key, screening__closed_at=None, item=code)
    return row.answer, row.comment


def submitted() -> int:
    draft = complete_draft()
    return submit(project=draft, user=draft.author).pk


def begin(page: Page, portal: Portal, key: int) -> None:
    page.goto(f"{portal.address}/projets/{key}/etapes/start_screening/")
    press(page, "main form.step-form button.btn")


def say(page: Page, code: str, answer: str, comment: str) -> None:
    page.check(f"[name=answer_{code}][value={answer}]")
    page.locator(f"[name=comment_{code}]").fill(comment)


def test_two_tabs_on_one_checklist_never_undo_each_other_unseen(portal: Portal):
    key = submitted()
    with portal.person("gestionnaire") as first:
        begin(first, portal, key)
        first.goto(address := f"{portal.address}/projets/{key}/examen/")
        second = first.context.new_page()
        portal.faults.watch(second)
        second.goto(address)

        say(second, "land", "yes", "Titre vu")
        expect(second.locator("#standing")).to_contain_text("Enregistré le")
        with second.expect_response(lambda answer: answer.request.method == "POST") as renewed:
            second.locator("[name=comment_land]").fill("Titre vu le 3 mars")
        assert renewed.value.status == 200 and kept(key, "land") == ("yes", "Titre vu le 3 mars")

        say(first, "land", "no", "Aucun titre")
        expect(first.locator("#standing")).to_contain_text("dans un autre onglet")
        expect(first.locator("[name=comment_land]")).to_have_value("Aucun titre")
        inspect(first)
        press(first, "#standing button")
        expect(first.locator("h1")).to_contain_text("Deux versions")
        expect(first.locator(".versions")).to_contain_text("Titre vu le 3 mars")
        expect(first.locator(".versions")).to_contain_text("Aucun titre")
        inspect(first)
        press(first, "main form button.btn-primary")
        assert kept(key, "land") == ("no", "Aucun titre")


def test_a_cut_line_and_a_quick_hand_are_not_taken_for_another_tab(portal: Portal):
    key = submitted()
    with portal.person("gestionnaire") as page:
        begin(page, portal, key)
        page.goto(address := f"{portal.address}/projets/{key}/examen/")

        def lose_the_answer(route):
            if route.request.headers.get("hx-request"):
                route.fetch()  # the server keeps it, and the page never hears of it
                route.abort()
            else:
                route.continue_()

        page.route(address, lose_the_answer)
        with page.expect_event("requestfailed"):
            say(page, "land", "yes", "Titre")
        assert kept(key, "land")[0] == "yes"
        page.locator("[name=comment_land]").fill("Titre vu")
        with page.expect_request(lambda request: request.is_navigation_request()) as sent:
            press(page, "#checklist .checklist-bar button.btn")
        assert "unheard" in parse_qs(sent.value.post_data)
        expect(page.locator("main")).to_contain_text("Vos réponses sont enregistrées")
        assert kept(key, "land") == ("yes", "Titre vu")
    told = [fault for fault in portal.faults.seen if "ERR_FAILED" in fault or "/examen/: htmx:" in fault]
    assert told, "the browser tells of the cut line"
    portal.faults.seen[:] = [fault for fault in portal.faults.seen if fault not in told]
