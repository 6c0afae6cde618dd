"""What the tests of the proposal form share: a signed-in browser and the fields as the page carries them."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from sr_portal.accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
JSON = {"Accept": "application/json"}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(project, step: str = "essentials") -> str:
    return reverse("projects:edit", args=[project.pk, step])


class _Controls(HTMLParser):
    """The controls of the first form with `id="step-form"`, as a browser without script would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.inside = self.in_template = False
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = at.get("id") == "step-form"
        if tag == "template":
            self.in_template = True
        if not self.inside or self.in_template:
            return
        name = at.get("name", "")
        if tag == "textarea":
            self.area = name
            self.values[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in at or self.select not in self.values):
            self.values[self.select] = at.get("value", "")
        elif tag == "input" and name and (at.get("type") not in ("checkbox", "radio") or "checked" in at):
            self.values[name] = at.get("value", "on" if at.get("type") in ("checkbox", "radio") else "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.in_template = False
        elif tag == "form":
            self.inside = False
        elif tag == "textarea":
            # Browsers drop the first line break, which Django writes.
            if self.area:
                self.values[self.area] = self.values[self.area].removeprefix("\r\n").removeprefix("\n")
            self.area = ""
        elif tag == "select":
            self.select = ""


def controls(html: str) -> dict[str, str]:
    parser = _Controls()
    parser.feed(html)
    return parser.values


def open_step(client: Client, project, step: str) -> dict[str, str]:
    """The step's form as its page shows it, ready to be changed and sent."""
    response = client.get(address(project, step))
    assert response.status_code == 200, response.status_code
    return controls(response.content.decode())


def key_of(html: str) -> str:
    """The one-time key of the page."""
    found = re.search(r'name="one_time_key" value="([^"]+)"', html)
    assert found, "the page carries no one-time key"
    return found[1]


def hidden(html: str) -> dict[str, Any]:
    """Every hidden control of the page and its value."""
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    }
