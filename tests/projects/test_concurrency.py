"""Many at once: the envelope holds, references have no gap, one step has one effect."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from django.db import connection

from funds.models import Envelope
from projects.models import Decision, Project
from projects.services import decisions
from projects.services.steps import StepRefused
from projects.services.submission import submit
from projects.states import State
from tests.factories import amendments
from tests.factories.funds import envelope_of
from tests.factories.implementation import Crew, agreed
from tests.factories.projects import cast, complete_draft, fresh, recommended

CLIENTS = 32


def at_once(call, items) -> list[str]:
    """Run `call` on every item from `CLIENTS` threads; each answers « done » or « refused »."""

    def run(item) -> str:
        try:
            call(item)
        except StepRefused:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, items))


def test_32_approvals_at_once_on_an_envelope_for_10_leave_exactly_10(own_database):
    people = cast()
    envelope_of("200000")
    projects = [recommended(people, amount="20000") for _ in range(CLIENTS)]
    answers = at_once(lambda project: decisions.approve(project=project, user=fresh(people.approver)), projects)
    assert (answers.count("done"), answers.count("refused")) == (10, 22)
    assert Project.objects.filter(state=State.APPROVED).count() == Decision.objects.count() == 10
    assert Envelope.objects.get().reserved_usd == Decimal("200000.00")


def test_the_same_approval_sent_32_times_reserves_once(own_database):
    people = cast()
    envelope_of("200000")
    project = recommended(people, amount="20000")
    answers = at_once(lambda _n: decisions.approve(project=project, user=fresh(people.approver)), range(CLIENTS))
    assert answers.count("done") == 1
    assert Envelope.objects.get().reserved_usd == Decimal("20000.00")


def test_32_submissions_at_once_get_32_references_in_a_row(own_database):
    drafts = [complete_draft() for _ in range(CLIENTS)]
    at_once(lambda draft: submit(project=draft, user=fresh(draft.author)), drafts)
    numbers = sorted(int(reference[-4:]) for reference in Project.objects.values_list("reference", flat=True))
    assert numbers == list(range(1, CLIENTS + 1))


def test_two_amendments_approved_at_once_on_an_envelope_for_one_leave_one(own_database):
    people, crew = cast(), Crew()
    envelope = envelope_of("100000")
    projects = [agreed(crew, people, amount="20000") for _ in range(2)]
    waiting = [(project, amendments.submitted(project, crew.officer)) for project in projects]
    Envelope.objects.filter(pk=envelope.pk).update(amount_usd=43000)  # 40,000 are reserved: one rise of 2,000 fits
    answers = at_once(lambda one: amendments.approve(*one, crew.approver), waiting)
    assert sorted(answers) == ["done", "refused"]
    assert Envelope.objects.get().reserved_usd == 42000
    assert sorted(Project.objects.values_list("approved_usd", flat=True)) == [20000, 22000]


def test_the_same_amendment_approved_32_times_at_once_is_merged_once(own_database):
    crew = Crew()
    project = agreed(crew, amount="20000")
    amendment = amendments.submitted(project, crew.officer)
    answers = at_once(lambda _n: amendments.approve(project, amendment, crew.approver), range(CLIENTS))
    assert answers.count("done") == 1
    project.refresh_from_db()
    assert (project.approved_usd, project.amended_usd, project.reserved_usd) == (22000, 2000, 22000)
    assert sum(project.instalments.values_list("amount_usd", flat=True)) == 22000
