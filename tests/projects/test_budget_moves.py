"""Moves between lines of the agreed budget: within the mechanism's share, never below what is justified, by the officer."""

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from projects.models import AgreedLine, BudgetShift, Project, Receipt
from projects.rules.budget_moves import room_of
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew, agreed, approved, carry_to, pay, pdf_of, prepare_agreement
from tests.factories.projects import add_line, complete_draft

BACKEND = "django.contrib.auth.backends.ModelBackend"
cents = st.decimals("0", "50000", places=2)


@given(baseline=cents, share=st.integers(0, 100).map(Decimal), spent=cents)
def test_the_room_of_a_line_never_leads_beyond_its_share(baseline, share, spent):
    room = room_of(baseline=baseline, amount=baseline, spent=spent, share=share)
    limit = (baseline * share / 100).quantize(Decimal("0.01")) + Decimal("0.01")
    assert 0 <= room.out <= limit and 0 <= room.into <= limit
    assert baseline - room.out >= min(spent, baseline)


def test_what_was_moved_already_counts_and_what_is_justified_stays():
    used = room_of(baseline=Decimal(1000), amount=Decimal(940), spent=Decimal(0), share=Decimal(10))
    assert (used.out, used.into) == (40, 160)
    spent = room_of(baseline=Decimal(1000), amount=Decimal(1000), spent=Decimal(970), share=Decimal(10))
    assert spent.out == 30


# --- On the page ----------------------------------------------------------------------------------------------------
def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(project) -> str:
    return reverse("projects:budget_shift", args=[project.pk])


@pytest.fixture
def crew(db) -> Crew:
    return Crew()


@pytest.fixture
def project(crew, monkeypatch) -> Project:
    """Agreed, with a line of 20,000 and one of 4,000 USD."""
    return agreed(crew, **two_lines(monkeypatch))


def two_lines(monkeypatch) -> dict:
    from tests.factories import projects as factory

    def drawn(**fields):
        draft = complete_draft(**fields)
        add_line(draft, "4000", label="Pompe solaire", category="equipment")
        draft.refresh_from_db()
        return draft

    monkeypatch.setattr(factory, "complete_draft", drawn)
    return {"amount": "20000"}


def amounts(project) -> list[Decimal]:
    return list(project.agreed_lines.order_by("pk").values_list("amount_usd", flat=True))


def send(user: User, project, amount: str, *, back: bool = True, action: str = "record", **data):
    works, pump = project.agreed_lines.order_by("pk")
    source, target = (pump, works) if back else (works, pump)
    typed = {"source": source.pk, "target": target.pk, "amount_usd": amount, "reason": "La pompe coûte moins.", **data}
    return browser(user).post(address(project), {"one_time_key": uuid.uuid4(), "action": action, **typed})


def test_a_move_is_shown_before_it_is_recorded(project, crew):
    answer = send(crew.officer, project, "300", action="show")
    html = answer.content.decode()
    assert answer.status_code == 200 and amounts(project) == [20000, 4000]
    for said in (
        "4\u202f000\u00a0USD",
        "3\u202f700\u00a0USD",
        "20\u202f300\u00a0USD",
        "100\u00a0USD",
        "1\u202f700\u00a0USD",
    ):
        assert said in html, "before, after, and the room left on both lines"
    answer = send(crew.officer, project, "300")
    assert answer.url.startswith(reverse("projects:agreement", args=[project.pk]))
    assert amounts(project) == [20300, 3700]
    shift = BudgetShift.objects.get()
    assert (shift.amount_usd, shift.moved_by, shift.reason) == (300, crew.officer, "La pompe coûte moins.")
    html = browser(user_with(Role.AUDITOR)).get(reverse("projects:agreement", args=[project.pk])).content.decode()
    assert "La pompe coûte moins." in html and "20\u202f300\u00a0USD" in html and "20\u202f000\u00a0USD" in html


def test_a_move_that_passes_the_share_of_a_line_points_to_an_amendment(project, crew):
    for action in ("show", "record"):
        answer = send(crew.officer, project, "400,01", action=action)
        html = answer.content.decode()
        assert answer.status_code == 422 and "préparez un avenant" in html and "400,01" in html
        assert reverse("projects:amendments", args=[project.pk]) in html
    send(crew.officer, project, "250")
    assert send(crew.officer, project, "150,01").status_code == 422, "moves count together"
    assert send(crew.officer, project, "150").status_code == 302
    assert amounts(project) == [20400, 3600]


def test_the_line_that_receives_has_its_own_limit(project, crew):
    answer = send(crew.officer, project, "401", back=False)
    assert answer.status_code == 422 and "ne peut recevoir plus de" in answer.content.decode()


def test_a_line_does_not_give_what_is_already_justified(project, crew):
    first = pay(project.instalments.get(position=1), crew).instalment
    pump = project.agreed_lines.last()
    receipt = Receipt.objects.create(
        instalment=first, line=pump, number="F-17", supplier="Solaire du Niger", issued_on=clock.today(),
        amount_usd=Decimal(3950), currency="USD", document=pdf_of(crew.officer, "Facture.pdf"), entered_by=crew.officer,
    )  # fmt: skip
    receipt.state, receipt.judged_by, receipt.judged_at = "accepted", crew.payer, clock.now()
    receipt.save()
    answer = send(crew.officer, project, "51")
    assert answer.status_code == 422 and "ne peut céder plus de 50\u00a0USD" in answer.content.decode()
    assert send(crew.officer, project, "50").status_code == 302


def test_a_move_sent_twice_moves_once(project, crew):
    works, pump = project.agreed_lines.order_by("pk")
    client = browser(crew.officer)
    typed = {"source": pump.pk, "target": works.pk, "amount_usd": "100", "reason": "Motif", "action": "record"}
    key = uuid.uuid4()
    for _time in range(2):
        assert client.post(address(project), {"one_time_key": key, **typed}).status_code == 302
    assert amounts(project) == [20100, 3900] and BudgetShift.objects.count() == 1


def test_who_wrote_the_proposal_or_only_reads_it_moves_nothing(project):
    for user in (project.author, user_with(Role.AUDITOR), user_with(Role.FINANCE_OFFICER)):
        assert send(user, project, "100").status_code == 403
    assert amounts(project) == [20000, 4000]


def test_nothing_moves_before_the_signature_or_after_the_end(crew, monkeypatch):
    project = approved(**two_lines(monkeypatch))
    prepare_agreement(project, crew.officer)
    answer = send(crew.officer, project, "100")
    assert answer.status_code == 409 and "La pompe coûte moins." in answer.content.decode()
    carry_to(State.CANCELLED, project, crew)
    assert browser(crew.officer).get(address(project)).status_code == 409


def test_the_page_costs_the_same_with_two_lines_or_twenty(project, crew):
    costs = []
    for more in (0, 18):
        for rank in range(more):
            AgreedLine.objects.create(
                project=project, category="works", label=f"Ligne {rank}", baseline_usd=Decimal(0), amount_usd=Decimal(0)
            )
        client = browser(crew.officer)
        client.get(address(project))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(project)).status_code == 200
        costs.append(len([query for query in captured if "django_session" not in query["sql"]]))
    assert costs[0] == costs[1] <= 12


# --- In the database ------------------------------------------------------------------------------------------------
def sql_refusal(sql: str, *params) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(refusal.value)


def test_postgresql_refuses_a_move_beyond_the_share_and_one_that_keeps_no_sum(project):
    works, pump = project.agreed_lines.order_by("pk")
    change = "UPDATE projects_agreedline SET amount_usd = amount_usd + %s WHERE id = %s"
    assert "shift_within_share" in sql_refusal(change, "400.01", pump.pk)
    assert "lines_are_the_budget" in sql_refusal(f"{change}; SET CONSTRAINTS ALL IMMEDIATE", "100", works.pk)
    assert "budget_shift_moves_money" in sql_refusal(
        "INSERT INTO projects_budgetshift (project_id, source_id, target_id, amount_usd, reason, moved_by_id, moved_at)"
        " VALUES (%s, %s, %s, 10, 'x', %s, now())",
        project.pk, works.pk, works.pk, project.author_id,
    )  # fmt: skip
