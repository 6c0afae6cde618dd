"""Two tabs on one checklist: the later save never overwrites unseen answers, and loses nothing that was typed."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from projects.checklist import CHECKLIST
from projects.models import Project, ScreeningAnswer
from projects.services import screening
from projects.services.submission import submit
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.projects import complete_draft
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"HX-Request": "true"}


class Tab:
    """A tab of the screener's browser: it sends back what the page that it shows holds."""

    def __init__(self, project: Project, user: User) -> None:
        self.client, self.address = Client(), reverse("projects:screening", args=[project.pk])
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.typed = {f"answer_{item.code}": "" for item in CHECKLIST}
        self.read(self.client.get(self.address))

    def read(self, answer):
        self.html = answer.content.decode()
        found = re.search(r'name="fingerprint" value="([^"]*)"', self.html)
        self.fingerprint = unescape(found.group(1)) if found else ""
        return answer

    def type(self, **values: str) -> None:
        self.typed |= values

    def save(self, **more):
        return self.read(self.client.post(self.address, {**self.typed, "fingerprint": self.fingerprint, **more}))

    def save_by_itself(self, **more):
        data = {**self.typed, "fingerprint": self.fingerprint, **more}
        return self.read(self.client.post(self.address, data, headers=BY_SCRIPT))

    def hidden(self) -> dict[str, str]:
        """What the two versions' page sends again without being touched, its choices included."""
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.html)
        chosen = re.findall(r'type="radio" name="([^"]+)" id="[^"]+" value="([^"]+)" checked', self.html)
        return {name: unescape(value) for name, value in [*fields, *chosen] if name != "csrfmiddlewaretoken"}


@laid_once
def officer() -> User:
    return user_with(Role.PROGRAMME_OFFICER, name="Étienne Sangaré")


@laid_once
def project(officer) -> Project:
    draft = complete_draft()
    return screening.start_screening(project=submit(project=draft, user=draft.author), user=officer)


@laid_once
def tabs(project, officer) -> tuple[Tab, Tab]:
    return Tab(project, officer), Tab(project, officer)


def kept(project) -> dict[str, tuple[str, str]]:
    rows = ScreeningAnswer.objects.filter(screening__project=project, screening__closed_at=None)
    return {row.item: (row.answer, row.comment) for row in rows if row.answer or row.comment}


def test_the_later_save_is_refused_with_both_versions_side_by_side(tabs, project):
    first, second = tabs
    second.type(answer_land="yes", comment_land="Titre vu le 3 mars")
    assert second.save().status_code == 302
    first.type(answer_land="no", comment_land="Aucun titre", answer_budget="yes")
    answer = first.save()
    assert answer.status_code == 409 and kept(project) == {"land": ("yes", "Titre vu le 3 mars")}
    for shown in ("Titre vu le 3 mars", "Aucun titre", "Garder ma saisie", "Garder la version enregistrée"):
        assert shown in first.html


def test_what_was_chosen_is_saved_and_the_rest_of_what_was_typed_with_it(tabs, project):
    first, second = tabs
    second.type(answer_land="yes", comment_land="Titre vu", answer_gender="yes")
    second.save()
    first.type(answer_land="no", comment_land="Aucun titre", answer_budget="yes")
    first.save()
    sent = first.hidden() | {"keep:land": "theirs"}
    assert sent["keep:budget"] == "mine", "only this tab answered it"
    assert sent["keep:gender"] == "theirs", "only the other tab answered it"
    assert first.client.post(first.address, sent).status_code == 302
    assert kept(project) == {"land": ("yes", "Titre vu"), "gender": ("yes", ""), "budget": ("yes", "")}


def test_a_third_save_during_the_choice_is_not_overwritten_either(tabs, project):
    first, second = tabs
    second.type(answer_land="yes")
    second.save()
    first.type(answer_land="no")
    first.save()
    second.read(second.client.get(second.address))
    second.type(answer_land="na")
    second.save()
    assert first.client.post(first.address, first.hidden()).status_code == 409
    assert kept(project) == {"land": ("na", "")}


def test_concluding_from_the_older_tab_leads_to_the_choice_first_and_then_on(tabs, project):
    first, second = tabs
    second.type(answer_land="yes")
    second.save()
    first.type(answer_land="no")
    assert first.save(then="send_back").status_code == 409
    answer = first.client.post(first.address, first.hidden())
    assert answer.url == reverse("projects:transition", args=[project.pk, "send_back"])
    assert kept(project) == {"land": ("no", "")}


def test_the_same_content_sent_twice_is_no_conflict(tabs, project):
    first, second = tabs
    for tab in (second, first):
        tab.type(answer_land="yes", comment_land="Ligne 1\r\nLigne 2 ")
        assert tab.save().status_code == 302
    assert kept(project) == {"land": ("yes", "Ligne 1\r\nLigne 2")}


def test_each_save_by_itself_renews_what_the_page_knows(tabs, project):
    first, second = tabs
    for comment in ("Titre", "Titre vu", "Titre vu hier"):
        first.type(answer_land="yes", comment_land=comment)
        assert first.save_by_itself().status_code == 200
    assert first.save().status_code == 302 and kept(project) == {"land": ("yes", "Titre vu hier")}
    second.type(answer_land="no")
    answer = second.save_by_itself()
    assert answer.status_code == 409 and "<html" not in second.html
    assert "Comparer les deux versions" in second.html and "dans un autre onglet" in second.html
    assert second.save().status_code == 409, "the line brought the old fingerprint back, not a fresh one"
    assert kept(project) == {"land": ("yes", "Titre vu hier")}


def test_a_save_whose_answer_was_lost_on_the_way_is_not_taken_for_another_tab(tabs, project):
    first, second = tabs
    first.type(answer_land="yes", comment_land="Titre")
    before = first.fingerprint
    first.save_by_itself()
    first.fingerprint, lost = before, urlencode(first.typed)  # as if the line had been cut under the answer
    first.type(comment_land="Titre vu")
    assert first.save(unheard=lost).status_code == 302 and kept(project) == {"land": ("yes", "Titre vu")}
    second.type(answer_land="no")
    assert second.save(unheard=urlencode(second.typed)).status_code == 409, "it vouches for what it sent, no more"


def test_a_page_that_knows_nothing_or_sends_rubbish_overwrites_nothing(tabs, project):
    first, second = tabs
    second.type(answer_land="yes")
    second.save()
    first.type(answer_land="no")
    for rubbish in ("", "{", "[]", "null", '{"land": 3}'):
        assert first.save(fingerprint=rubbish, unheard="%%%&&=").status_code == 409
    assert kept(project) == {"land": ("yes", "")}


def test_a_tab_of_an_earlier_round_does_not_answer_in_the_new_one_unseen(tabs, project, officer):
    first, _second = tabs
    screening.send_back(project=project, user=officer, reasons={"budget": "Devis"})
    screening.start_screening(project=submit(project=project, user=project.author), user=officer)
    first.type(answer_land="yes")
    assert first.save().status_code == 409 and "Un autre tour d’examen est ouvert" in first.html
    assert kept(project) == {}


def test_an_input_kept_over_a_sign_in_keeps_what_it_started_from(tabs, project, officer):
    first, second = tabs
    second.type(answer_land="yes")
    second.save()
    first.client.logout()
    first.type(answer_land="no", comment_land="Aucun titre")
    first.save()
    first.client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    first.read(first.client.get(first.address))
    assert "Aucun titre" in first.html
    assert first.save().status_code == 409 and kept(project) == {"land": ("yes", "")}


def test_an_answer_that_is_refused_keeps_what_the_page_started_from(tabs, project):
    first, second = tabs
    second.type(answer_land="yes")
    second.save()
    first.type(answer_land="no")
    assert first.save(comment_land="x" * 2001).status_code == 422
    assert first.save().status_code == 409 and kept(project) == {"land": ("yes", "")}
