"""A project's page: everything of it, where it stands, who must act, and what this reader may do."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from funds.models import Interest
from projects.deadlines.table import DEADLINES
from projects.management.commands import draw_lifecycle
from projects.models import Activity, Deadline, ExpectedResult, Project
from projects.services import decisions, screening
from projects.services.steps import withdraw
from projects.services.submission import submit
from projects.states import ENDED, State
from projects.views import road_page
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory, envelope_of
from tests.factories.implementation import approved, in_state
from tests.factories.many import many_projects
from tests.factories.projects import (
    DraftFactory,
    add_line,
    admitted,
    cast,
    complete_draft,
    in_session,
    recommended,
    region,
)

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def page(user: User, project) -> str:
    response = browser(user).get(reverse("projects:detail", args=[project.pk]))
    assert response.status_code == 200
    return response.content.decode()


def submitted(**fields):
    draft = complete_draft(**fields)
    return submit(project=draft, user=draft.author)


def reread(project) -> Project:
    """As the page reads it: what a service gives back knows nothing of the step just taken."""
    return Project.objects.for_page().get(pk=project.pk)


def test_who_is_not_signed_in_is_sent_to_the_door(client):
    response = client.get(reverse("projects:detail", args=[DraftFactory().pk]))
    assert response.status_code == 302 and reverse("account_login") in response.url


def test_a_project_outside_one_s_scope_does_not_exist():
    project = submitted()
    elsewhere = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))
    administrator = user_with(Role.ADMINISTRATOR)
    for user in (elsewhere, administrator, user_with(Role.PROPOSER, region=region("ML-8"))):
        assert browser(user).get(reverse("projects:detail", args=[project.pk])).status_code == 404


def test_somebody_else_s_draft_does_not_exist():
    draft = complete_draft()
    assert browser(user_with(Role.PROGRAMME_OFFICER)).get(f"/projets/{draft.pk}/").status_code == 404


def test_the_page_says_everything_of_the_proposal():
    project = complete_draft(amount="12500.50", works=True, land="Terrain communal, attestation du maire.")
    add_line(project, "800", category="training", label="Formation du comité", community_usd=Decimal("150"))
    html = page(project.author, submit(project=project, user=project.author))
    for said in (
        "QIP-GAO-", "Ansongo", "L’eau coule toute l’année", "Réhabiliter le forage", "Affaires civiles",
        "Formation du comité", "Travaux", "Terrain communal", "Association Kanuya", "4 janvier 2027",
    ):  # fmt: skip
        assert said in html
    assert "13\u202f300,50\u00a0USD" in html, "the total of the budget"
    assert "12\u202f500,50\u00a0USD" in html and "150\u00a0USD" in html


def test_each_figure_of_the_budget_has_its_name_beside_it_for_a_phone():
    project = complete_draft(amount="12500.50")
    html = page(project.author, project)
    budget = html[html.index("table-stack align-middle budget") :]
    budget = budget[: budget.index("</table>")]
    cells = [tag.split(">")[0] for tag in budget.split("<td")[1:]]
    assert cells and all("data-label=" in cell for cell in cells)
    assert "Apport de la communauté" not in budget, "a column of nothing"


def test_what_people_wrote_is_never_markup():
    project = submitted(need="<script>alert(1)</script>", title="<b>Forage</b>")
    html = page(project.author, project)
    assert "<script>alert" not in html and "<b>Forage" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_author_of_a_draft_may_submit_it_and_reads_what_lacks():
    draft = DraftFactory()
    html = page(draft.author, draft)
    assert "Soumettre la proposition" in html and "Il manque le secteur." in html
    assert f"/projets/{draft.pk}/etapes/submit/" not in html, "greyed out"


def test_a_button_is_greyed_out_with_the_reason_where_duties_must_be_separate():
    author = user_with(Role.PROPOSER, Role.PROGRAMME_OFFICER)
    project = submitted(author=author)
    html = page(author, project)
    assert "Prendre en examen" in html and "Vous avez rédigé cette proposition" in html
    assert "etapes/start_screening/" not in html
    officer = user_with(Role.PROGRAMME_OFFICER)
    Interest.objects.create(user=officer, organisation=project.partner, nature="Parent")
    assert "Vous avez déclaré un intérêt" in page(officer, project)


def test_a_role_that_has_nothing_to_do_with_a_step_does_not_see_its_button():
    html = page(user_with(Role.AUDITOR), submitted())
    assert "Prendre en examen" not in html.replace("Prendre la proposition en examen", "")
    assert "etapes/" not in html


def test_the_page_says_who_must_act_since_when_and_how_late():
    project = submitted()
    with clock.at(timezone.now() + dt.timedelta(days=15)):
        html = page(user_with(Role.AUDITOR), project)
    assert "Un gestionnaire du programme" in html and "il y a 15 jours" in html
    assert "5 jours de retard" in html


def test_what_waits_for_its_planned_day_is_expected_from_the_day_it_opened():
    project, today = submitted(), clock.today()
    opened = today - dt.timedelta(days=4)
    planned = Deadline(
        project=project, code="instalment", turn="request_instalment", opens_on=opened, due_on=opened + dt.timedelta(14)
    )
    assert road_page.next_move(project, None, [planned]).since == opened
    planned.opens_on = today + dt.timedelta(days=1)
    assert road_page.next_move(project, None, [planned]).since is None


def test_taking_a_proposal_up_gives_no_more_time():
    officer = user_with(Role.PROGRAMME_OFFICER)
    project = submitted()
    with clock.at(timezone.now() + dt.timedelta(days=9)):
        project = reread(screening.start_screening(project=project, user=officer))
        move = road_page.next_move(project, None, project.deadlines.all())
    assert move.who == str(officer)
    assert (move.due - clock.day_of(project.submitted_at)).days == 10
    assert (move.due - move.since).days == 1


def test_a_returned_proposal_shows_its_author_what_to_mend_first():
    people, project = cast(), submitted()
    project = screening.start_screening(project=project, user=people.officer)
    reasons = {"budget": "Joignez trois devis.", "need": "Précisez qui a exprimé le besoin."}
    project = screening.send_back(project=project, user=people.officer, reasons=reasons)
    html = page(project.author, project)
    assert "Renvoyée pour complément\u00a0: ce qui est à corriger" in html
    assert html.index("Précisez qui a exprimé") < html.index("Joignez trois devis"), "in the order of the form"
    assert "Tour n° 1" in html and "Grille de présélection" in html


def test_the_committee_s_and_the_authority_s_decisions_are_readable():
    people = cast()
    envelope_of("100000")
    project = recommended(people, amount="20000")
    decisions.approve(project=project, user=people.approver, amount_usd=Decimal("18000"), conditions="Clôture du site")
    project.refresh_from_db()
    html = page(user_with(Role.AUDITOR), project)
    for said in (
        "18\u202f000\u00a0USD",
        "Clôture du site",
        "4 voix pour, 0 contre, 0 abstention",
        "4,00 sur 5",
        "atteint",
        "Approbation",
    ):
        assert said in html
    assert "Préparer le protocole d’accord et le faire signer" in html


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_reads_in_both_languages(language):
    reader = user_with(Role.AUDITOR, language=language)
    html = page(reader, submitted())
    assert f'<html lang="{language}">' in html


# --- The road ------------------------------------------------------------------------------------------------------


def statuses(project) -> list[tuple[str, str]]:
    return [(str(stop.label), stop.status) for stop in road_page.stops(reread(project))]


def test_the_road_shows_what_is_behind_and_ahead():
    project = admitted(cast())
    assert statuses(project)[:5] == [
        ("Brouillon", "done"), ("Soumise", "done"), ("En présélection", "done"), ("Recevable", "current"),
        ("En comité", "todo"),
    ]  # fmt: skip
    assert all(stop.when for stop in road_page.stops(reread(project))[:4])


def test_a_withdrawn_proposal_stops_where_it_was():
    project = withdraw(project=(draft := submitted()), user=draft.author, note="Financé ailleurs")
    assert statuses(project) == [("Brouillon", "done"), ("Soumise", "done"), ("Retirée", "stopped")]


def test_every_state_has_its_place_and_something_expected_or_an_end():
    expected = {state for deadline in DEADLINES.values() for state in deadline.turns}
    for state in State:
        if state not in road_page.LEFT_THE_ROAD:
            assert 0 <= road_page.place_of(state) < len(road_page.MAIN)
    after_the_end = {State.CLOSED, State.CANCELLED}  # the sustainability check; what is to be refunded
    assert set(State) - expected == ENDED - after_the_end


def test_the_drawing_of_the_road_is_in_step_with_its_table():
    call_command("draw_lifecycle", "--check")
    with translation.override("en"):
        assert draw_lifecycle.drawing() == draw_lifecycle.TARGET.read_text(encoding="utf-8")


# --- What it costs -------------------------------------------------------------------------------------------------


def enlarge(project, times: int) -> None:
    for number in range(times):
        add_line(project, "10", label=f"Ligne {number}")
        Activity.objects.create(project=project, title=f"Activité {number}", first_week=number + 1)
        ExpectedResult.objects.create(project=project, statement=f"Résultat {number}")


@pytest.mark.parametrize("times", [10, 100])
def test_the_page_costs_the_same_whatever_hangs_on_the_project(times, django_assert_num_queries):
    """Session, person, roles, the project, all that hangs on it, what studies found, the map; more to decide."""
    people = cast()
    envelope_of("100000")
    draft = complete_draft()
    enlarge(draft, times)
    for _round in range(times // 10):
        project = submit(project=draft, user=draft.author)
        screening.start_screening(project=project, user=people.officer)
        screening.send_back(project=project, user=people.officer, reasons={"budget": "Devis"})
    client = browser(draft.author)
    with django_assert_num_queries(7):
        client.get(f"/projets/{draft.pk}/")


MOST_QUERIES = 12


def queries_of(client: Client, project) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/projets/{project.pk}/").status_code == 200
    return len(queries)


@pytest.mark.parametrize("reader", ["officer", "approver"])
def test_the_page_costs_the_same_among_ten_projects_and_a_thousand(reader):
    """The officer of a proposal that was just submitted; who decides on one that passed every step before."""
    people, partner = cast(), PartnerFactory()
    envelope_of("100000")
    if reader == "officer":
        project = submit(project=(draft := complete_draft(partner=partner)), user=draft.author)
    else:
        project = recommended(people, partner=partner)
    client = browser(getattr(people, reader))

    many_projects(10, partner=partner, region=region(), locality=project.locality)
    few = queries_of(client, project)
    many_projects(990, partner=partner, region=region(), locality=project.locality)
    assert queries_of(client, project) == few <= MOST_QUERIES


TAKEN_TO = {
    State.DRAFT: lambda people: complete_draft(),
    State.SUBMITTED: lambda people: submitted(),
    State.ELIGIBLE: admitted,
    State.RECOMMENDED: recommended,
    State.APPROVED: approved,
    State.ACTIVE: lambda people: in_state(State.ACTIVE, people=people),
    State.CLOSED: lambda people: in_state(State.CLOSED, people=people),
}


@pytest.mark.parametrize("state", TAKEN_TO)
def test_the_page_stays_within_twelve_queries_for_everyone(state):
    people = cast()
    project = TAKEN_TO[state](people)
    readers = {
        "author": project.author, "officer": people.officer, "approver": people.approver,
        "secretary": people.secretary, "auditor": user_with(Role.AUDITOR),
    }  # fmt: skip
    if state == State.DRAFT:
        readers = {name: readers[name] for name in ("author", "auditor")}
    found = {name: queries_of(browser(user), project) for name, user in readers.items()}
    assert max(found.values()) <= MOST_QUERIES, found


def test_an_item_on_the_agenda_names_the_committee_that_must_act():
    people = cast()
    project = admitted(people)
    in_session(people, project)
    project.refresh_from_db()
    html = page(user_with(Role.AUDITOR), project)
    assert "À l’ordre du jour" in html and "Comité local d’approbation de Gao" in html
