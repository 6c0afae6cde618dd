"""A step is saved once, never over somebody else's save, and nothing typed is lost."""

import json

import pytest

from projects.models import Project
from projects.services import drafting
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.projects import add_line, complete_draft, fresh
from tests.projects.proposal_browser import JSON, address, browser, hidden, open_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """A draft open in two browsers: its author's and its co-author's."""
    project = complete_draft()
    other = user_with(Role.PROPOSER)
    drafting.add_coauthor(project=project, user=fresh(project.author), person=other)
    return project, browser(project.author), browser(other)


def save(client, project, step, typed, **more):
    return client.post(address(project, step), {**typed, **more})


def by_script(client, project, step, typed, **more):
    return client.post(address(project, step), {**typed, **more}, headers=JSON)


# --- By script -----------------------------------------------------------------------------------------------------
def test_a_save_by_script_gives_back_what_the_page_needs_to_go_on():
    project = complete_draft(need="")
    client = browser(project.author)
    typed = open_step(client, project, "need")
    told = by_script(client, project, "need", typed, need="Le puits tarit en mars.").json()
    assert told["saved"] and told["at"].startswith("Enregistré à ")
    assert "complète" in told["fragments"]["step-aside"] and "manque" not in told["fragments"]["step-lacking"]
    typed["fingerprint"] = told["fingerprint"]
    assert by_script(client, project, "need", typed, need="Le puits tarit en avril.").status_code == 200
    project.refresh_from_db()
    assert project.need == "Le puits tarit en avril."


def test_new_rows_get_their_keys_and_are_not_written_twice():
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "plan") | {
        "activities-1-title": "Former le comité", "activities-1-first_week": "5", "activities-1-weeks": "2",
    }  # fmt: skip
    told = by_script(client, project, "plan", typed).json()
    assert told["keys"]["activities-1"] in set(project.activities.values_list("pk", flat=True))
    by_script(client, project, "plan", typed)  # the answer was lost on a bad line: the same is sent again
    assert project.activities.count() == 2


def test_removed_rows_go_and_saying_it_twice_changes_nothing():
    project = complete_draft()
    add_line(project, "100", label="Panneau")
    client = browser(project.author)
    typed = open_step(client, project, "budget") | {"lines-1-DELETE": "on"}
    assert by_script(client, project, "budget", typed).json()["keys"]["lines-1"] is None
    assert by_script(client, project, "budget", typed).status_code == 200
    assert [line.label for line in project.lines.all()] == ["Travaux"]


# --- Once ----------------------------------------------------------------------------------------------------------
def test_a_second_click_has_no_second_effect():
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "budget") | {
        "lines-1-category": "works", "lines-1-label": "Pompe", "lines-1-unit": "pièce", "lines-1-quantity": "1",
        "lines-1-currency": "USD", "lines-1-unit_cost": "100", "lines-1-community_usd": "",
    }  # fmt: skip
    assert save(client, project, "budget", typed).status_code == 302
    changed = Project.objects.get(pk=project.pk).updated_at
    assert save(client, project, "budget", typed).status_code == 302
    assert project.lines.count() == 2
    assert Project.objects.get(pk=project.pk).updated_at == changed


# --- Two people ----------------------------------------------------------------------------------------------------
def test_the_later_save_is_refused_with_both_versions_and_neither_is_lost(two):
    project, hers, his = two
    typed_by_her, typed_by_him = open_step(hers, project, "need"), open_step(his, project, "need")
    assert save(his, project, "need", typed_by_him, need="Sa version.").status_code == 302
    answer = save(hers, project, "need", typed_by_her, need="Ma version.", objective="Mon objectif.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ma version." in page and "Sa version." in page
    project.refresh_from_db()
    assert project.need == "Sa version.", "nothing was written over"

    choices = hidden(page) | {"keep:need": "theirs", "keep:objective": "mine", "action": "save"}
    assert hers.post(address(project, "need"), choices).status_code == 302
    project.refresh_from_db()
    assert (project.need, project.objective) == ("Sa version.", "Mon objectif.")


def test_by_script_a_conflict_is_told_and_writes_nothing(two):
    project, hers, his = two
    typed = open_step(hers, project, "need")
    save(his, project, "need", open_step(his, project, "need"), need="Sa version.")
    answer = by_script(hers, project, "need", typed, need="Ma version.")
    assert answer.status_code == 409 and answer.json()["conflict"]
    assert Project.objects.get(pk=project.pk).need == "Sa version."


def test_two_people_may_write_different_steps_at_the_same_time(two):
    project, hers, his = two
    typed_by_her, typed_by_him = open_step(hers, project, "need"), open_step(his, project, "care")
    assert save(his, project, "care", typed_by_him, gender="Sa note.").status_code == 302
    assert save(hers, project, "need", typed_by_her, need="Mon texte.").status_code == 302
    project.refresh_from_db()
    assert (project.gender, project.need) == ("Sa note.", "Mon texte.")


def test_a_line_that_two_people_changed_is_compared_as_a_whole(two):
    project, hers, his = two
    typed_by_her, typed_by_him = open_step(hers, project, "budget"), open_step(his, project, "budget")
    save(his, project, "budget", typed_by_him, **{"lines-0-unit_cost": "15000"})
    answer = save(hers, project, "budget", typed_by_her, **{"lines-0-unit_cost": "18000"})
    page = answer.content.decode().replace("\u202f", " ")
    assert answer.status_code == 409 and "15 000" in page and "18 000" in page
    key = f"keep:lines:{project.lines.get().pk}"
    hers.post(address(project, "budget"), hidden(answer.content.decode()) | {key: "mine", "action": "save"})
    assert project.lines.get().unit_cost == 18000


def test_lines_added_by_both_are_all_kept(two):
    project, hers, his = two
    line = {"category": "works", "unit": "forfait", "quantity": "1", "currency": "USD", "unit_cost": "100"}
    more = {f"lines-1-{name}": value for name, value in line.items()}
    typed_by_her, typed_by_him = open_step(hers, project, "budget"), open_step(his, project, "budget")
    save(his, project, "budget", typed_by_him, **more, **{"lines-1-label": "La sienne"})
    answer = save(hers, project, "budget", typed_by_her, **more, **{"lines-1-label": "La mienne"})
    assert answer.status_code == 409
    hers.post(address(project, "budget"), hidden(answer.content.decode()) | {"action": "save"})
    assert {row.label for row in project.lines.all()} == {"Travaux", "La sienne", "La mienne"}


def test_a_page_that_carries_no_fingerprint_saw_nothing_and_overwrites_nothing(two):
    project, hers, _his = two
    typed = open_step(hers, project, "need") | {"fingerprint": "n’importe quoi", "need": "Ma version."}
    assert save(hers, project, "need", typed).status_code == 409


# --- The end of a session -------------------------------------------------------------------------------------------
def test_what_was_typed_survives_the_end_of_the_session():
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "need") | {"need": "Texte long, écrit en une heure."}
    client.logout()
    answer = client.post(address(project, "need"), typed)
    assert answer.status_code == 302 and f"next={address(project, 'need')}" in answer.url
    client.force_login(project.author, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(address(project, "need")).content.decode()
    assert "Texte long, écrit en une heure." in page and 'data-dirty="typed"' in page
    assert Project.objects.get(pk=project.pk).need != "Texte long, écrit en une heure."


def test_what_was_typed_in_rows_survives_too():
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "plan") | {"activities-1-title": "Former le comité"}
    client.logout()
    client.post(address(project, "plan"), typed)
    client.force_login(project.author, backend="django.contrib.auth.backends.ModelBackend")
    assert "Former le comité" in client.get(address(project, "plan")).content.decode()


def test_what_was_typed_after_the_submission_is_shown_to_be_copied():
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "need") | {"need": "Trop tard."}
    from projects.services.submission import submit

    submit(project=project, user=fresh(project.author))
    answer = save(client, project, "need", typed)
    assert answer.status_code == 403 and "Trop tard." in answer.content.decode()
    assert Project.objects.get(pk=project.pk).need != "Trop tard."


# --- Without script ------------------------------------------------------------------------------------------------
def test_a_row_is_added_without_script_and_what_is_typed_stays():
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "budget") | {
        "lines-0-label": "Terrassement",
        "lines-1-label": "Clôture",
        "action": "add:lines",
    }
    answer = client.post(address(project, "budget"), typed)
    page = answer.content.decode()
    assert answer.status_code == 200 and "Terrassement" in page and 'name="lines-2-label"' in page
    assert 'id="form-errors"' not in page and "is-invalid" not in page, "nothing is refused before it is saved"
    assert project.lines.get().label == "Travaux", "nothing is written yet"


def test_the_region_chosen_offers_its_cercles_without_script():
    from regions.models import Region

    project = complete_draft()
    client = browser(project.author)
    kidal = Region.objects.get(code="ML-8")
    typed = open_step(client, project, "essentials") | {"region": str(kidal.pk), "action": "refresh"}
    page = client.post(address(project, "essentials"), typed).content.decode()
    assert kidal.cercles.first().name in page
    assert Project.objects.get(pk=project.pk).region_id != kidal.pk


def test_save_and_continue_leads_to_the_next_step():
    project = complete_draft()
    client = browser(project.author)
    answer = save(client, project, "need", open_step(client, project, "need"), action="next")
    assert answer.url == address(project, "plan")


def test_the_fingerprint_is_that_of_the_step_alone():
    project = complete_draft()
    assert set(json.loads(open_step(browser(project.author), project, "need")["fingerprint"])) == {
        "need", "need_expressed_by", "priority", "objective", "confidence",
    }  # fmt: skip
