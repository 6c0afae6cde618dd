"""The portal as a person meets it: signed in, in a language, on a screen; and what every page of it must hold."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Response

from sr_portal.accounts.models import User
from sr_portal.demo.people import PASSWORD

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PAGE_WEIGHT_BYTES = 100 * 1024
MAP_WEIGHT_BYTES = 150 * 1024  # the page of the map brings Leaflet with it


@dataclass
class Faults:
    """What was seen of the pages of one browser: errors of scripts, of the policy of contents, of the server."""

    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self._console(page, message))
        page.on("pageerror", lambda error: self.seen.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, page: Page, message) -> None:
        # The browser reports every status of 400 and more here too: `_response` and the tests judge those.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.seen.append(f"{page.url}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.seen.append(f"{response.url}: status {response.status}")


@dataclass
class Portal:
    browser: Browser
    address: str
    faults: Faults = field(default_factory=Faults)

    @contextmanager
    def person(self, login: str, *, language: str = "fr", **options) -> Iterator[Page]:
        """A page of somebody of the sample data, who has signed in before."""
        with self.visitor(language=language, **options) as page:
            page.context.add_cookies([self.session_of(login)])
            page.goto(self.address + "/")
            if language == "en":
                self.speak(page, "en")
            yield page

    def session_of(self, login: str) -> dict[str, str]:
        """The cookie that signing in through the form leaves: checking a password is slow on purpose."""
        client = Client()
        client.force_login(User.objects.get(email=f"{login}@demo.portail.example"))
        return {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": self.address,
        }

    def sign_in(self, page: Page, login: str) -> None:
        """Through the form, as a person does."""
        page.goto(self.address + "/compte/connexion/")
        page.locator("[name=login]").fill(f"{login}@demo.portail.example")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(self.address + "/")

    @contextmanager
    def visitor(self, *, language: str = "fr", **options) -> Iterator[Page]:
        locale = {"fr": "fr-FR", "en": "en-GB"}[language]
        context: BrowserContext = self.browser.new_context(**{"locale": locale, "viewport": WIDE, **options})
        context.set_default_timeout(15_000)
        page = context.new_page()
        self.faults.watch(page)
        try:
            yield page
        finally:
            context.close()

    def speak(self, page: Page, language: str) -> None:
        page.locator(f".language-switch button[value={language}]").click()
        page.wait_for_function("language => document.documentElement.lang === language", arg=language)


# What is still fading in has the contrast of a ghost; what turns for ever (a progress mark) is not waited for.
SETTLED = """() => Promise.all(document.getAnimations()
  .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
  .map((one) => one.finished.catch(() => {}))).then(() => null)"""


def accessible(page: Page) -> list[str]:
    """What axe finds on the page once it stands still, one line for each element."""
    page.evaluate(SETTLED)
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {violation['id']}: {node['target']} {node.get('failureSummary', '')[:300]}"
        for violation in found
        for node in violation["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """Whether the page scrolls sideways."""
    extra = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url}: {extra} px wider than the screen"] if extra > 0 else []


# What runs out of its frame, and what lies under its neighbour, though the page itself does not scroll sideways.
CUT_OFF = """() => {
  const frames = ".panel, .card, .table-frame, .figures, .note, .filters, .page-main";
  const own = "table, th, td, svg, img, button, input, select, textarea, h1, h2, h3, dd, .status, .figure-value";
  const scrolls = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (["auto", "scroll"].includes(style.overflowX) && up.scrollWidth > up.clientWidth) return true;
      if (style.clipPath !== "none") return true;
    }
    return false;
  };
  const right = (element) => {
    const ends = [element.getBoundingClientRect().right];
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const around = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || around.closest(".visually-hidden, caption")) continue;
      if (around.getBoundingClientRect().width < 2) continue; // said to screen readers only
      const range = document.createRange();
      range.selectNode(texts.currentNode);
      ends.push(range.getBoundingClientRect().right);
    }
    return Math.max(...ends);
  };
  const found = new Set();
  for (const element of document.querySelectorAll(own)) {
    const frame = element.closest("main") && element.parentElement.closest(frames);
    if (!frame || !element.checkVisibility() || element.getBoundingClientRect().width < 2 || scrolls(element)) continue;
    const over = Math.round(right(element) - frame.getBoundingClientRect().right);
    if (over > 1) found.add(`${element.tagName} ${element.className.baseVal ?? element.className}: ${over} px cut off`);
  }
  const labels = [...document.querySelectorAll(".road-label")].map((label) => {
    const range = document.createRange();
    range.selectNode(label.firstChild);
    return [label.textContent, range.getBoundingClientRect()];
  });
  labels.forEach(([text, box], at) => {
    const next = labels[at + 1]?.[1];
    if (next && Math.abs(next.top - box.top) < 4 && box.right > next.left) found.add(`${text} runs into the next`);
  });
  return [...found];
}"""


def cut_off(page: Page) -> list[str]:
    """What the reader cannot see whole on a page that is itself not too wide."""
    return [f"{page.url}: {fault}" for fault in page.evaluate(CUT_OFF)]


def weight(page: Page, address: str) -> int:
    """The bytes of a first visit, each answer compressed by gzip as the portal's server does."""
    bodies: list[bytes] = []

    def keep(response: Response) -> None:
        if response.ok and response.request.method == "GET":
            bodies.append(response.body())

    page.on("requestfinished", lambda request: keep(request.response()))
    page.goto(address, wait_until="networkidle")
    return sum(len(gzip.compress(body, 6)) if b"\0" not in body[:1000] else len(body) for body in bodies)


def shape(url: str) -> str:
    """The address without its keys and its query: pages that differ by these are pages of one kind."""
    return re.sub(r"/\d+(?=/)", "/n", url.split("?")[0].split("#")[0])
