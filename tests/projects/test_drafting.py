"""Writing a step, below the pages: who may, what is compared, and what happens when many write at once."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from funds.models import Mechanism
from projects.models import BudgetLine, Project
from projects.services import annexes, drafting, screening
from projects.services.refusals import as_refusal
from projects.services.steps import StepRefused
from projects.services.submission import submit
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.projects import add_line, complete_draft, fresh

NEED = drafting.Shape(("need",))
LINES = drafting.Shape(tables={"lines": ("category", "label", "unit", "quantity", "currency", "unit_cost")})


def line(label: str, cost: str) -> dict:
    values = {"category": "works", "label": label, "unit": "forfait", "currency": "USD", "rate": None}
    return values | {"quantity": Decimal(1), "unit_cost": Decimal(cost), "community_usd": Decimal(0)}


def save(project, *, user=None, shape=NEED, base=None, values=None, rows=None) -> drafting.Saved:
    base = drafting.fingerprint_of_parts(drafting.load_for_writing(project.pk), shape) if base is None else base
    return drafting.save_step(
        project=project, user=fresh(user or project.author), shape=shape, base=base, values=values or {},
        rows=rows or {},
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.PROGRAMME_OFFICER, Role.SECTION_HEAD, Role.AUDITOR, Role.PROPOSER])
def test_who_does_not_write_a_proposal_saves_nothing_of_it(role):
    project = complete_draft()
    with pytest.raises(PermissionDenied):
        save(project, user=user_with(role), values={"need": "Intrus"})
    assert Project.objects.get().need != "Intrus"


@pytest.mark.django_db
def test_a_submitted_proposal_takes_no_text_no_line_and_no_file():
    project = complete_draft()
    submit(project=project, user=fresh(project.author))
    with pytest.raises(PermissionDenied):
        save(project, values={"need": "Autre"})
    with pytest.raises(PermissionDenied):
        annexes.add_annex(project=project, user=fresh(project.author), upload=None, kind="quote")


@pytest.mark.django_db
def test_what_is_already_stored_is_no_conflict_and_no_write():
    project = complete_draft()
    base = drafting.fingerprint_of_parts(drafting.load_for_writing(project.pk), NEED)
    first = save(project, base=base, values={"need": "Le puits tarit."})
    again = save(project, base=base, values={"need": "Le puits tarit."})
    assert again.project.updated_at == first.project.updated_at
    with pytest.raises(drafting.Conflict):
        save(project, base=base, values={"need": "Le puits déborde."})


@pytest.mark.django_db
def test_line_endings_and_trailing_zeros_are_no_change():
    project = complete_draft(need="Un\nDeux")
    add_line(project, "100.50")
    before = Project.objects.get(pk=project.pk).updated_at
    save(project, values={"need": "Un\r\nDeux "})
    stored = [(row.pk, line(row.label, f"{row.unit_cost}0")) for row in project.lines.all()]
    save(project, shape=LINES, rows={"lines": stored})
    assert Project.objects.get(pk=project.pk).updated_at == before


@pytest.mark.django_db
def test_a_budget_beyond_the_ceiling_is_refused_whole():
    project = complete_draft("20000")
    with pytest.raises(ValidationError, match="50"):
        save(project, shape=LINES, rows={"lines": [(None, line("Pompe", "100")), (None, line("Château", "30000"))]})
    assert [row.label for row in project.lines.all()] == ["Travaux"], "not even the first line is written"


@pytest.mark.django_db
def test_the_ceiling_of_another_mechanism_holds_though_no_constraint_of_the_database_says_it():
    Mechanism.objects.filter(code="TF").update(ceiling_usd=Decimal("30000"))
    project = complete_draft("20000", mechanism_id="TF")
    with pytest.raises(ValidationError, match="plafond"):
        save(project, shape=LINES, rows={"lines": [(None, line("Château", "10000.01"))]})
    assert project.lines.count() == 1
    save(project, shape=LINES, rows={"lines": [(None, line("Château", "10000"))]})
    assert project.lines.count() == 2


@pytest.mark.django_db
def test_what_the_database_refuses_comes_back_as_the_error_that_it_means():
    project = complete_draft("20000")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        BudgetLine.objects.create(project=project, **(line("Château", "30000.01")))
    assert as_refusal(refused.value).code == "qip_budget_ceiling"
    unknown = DatabaseError("disk full")
    with pytest.raises(DatabaseError, match="disk full"):
        as_refusal(unknown)


@pytest.mark.django_db
def test_who_has_judged_a_proposal_cannot_become_its_writer():
    project, officer = complete_draft(), user_with(Role.PROGRAMME_OFFICER, Role.PROPOSER)
    submit(project=project, user=fresh(project.author))
    screening.start_screening(project=project, user=fresh(officer))
    screening.send_back(project=project, user=fresh(officer), reasons={"need": "Précisez le besoin."})
    with pytest.raises(StepRefused, match="déjà intervenue"):
        drafting.add_coauthor(project=project, user=fresh(project.author), person=fresh(officer))
    assert not project.coauthors.exists()


def test_of_many_saves_from_the_same_page_one_is_written_and_none_is_lost_unseen(own_database):
    project = complete_draft()
    author = fresh(project.author)
    base = drafting.fingerprint_of_parts(drafting.load_for_writing(project.pk), NEED)

    def write(number: int) -> str:
        try:
            save(project, user=author, base=base, values={"need": f"Version {number}"})
        except drafting.Conflict:
            return "conflict"
        finally:
            connection.close()
        return f"Version {number}"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(write, range(8)))
    assert answers.count("conflict") == 7
    assert Project.objects.get(pk=project.pk).need in answers


def test_the_same_new_line_sent_by_many_at_once_is_written_once(own_database):
    project = complete_draft("1000")
    author = fresh(project.author)
    base = drafting.fingerprint_of_parts(drafting.load_for_writing(project.pk), LINES)

    def write(_number: int) -> int | None:
        try:
            saved = save(project, user=author, shape=LINES, base=base, rows={"lines": [(None, line("Pompe", "100"))]})
        finally:
            connection.close()
        return saved.keys["lines"][0]

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(write, range(8)))
    assert len(keys) == 1 and project.lines.count() == 2
