"""A visit where there is no network: written on the device, sent once, never over somebody else's later words."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from projects.models import Finding, Project, Visit, VisitPhoto
from projects.services import visit_reports
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.documents.files import jpeg
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew
from tests.factories.projects import fresh
from tests.projects.visiting import report_values, under_way

from .portal import PHONE, WIDE, accessible, too_wide

pytestmark = pytest.mark.browser
BACKEND = "django.contrib.auth.backends.ModelBackend"
ON_SITE = {"latitude": 16.3, "longitude": -0.05, "accuracy": 12}


@pytest.fixture
def field(own_server, browser, django_db_blocker, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    with django_db_blocker.unblock():
        project = under_way(title="Réhabilitation du forage d’Ansongo")
        Project.objects.filter(pk=project.pk).update(latitude="16.27167", longitude="-0.04472")
        yield Field(own_server, browser, project)


class Field:
    """The visitor, their phone, and the portal as it stands meanwhile."""

    def __init__(self, address: str, browser, project: Project) -> None:
        self.address, self.browser, self.project = address, browser, project
        self.visit = project.visits.get(kind="midway")
        self.visitor = project.author
        self.faults: list[str] = []

    @contextmanager
    def phone(self, user: User | None = None) -> Iterator[Page]:
        context = self.browser.new_context(
            locale="fr-FR", viewport=PHONE, geolocation=ON_SITE, permissions=["geolocation"]
        )
        context.set_default_timeout(20_000)
        self.sign_in(context, user or self.visitor)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self.heard(message))
        try:
            yield page
        finally:
            context.close()
        assert self.faults == []

    def heard(self, message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def sign_in(self, context: BrowserContext, user: User) -> None:
        client = Client()
        client.force_login(user, backend=BACKEND)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])

    def open(self, page: Page) -> None:
        """The notebook, ready for a day without a network."""
        page.goto(self.address + "/carnet/")
        expect(page.locator("[data-kept]")).to_have_text("Le carnet est prêt à s’ouvrir sans réseau.")

    def card(self, page: Page):
        return page.locator(".field-card", has_text="Visite de mi-parcours")

    def write(self, page: Page, *, progress: str = "45", photo: bool = True, finding: bool = True) -> None:
        self.card(page).locator("[data-open]").click()
        page.locator("[name=progress]").fill(progress)
        page.locator("[name=quality][value=fair]").check()
        page.locator("[name=safety][value=safe]").check()
        page.locator("[name=observations]").fill("Les murs sont montés.")
        if finding:
            page.locator("[name=findings-0-text]").fill("Fissure au pignon nord.")
            page.locator("[name=findings-0-severity][value=major]").check()
        if photo:
            shot = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": jpeg((3000, 2000))}
            page.locator("[name=photos_during]").set_input_files(shot)
            expect(page.locator(".photo-draft img")).to_be_visible()

    def finish(self, page: Page) -> None:
        page.locator("[data-finish]").click()
        page.locator("[data-view=list]").wait_for()

    def arrived(self, page: Page) -> None:
        """Everything is at the portal and the device keeps nothing."""
        expect(page.locator("[data-unsent]")).to_be_hidden(timeout=20_000)  # photos too, on a busy machine
        expect(self.card(page).locator("[data-state]")).to_have_text("Compte rendu déposé")
        assert stored(page, "drafts") == [] == stored(page, "photos")


def stored(page: Page, name: str) -> list:
    """The keys of what the device keeps."""
    return page.evaluate(
        """async (name) => {
          const { all } = await import("/static/js/visit/store.js");
          return (await all(name)).map((row) => row.id ?? row.key ?? row.name);
        }""",
        name,
    )


def test_a_report_written_without_a_network_arrives_once(field):
    with field.phone() as page:
        field.open(page)
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("[data-line]")).to_contain_text("Hors ligne")
        expect(page.locator("h1#carnet")).to_be_visible()
        field.write(page)
        page.locator("[data-locate]").click()
        expect(page.locator("[data-located]")).to_contain_text("à 3,2 km du point du projet")
        page.wait_for_timeout(300)
        page.reload()
        expect(page.locator("[name=observations]")).to_have_value("Les murs sont montés.")
        expect(page.locator(".photo-draft img")).to_have_count(1)
        field.finish(page)
        expect(field.card(page).locator("[data-state]")).to_have_text("En attente du réseau")
        assert Visit.objects.get(pk=field.visit.pk).state == "planned"
        page.reload()
        expect(page.locator("[data-unsent-text]")).to_have_text(
            "1 compte rendu de cet appareil n’est pas encore au portail."
        )

        page.context.set_offline(False)
        field.arrived(page)

    visit = Visit.objects.get(pk=field.visit.pk)
    assert (visit.state, visit.version, visit.progress, visit.reported_by) == ("done", 2, 45, field.visitor)
    assert (float(visit.latitude), visit.accuracy_m) == (16.3, 12) and 3000 < visit.distance_m < 3300
    assert Finding.objects.get().severity == "major"
    photo = VisitPhoto.objects.get()
    assert (photo.stage, photo.document.width, photo.document.height) == ("during", 1600, 1067)


def test_an_answer_that_is_lost_makes_nothing_arrive_twice(field):
    lost = []

    def lose_first_answer(route) -> None:
        """The portal has the request; the phone never hears of it."""
        if route.request.url in lost or route.request.method != "POST":
            return route.continue_()
        lost.append(route.request.url)
        route.fetch()
        return route.abort()

    with field.phone() as page:
        field.open(page)
        page.route("**/compte-rendu/", lose_first_answer)
        page.route("**/photos/", lose_first_answer)
        field.write(page)
        field.finish(page)
        expect(page.locator("[data-notices]")).to_contain_text("Pas de réseau")
        assert Visit.objects.get(pk=field.visit.pk).version == 2, "it did arrive"
        while len(lost) < 2:
            page.locator("[data-send-all]").click()
            page.wait_for_timeout(300)
        page.locator("[data-send-all]").click()
        field.arrived(page)

    assert Visit.objects.get(pk=field.visit.pk).version == 2
    assert Finding.objects.count() == 1 == VisitPhoto.objects.count()


def test_words_changed_after_a_lost_answer_arrive_as_a_correction(field):
    lost = []

    def lose_first_answer(route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.request.url)
        route.fetch()
        return route.abort()

    with field.phone() as page:
        field.open(page)
        page.route("**/compte-rendu/", lose_first_answer)
        field.write(page, photo=False)
        field.finish(page)
        expect(page.locator("[data-notices]")).to_contain_text("Pas de réseau")
        field.card(page).locator("[data-open]").click()
        page.locator("[name=progress]").fill("50")
        field.finish(page)
        field.arrived(page)

    visit = Visit.objects.get(pk=field.visit.pk)
    assert (visit.progress, visit.version) == (50, 3)
    assert Finding.objects.count() == 1


@pytest.mark.parametrize("choice", ["mine", "stored"])
def test_a_later_correction_is_shown_beside_one_s_own_and_one_chooses(field, choice):
    officer = Crew().officer
    with field.phone() as page:
        field.open(page)
        page.context.set_offline(True)
        field.write(page, photo=False, finding=False)
        field.finish(page)
        with pghistory.context(user=officer.pk, user_name=officer.name):
            visit_reports.report(
                visit=field.visit, user=fresh(officer), version=1, values=report_values(progress=80, quality="good")
            )
        page.context.set_offline(False)
        expect(field.card(page).locator("[data-state]")).to_have_text("Deux versions")
        assert Visit.objects.get(pk=field.visit.pk).progress == 80, "nothing was written over"
        field.card(page).locator("[data-open]").click()
        panel = page.locator("[data-conflict]")
        expect(panel).to_contain_text(officer.name)
        expect(panel.locator("tbody tr", has_text="Avancement des travaux")).to_contain_text("80")
        expect(page.locator("[data-finish]")).to_be_disabled()
        assert accessible(page) == [] and too_wide(page) == []
        page.locator(f"[data-keep-{choice}]").click()
        if choice == "mine":
            field.finish(page)
        field.arrived(page)

    visit = Visit.objects.get(pk=field.visit.pk)
    assert (visit.progress, visit.version) == ((45, 3) if choice == "mine" else (80, 2))
    assert visit.reported_by == officer


def test_the_end_of_the_session_keeps_the_draft_and_asks_to_sign_in(field):
    with field.phone() as page:
        field.open(page)
        field.write(page, photo=False)
        page.context.clear_cookies()
        field.finish(page)
        notice = page.locator("[data-notices]")
        expect(notice).to_contain_text("Connectez-vous pour envoyer")
        expect(notice.locator("a")).to_have_attribute("href", "/compte/connexion/?next=/carnet/")
        assert stored(page, "drafts")
        field.sign_in(page.context, field.visitor)
        page.locator("[data-send-all]").click()
        field.arrived(page)
    assert Visit.objects.get(pk=field.visit.pk).state == "done"


def test_another_person_on_the_same_phone_sees_nothing_of_the_first(field):
    colleague = user_with(Role.PROGRAMME_OFFICER)
    with field.phone() as page:
        field.open(page)
        field.write(page)
        page.locator("[data-status]", has_text="Gardé sur cet appareil.").wait_for()
        page.context.clear_cookies()
        field.sign_in(page.context, colleague)
        page.goto(field.address + "/carnet/")
        expect(page.locator("[data-who]")).to_have_text(colleague.name)
        expect(page.locator("[data-empty]")).to_be_visible()
        expect(page.locator(".field-card")).to_have_count(0)
        assert stored(page, "visits") == [] and len(stored(page, "drafts")) == 1
        page.context.clear_cookies()
        field.sign_in(page.context, field.visitor)
        page.goto(field.address + "/carnet/")
        expect(field.card(page).locator("[data-state]")).to_have_text("Brouillon")


def test_signing_out_tells_of_what_is_not_sent_and_forgets_what_was_read(field):
    with field.phone() as page:
        field.open(page)
        field.write(page, photo=False)
        page.locator("[data-status]", has_text="Gardé sur cet appareil.").wait_for()
        page.goto(field.address + "/compte/deconnexion/")
        page.locator("main form [type=submit]").click()
        expect(page.locator("#confirm-title")).to_have_text("Des comptes rendus de visite ne sont pas encore envoyés")
        page.locator("#confirm-dialog button[value=no]").click()
        assert stored(page, "visits"), "nothing was done"
        page.locator("main form [type=submit]").click()
        page.locator("#confirm-dialog button[value=yes]").click()
        page.wait_for_url("**/compte/connexion/**")
        assert stored(page, "visits") == [] == stored(page, "meta") and len(stored(page, "drafts")) == 1
        assert page.evaluate("caches.keys()") == []


def test_the_phone_keeps_the_visits_of_its_user_and_nothing_else_of_the_portal(field):
    from tests.factories.implementation import visit

    visit(field.project, Crew().officer, "other", done=False)
    with field.phone() as page:
        field.open(page)
        kept = page.evaluate(
            "async () => { const found = []; for (const name of await caches.keys()) "
            "for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname); "
            "return found; }"
        )
        assert [path for path in kept if not path.startswith("/static/")] == ["/carnet/"]
        mine = field.project.visits.filter(visitor=field.visitor).values_list("pk", flat=True)
        assert sorted(stored(page, "visits")) == sorted(mine)
        page.goto(f"{field.address}/projets/{field.project.pk}/")
        page.context.set_offline(True)
        page.goto(field.address + "/carnet/")
        expect(page.locator(".field-card")).to_have_count(2)
        shell = page.evaluate("caches.match('/carnet/').then((answer) => answer.text())")
        assert field.visitor.name not in shell and "csrfmiddlewaretoken" not in shell


def test_a_visit_given_up_meanwhile_gives_its_draft_to_the_one_in_its_place(field):
    from projects.services import visits
    from sr_portal.web import clock

    with field.phone() as page:
        field.open(page)
        field.write(page, photo=False)
        other = visits.cancel(
            visit=field.visit, user=fresh(Crew().officer), reason="Piste coupée.", replaced_on=clock.today()
        )
        field.finish(page)
        expect(page.locator("[data-notices]")).to_contain_text("n’a pas accepté")
        page.locator("[data-refresh]").click()
        expect(page.locator(".field-card")).to_have_count(3)
        page.locator(".field-card", has_text="À corriger").locator("[data-open]").click()
        expect(page.locator("form .note-danger")).to_contain_text("Piste coupée.")
        page.locator("[data-move] button").click()
        expect(page.locator("[name=observations]")).to_have_value("Les murs sont montés.")
        field.finish(page)
        field.arrived(page)
    assert Visit.objects.get(pk=other.pk).state == "done"


def test_the_page_of_a_report_keeps_its_words_on_the_device_too(field):
    address = f"{field.address}/projets/{field.project.pk}/visites/{field.visit.pk}/compte-rendu/"
    with field.phone() as page:
        page.goto(address)
        page.locator("[name=progress]").fill("30")
        page.locator("[name=quality][value=good]").check()
        page.locator("[name=safety][value=safe]").check()
        shot = {"name": "IMG_0002.jpg", "mimeType": "image/jpeg", "buffer": jpeg((2000, 3000))}
        page.locator("[name=photos_before]").set_input_files(shot)
        page.locator("[data-status]", has_text="Gardé sur cet appareil.").wait_for()
        page.reload()
        expect(page.locator("[name=progress]")).to_have_value("30")
        expect(page.locator(".photo-draft img")).to_have_count(1)
        assert accessible(page) == [] and too_wide(page) == []
        page.locator("[data-finish]").click()
        page.wait_for_url(f"**/visites/{field.visit.pk}/")
        expect(page.locator(".photo-grid img")).to_have_count(1)
        assert stored(page, "drafts") == []
    photo = VisitPhoto.objects.get()
    assert (photo.stage, photo.document.width, photo.document.height) == ("before", 1067, 1600)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_notebook_is_accessible_and_fits_the_screen(field, scheme):
    with field.phone() as page:
        page.emulate_media(color_scheme=scheme)
        field.open(page)
        faults = []
        for screen in (PHONE, WIDE):
            page.set_viewport_size(screen)
            faults += [*accessible(page), *too_wide(page)]
        field.write(page)
        for screen in (PHONE, WIDE):
            page.set_viewport_size(screen)
            faults += [*accessible(page), *too_wide(page)]
        assert faults == []
        manifest = json.loads(page.evaluate("fetch('/manifest.webmanifest').then((answer) => answer.text())"))
        assert (manifest["start_url"], manifest["display"]) == ("/carnet/", "standalone")
