"""The home page of each role: what waits for its reader, oldest first, and how their projects stand."""

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Interest
from projects.models import Project, Receipt
from projects.services import decisions, instalments, screening
from projects.services.submission import submit
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.amendments import approve as approve_amendment
from tests.factories.amendments import submitted as submitted_amendment
from tests.factories.funds import envelope_of
from tests.factories.implementation import Crew, in_state, instalment_of, justify, pay
from tests.factories.many import many_projects
from tests.factories.projects import DraftFactory, cast, complete_draft, fresh, recommended, region

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def home(user):
    answer = signed_in(user).get("/")
    assert answer.status_code == 200
    return answer


def waiting(user) -> list[str]:
    return [deadline.project.title for deadline in home(user).context["waiting"]]


def submitted(day: int, **fields):
    with clock.at(dt.datetime(2026, 1, day, 12, tzinfo=dt.UTC)):
        project = complete_draft(**fields)
        return submit(project=project, user=project.author)


def test_a_visitor_signs_in_first():
    assert Client().get("/")["Location"].startswith("/compte/connexion/")


def test_an_officer_sees_what_waits_oldest_first_and_nothing_they_may_not_screen():
    officer = user_with(Role.PROGRAMME_OFFICER, region=region())
    for day, title in ((9, "Deuxième"), (3, "Première"), (20, "Troisième")):
        submitted(day, title=title)
    submitted(1, title="Ailleurs", region=region("ML-8"))
    barred = submitted(2, title="Où j’ai un intérêt")
    Interest.objects.create(user=officer, organisation=barred.partner, nature="Parente de la présidente")

    assert waiting(officer) == ["Première", "Deuxième", "Troisième"]


def test_what_waits_says_since_when_and_how_late():
    officer = user_with(Role.PROGRAMME_OFFICER)
    submitted(1)
    with clock.at(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)):
        page = home(officer).content.decode()
    assert "Prendre la proposition en examen" in page
    assert "depuis le 1er janvier 2026" in page
    assert "au plus tard le 11 janvier 2026" in page
    with clock.at(dt.datetime(2026, 1, 12, 12, tzinfo=dt.UTC)):
        assert "1 jour de retard" in home(officer).content.decode()


def test_taking_a_proposal_up_does_not_give_more_time():
    officer = user_with(Role.PROGRAMME_OFFICER)
    project = submitted(1)
    with clock.at(dt.datetime(2026, 1, 9, 12, tzinfo=dt.UTC)):
        screening.start_screening(project=project, user=officer)
        page = home(officer).content.decode()

    assert "au plus tard le 11 janvier 2026" in page


def test_a_proposer_takes_up_drafts_and_follows_what_is_on_its_way():
    author = user_with(Role.PROPOSER)
    DraftFactory(title="Mon brouillon", author=author)
    DraftFactory(title="Celui d’une autre")
    sent = complete_draft(title="Ma proposition envoyée", author=author)
    submit(project=sent, user=author)
    answer = home(author)

    assert [deadline.project.title for deadline in answer.context["waiting"]] == ["Mon brouillon"]
    assert [row.project.title for row in answer.context["own"]] == ["Ma proposition envoyée"]
    assert "/projets/nouveau/" in answer.content.decode()


def test_the_authority_sees_what_to_decide_and_the_envelope_that_pays():
    people = cast()
    envelope = envelope_of("200000")
    project = recommended(people, title="À décider")
    answer = home(people.approver)
    assert [deadline.project.title for deadline in answer.context["waiting"]] == ["À décider"]
    assert answer.context["envelopes"] == [envelope]

    decisions.approve(project=project, user=people.approver)
    answer = home(people.approver)
    assert answer.context["waiting"] == []
    assert [decision.project.title for decision in answer.context["decisions"]] == ["À décider"]


def test_a_regional_manager_sees_their_region_and_no_other():
    submitted(1, title="À Gao")
    submitted(1, title="À Kidal", region=region("ML-8"))
    DraftFactory()
    answer = home(user_with(Role.REGIONAL_MANAGER, region=region()))

    (line,) = answer.context["regions"]
    assert (line["region__name"], line["drafts"], line["road"], line["approved"]) == ("Gao", 1, 1, 0)
    assert {(count.state, count.count) for count in answer.context["states"]} == {
        (State.DRAFT, 1),
        (State.SUBMITTED, 1),
    }


def test_an_auditor_sees_every_region_and_is_asked_for_nothing():
    submitted(1)
    submitted(1, region=region("ML-8"))
    answer = home(user_with(Role.AUDITOR))

    assert [line["region__name"] for line in answer.context["regions"]] == ["Gao", "Kidal"]
    assert answer.context["region_totals"]["road"] == 2
    assert "À faire" not in answer.content.decode()


@pytest.mark.parametrize(
    "role, says",
    [
        (Role.PARTNER, "Espace des partenaires techniques et financiers"),
        (Role.ADMINISTRATOR, "Administration du portail"),
        (None, "Vous n’avez pas encore de rôle."),
        (Role.PROGRAMME_OFFICER, "Rien ne vous attend."),
        (Role.AUDITOR, "Aucune décision pour l’instant."),
    ],
)
def test_those_who_have_nothing_to_do_are_told_so(role, says):
    submitted(1, title="Un dossier interne") if role in (Role.PARTNER, Role.ADMINISTRATOR) else None
    page = home(user_with(role) if role else user_with()).content.decode()

    assert says in page
    assert "Un dossier interne" not in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PARTNER])
def test_home_costs_the_same_for_ten_projects_and_a_thousand(role):
    user = user_with(role)
    client = signed_in(user)
    envelope_of("100000")
    author = user if role is Role.PROPOSER else None

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return len(queries)

    many_projects(10, author=author)
    few = cost()
    many_projects(990, author=author)
    assert cost() == few
    assert few <= 12


# --- Money -------------------------------------------------------------------------------------------------------------
def money(user) -> dict[str, int]:
    return {queue.name: count.number for queue, count in home(user).context["money"]}


def test_each_role_is_led_to_the_money_that_waits_for_it():
    crew = Crew()
    project = in_state("active", crew=crew)
    first = instalment_of(project)
    outsider = user_with(Role.FINANCE_OFFICER)

    assert money(crew.officer) == {"demander": 1, "justifier": 0}
    instalments.request(instalment=first, user=fresh(crew.officer))
    assert money(crew.officer)["demander"] == 0
    assert money(crew.approver) == {"autoriser": 1}
    assert money(crew.authoriser) == {"autoriser": 1, "payer": 0, "verifier": 0, "rembourser": 0}
    instalments.authorise(instalment=first, user=fresh(crew.authoriser))
    assert money(crew.authoriser)["payer"] == 0, "who authorised does not pay"
    assert money(outsider)["payer"] == 1
    assert "?file=payer" in home(outsider).content.decode()
    for reader in (project.author, user_with(Role.AUDITOR)):
        assert money(reader) == {}


def test_what_was_paid_waits_for_receipts_until_they_cover_it():
    crew = Crew()
    project = in_state("active", crew=crew)
    first = instalment_of(project)
    pay(first, crew)
    assert money(crew.officer)["justifier"] == 1
    page = signed_in(crew.officer).get("/paiements/?file=justifier").content.decode()
    assert project.title in page and "10\u202f000\u00a0USD" in page
    receipt = justify(first, crew, Decimal("6000"))
    assert money(crew.officer)["justifier"] == 1
    Receipt.objects.create(
        instalment=first, line=receipt.line, number="F-2", supplier="Quincaillerie du Fleuve", issued_on=clock.today(),
        amount_usd=Decimal("4000"), currency="USD", document=receipt.document, entered_by=crew.officer,
    )  # fmt: skip
    assert money(crew.officer)["justifier"] == 0, "finance has the rest to verify"
    assert money(user_with(Role.FINANCE_OFFICER))["verifier"] == 1


def test_a_submitted_amendment_waits_for_its_approver_and_for_nobody_else():
    crew = Crew()
    project = in_state("active", crew=crew)
    amendment = submitted_amendment(project, crew.officer)

    def amendments(user) -> list[str]:
        return [deadline.code for deadline in home(user).context["waiting"] if deadline.code == "amendment"]

    assert amendments(crew.approver) == ["amendment"]
    assert "Approuver ou refuser l’avenant" in home(crew.approver).content.decode()
    assert not any(amendments(user) for user in (crew.officer, project.author, crew.payer, user_with(Role.AUDITOR)))
    approve_amendment(project, amendment, crew.approver)
    assert amendments(crew.approver) == []


# Who reads: their roles and where; of three regions, how many of the nine drafts they see, six of which they write, and
# of the fifteen others, three of which they wrote.
HOLDERS = {
    "finance officer": (((Role.FINANCE_OFFICER, None),), 6, 15),
    "officer of a region": (((Role.PROGRAMME_OFFICER, "ML-7"),), 6, 7),
    "manager here, officer there": (((Role.REGIONAL_MANAGER, "ML-7"), (Role.PROGRAMME_OFFICER, "ML-8")), 7, 11),
    "manager here, finance everywhere": (((Role.REGIONAL_MANAGER, "ML-7"), (Role.FINANCE_OFFICER, None)), 7, 15),
    "manager and officer here": (((Role.REGIONAL_MANAGER, "ML-7"), (Role.PROGRAMME_OFFICER, "ML-7")), 7, 7),
    "head of section": (((Role.SECTION_HEAD, None),), 9, 15),
    "focal point": (((Role.PROPOSER, "ML-6"),), 6, 7),
}


@pytest.mark.parametrize(("held", "drafts", "others"), HOLDERS.values(), ids=HOLDERS)
def test_the_states_counted_are_those_of_what_the_reader_sees(held, drafts, others):
    """Drafts where a role reads drafts; what they write themselves wherever it lies; nothing twice."""
    reader = user_with()
    for role, code in held:
        reader.role_assignments.create(group=Group.objects.get(name=role), region=region(code) if code else None)
    for code in ("ML-6", "ML-7", "ML-8"):
        many_projects(4, region=region(code))
        DraftFactory(region=region(code))
        DraftFactory(region=region(code), author=reader)
        DraftFactory(region=region(code)).coauthors.add(reader)
        many_projects(1, region=region(code), author=reader)
    states = home(reader).context["states"]
    seen = Counter(Project.objects.visible_to(reader).values_list("state", flat=True))
    assert {one.state.value: one.count for one in states} == seen
    assert (seen.pop("draft"), sum(seen.values())) == (drafts, others)
