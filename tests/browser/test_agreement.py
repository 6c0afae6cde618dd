"""The agreement and its amendments in a real browser: sums while typing, accessible, on both screens."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from projects.services import budget_moves
from sr_portal.accounts.models import User
from tests.factories import amendments as factory
from tests.factories.implementation import Crew, agreed, approved, pay, start
from tests.factories.projects import add_line, cast, complete_draft, fresh

from .portal import PHONE, WIDE, Faults, accessible, too_wide

pytestmark = pytest.mark.browser
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def scene(own_server, browser, django_db_blocker, monkeypatch):
    """Somebody's page on a server of its own, and projects with two lines."""
    from tests.factories import projects

    def drawn(**fields):
        draft = complete_draft(**fields)
        add_line(draft, "4000", label="Pompe solaire immergée avec ses panneaux", category="equipment")
        draft.refresh_from_db()
        return draft

    monkeypatch.setattr(projects, "complete_draft", drawn)
    faults = Faults()

    @contextmanager
    def reader(user: User) -> Iterator[Page]:
        client = Client()
        client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context = browser.new_context(locale="fr-FR", viewport=WIDE, base_url=own_server)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": own_server}])
        page = context.new_page()
        faults.watch(page)
        yield page
        context.close()

    with django_db_blocker.unblock():
        yield reader
    assert faults.seen == []


def judged(page: Page) -> list[str]:
    """What axe and the width of both screens say of the page as it stands."""
    found = []
    for screen in (PHONE, WIDE):
        page.set_viewport_size(screen)
        found += [*accessible(page), *too_wide(page)]
    assert "{#" not in page.inner_text("main") and "{%" not in page.inner_text("main")
    return found


def address(project, name: str, *args) -> str:
    return reverse(f"projects:{name}", args=[project.pk, *args])


def test_the_agreement_is_prepared_with_its_sums_told_while_typing(scene):
    crew = Crew()
    project = approved(amount="20000")
    found = []
    with scene(crew.officer) as page:
        page.goto(address(project, "agreement"))
        found += judged(page)
        page.click("main .empty .btn-primary")
        for name, text in {
            "partner_signatory": "Mariam Maïga",
            "partner_function": "Présidente",
            "mission_function": "Chef de bureau",
        }.items():
            page.fill(f"[name={name}]", text)
        found += judged(page)
        page.click("main form .btn-primary")
        page.wait_for_url("**/protocole/")
        found += judged(page)

        page.goto(address(project, "agreement_budget"))
        assert page.inner_text("[data-gap]") == "Le compte y est, au centime."
        page.locator("[data-amount=lines]").first.fill("19 000,50")
        assert "999,50" in page.inner_text("[data-gap]") and "23 000,50" in plain(page.inner_text("[data-sum]"))
        page.click("main form .btn-primary")
        assert page.locator("#form-errors").is_visible()
        found += judged(page)

        page.goto(address(project, "agreement_plan"))
        page.fill("[name=amount_1]", "6 000")
        assert plain(page.inner_text("[data-share-of=id_amount_1]")) == "25 %"
        page.click("details.more summary")
        page.fill("[name=amount_4]", "6000")
        page.fill("[name=planned_on_4]", "2027-05-04")
        assert page.inner_text("[data-gap]") == "Le compte y est, au centime."
        found += judged(page)
        page.click("main form .btn-primary")
        page.wait_for_url("**/protocole/")
        page.goto(address(project, "agreement_copy_add"))
        found += judged(page)
        page.goto(address(project, "transition", "sign_agreement"))
        found += judged(page)
    assert found == []
    assert list(project.instalments.values_list("amount_usd", flat=True)) == [6000, 9600, 2400, 6000]


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_an_amendment_is_written_submitted_and_approved_on_its_pages(scene):
    crew = Crew()
    project = start(agreed(crew, cast(), amount="20000"), crew)
    for instalment in project.instalments.all():
        instalment.planned_on = project.starts_on + dt.timedelta(days=40 * instalment.position)
        instalment.save(update_fields=["planned_on"])
    pay(project.instalments.get(position=1), crew)
    works, pump = project.agreed_lines.order_by("pk")
    found = []
    with scene(crew.officer) as page:
        page.goto(address(project, "amendments"))
        found += judged(page)
        page.click("main .empty .btn-primary")
        found += judged(page)
        page.fill("[name=reason]", "Le prix du ciment a monté.")
        page.fill("[name=approved_usd]", "26000")
        gaps = page.locator("[data-gap]")
        assert ["2 000" in plain(text) for text in gaps.all_inner_texts()] == [True, True]
        page.fill(f"[name=line_{works.pk}]", "22 000")
        page.fill("[name=amount_3]", "4 400")
        assert set(gaps.all_inner_texts()) == {"Le compte y est, au centime."}
        page.click("main form .btn-primary")
        page.wait_for_url("**/avenants/1/")
        found += judged(page)
        page.click("text=Soumettre l’avenant")
        found += judged(page)
        page.click("main form .btn-primary")
        page.wait_for_url("**/avenants/1/")
    with scene(crew.approver) as page:
        page.goto(address(project, "amendment", 1))
        found += judged(page)
        page.click("text=Approuver l’avenant")
        found += judged(page)
        page.click("main form .btn-primary")
        page.wait_for_url("**/avenants/1/")
        found += judged(page)
        page.goto(address(project, "agreement"))
        found += judged(page)
    assert found == []
    project.refresh_from_db()
    assert (project.approved_usd, project.amended_usd) == (26000, 2000)


def test_a_move_between_lines_is_seen_before_it_is_made_and_a_conflict_is_shown(scene):
    crew = Crew()
    project = agreed(crew, cast(), amount="20000")
    factory.submitted(project, crew.officer)
    works, pump = project.agreed_lines.order_by("pk")
    found = []
    with scene(crew.officer) as page:
        page.goto(address(project, "budget_shift"))
        found += judged(page)
        page.select_option("[name=source]", str(works.pk))
        page.select_option("[name=target]", str(pump.pk))
        page.fill("[name=amount_usd]", "300")
        page.fill("[name=reason]", "La pompe coûte plus.")
        page.click("text=Voir l’effet")
        assert "4 300" in plain(page.inner_text("main")) and project.budget_shifts.count() == 0
        found += judged(page)
        page.click("text=Enregistrer le virement")
        page.wait_for_url("**/protocole/*")
        page.goto(address(project, "amendment", 1))
        assert "Le projet a changé depuis la rédaction" in page.inner_text("main")
        found += judged(page)
    assert found == []
    assert project.budget_shifts.get().amount_usd == 300
    budget_moves.move(
        project=project, user=fresh(crew.officer), source=pump, target=works, amount_usd=Decimal(300), reason="Retour."
    )
