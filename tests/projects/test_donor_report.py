"""The report to a donor: its shares to the cent, what it tells and hides, and the very file that left."""

import io
import uuid
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from funds.models import Contribution
from projects.donor_report.content import Spent, Weights
from projects.donor_report.reading import default_period, read
from projects.exports.donor_report import donor_report
from projects.models import Allocation, ExpectedResult, Lesson, Project, ReportKind, ResultReached
from projects.rules.shares import CENT, divided
from projects.services import decisions
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.documents.typesetting import typeset
from sr_portal.web import clock
from tests.documents.printed import assert_accessible, text_of
from tests.factories import implementation as made
from tests.factories.accounts import user_with
from tests.factories.funds import DonorFactory, envelope_of, owed, received, signed
from tests.factories.projects import Cast, cast, fresh, recommended, region

cents = st.integers(0, 10**12).map(lambda number: number * CENT)
weights = st.lists(cents, min_size=1, max_size=12)


# --- Shares ---------------------------------------------------------------------------------------------------------
@given(cents, weights)
@example(Decimal("0.01"), [Decimal(1)] * 3)
@example(Decimal("100.00"), [Decimal(0), Decimal(0)])
@example(Decimal("9999999999.99"), [Decimal("0.01"), Decimal("9999999999.98")])
def test_the_shares_sum_to_the_cent_and_each_is_within_a_cent_of_its_due(amount, parts):
    found = divided(amount, parts)
    assert sum(found) == amount and min(found) >= 0
    whole = sum(parts)
    if whole:
        assert all(abs(one * whole - amount * part) < CENT * whole for one, part in zip(found, parts, strict=True))
        assert all(one == 0 for one, part in zip(found, parts, strict=True) if part == 0)
        assert divided(whole, parts) == parts, "what was paid in all goes back to what each paid"


@given(st.lists(cents, min_size=1, max_size=8), weights)
def test_over_all_contributions_of_a_project_its_spending_is_whole_in_every_category(spent, amounts):
    ranks = range(len(amounts))
    for sums in (Spent(total, total) for total in spent):
        parts = [Weights(amounts, [Decimal(0)] * len(amounts), rank).share(sums.total_usd) for rank in ranks]
        assert sum(parts) == sums.total_usd


# --- What is read ---------------------------------------------------------------------------------------------------
@pytest.fixture
def head(db, settings, tmp_path) -> User:
    settings.MEDIA_ROOT = tmp_path
    return user_with(Role.SECTION_HEAD)


def reported(people: Cast | None = None, **fields) -> tuple[Contribution, Project]:
    """A completed project of 20,000 USD: 8,000 of the contribution, in crowns, and the rest of another one."""
    mine = signed("80000", donor=DonorFactory(name="Norvège"), region=region(), currency="NOK",
                  pledged_rate=Decimal(10), title="Eau de Gao")  # fmt: skip
    received("60000", title="Contribution d’un autre")
    envelope_of("50000", "TF")
    people, crew = people or cast(), made.Crew()
    project = recommended(people, amount="20000", mechanism_id="TF", **fields)
    project = decisions.approve(project=project, user=fresh(people.approver))
    project = made.carry_to("completed", project, crew)
    instalment = made.instalment_of(project)
    made.pay(instalment, crew)
    made.justify(instalment, crew, Decimal("3333.33"))
    report = made.report(project, crew, ReportKind.FINAL_NARRATIVE, state="draft")
    ResultReached.objects.create(report=report, result=project.results.get(), value=Decimal("0.5"))
    type(report).objects.filter(pk=report.pk).update(state="submitted", submitted_by=project.author,
                                                     submitted_at=clock.now())  # fmt: skip
    type(report).objects.filter(pk=report.pk).update(state="accepted", judged_by=crew.officer, judged_at=clock.now())
    made.finding(project, crew.officer, "major")
    Lesson.objects.create(project=project, theme="works", title="Commander tôt", text="Les pompes tardent.",
                          recorded_by=crew.officer)  # fmt: skip
    mine.refresh_from_db()
    return mine, project


def content_of(contribution: Contribution, user: User):
    found = Contribution.objects.select_related("donor", "mechanism", "region").get(pk=contribution.pk)
    return read(found, default_period(found), user)


def test_the_parts_of_all_donors_are_the_project_to_the_cent(head):
    _mine, project = reported()
    project.refresh_from_db()
    rows = [content_of(one, head) for one in Contribution.objects.filter(allocations__project=project)]
    assert len(rows) == 2
    assert sum(row.paid_usd for row in rows) == project.paid_usd > 0
    assert sum(row.justified_usd for row in rows) == project.justified_usd == Decimal("3333.33")
    assert sum(row.allocated_usd for row in rows) == project.reserved_usd
    paid = dict(Allocation.objects.filter(project=project).with_paid().values_list("contribution_id", "paid_usd"))
    assert {row.contribution.pk: row.paid_usd for row in rows} == paid, "as the pages of the fund say"
    for row in rows:
        assert sum(sums.total_usd for sums in row.categories.values()) == row.justified_usd == row.within_justified_usd


def test_the_paper_tells_money_share_results_people_lessons_and_risks_in_both_languages(head):
    mine, project = reported()
    for language, words in (
        ("fr", ["Cofinancement", "40 %", "Femmes", "Commander tôt", "Fissure dans le mur nord", "Norvège", "NOK"]),
        ("en", ["Norvège", "NOK", "40%"]),
    ):
        with translation.override(language):
            content = content_of(mine, head)
            paper = donor_report(content)
            told = typeset(paper)
        text = text_of(told).replace("\u00a0", " ").replace("\u202f", " ")
        for word in [project.title, project.reference, *words[: None if language == "fr" else 2]]:
            assert word in text, (language, word)
    assert_accessible(told, language="en", title=str(paper.title))
    assert content.financed[0].results[0].percent == 50 and content.people("reached")["women"] == 10
    assert set(content.financed[0].photos) == {"before", "after"}
    assert content.in_currency(content.allocated_usd) == 80000


def test_photos_that_would_endanger_people_are_left_out(head):
    mine, _project = reported(visibility_risk=True)
    assert content_of(mine, head).financed[0].photos == {}


def test_a_contribution_without_project_has_its_paper_too(head):
    text = text_of(typeset(donor_report(content_of(signed("1000", title="Rien encore"), head))))
    assert "Aucun projet ne tient encore" in text


def test_what_lies_beyond_the_readers_scope_is_summed_without_a_name(head):
    mine, project = reported()
    content = content_of(mine, user_with(Role.REGIONAL_MANAGER, region=region("ML-8")))
    assert content.financed == [] and content.allocated_usd == 8000
    text = text_of(typeset(donor_report(content)))
    assert project.title not in text and "hors de votre zone" in text.replace("\u00a0", " ")


def test_the_workbook_has_typed_cells_and_a_notice(head):
    mine, project = reported()
    client = Client()
    client.force_login(head)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"/contributions/{mine.pk}/rapport.xlsx"))))
    rows = {name: list(book[name].values) for name in book.sheetnames}
    assert len(rows) == 7 and rows["Notice"][0][0] == "Feuille"
    heading, row = rows["Projets"][:2]
    told = dict(zip(heading, row, strict=True))
    assert told["Affecté (USD)"] == 8000 and told["Part (%)"] == 40 and told["Début"].date() == project.starts_on
    assert sum(line[4] for line in rows["Dépenses"][1:]) == dict(zip(heading, row, strict=True))["Justifié (USD)"]


def test_it_is_made_sent_and_kept_as_it_left(head):
    mine, _project = reported()
    report, client = owed(mine, responsible=head), Client()
    client.force_login(head)
    today = clock.today().isoformat()
    typed = {"du": today, "au": today, "format": "pdf", "sent_on": today, "one_time_key": str(uuid.uuid4())}
    answer = client.post(f"/rapports-donateurs/{report.pk}/produire/", typed)
    assert answer.status_code == 302, answer.context["form"].errors
    report.refresh_from_db()
    assert (report.state, report.covers_until) == ("sent", clock.today())
    kept = b"".join(client.get(f"/rapports-donateurs/{report.pk}/fichier/"))
    assert kept.startswith(b"%PDF") and len(kept) == report.document.size
    assert default_period(mine).since == clock.today(), "the next one begins where this one ended"
    assert client.get(f"/rapports-donateurs/{report.pk}/produire/").status_code == 200


def test_a_sender_who_does_not_read_every_project_sends_nothing(head):
    mine, _project = reported()
    there = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))
    report, client = owed(mine, responsible=there, created_by=head), Client()
    client.force_login(there)
    today = clock.today().isoformat()
    typed = {"du": today, "au": today, "format": "pdf", "sent_on": today, "one_time_key": str(uuid.uuid4())}
    answer = client.post(f"/rapports-donateurs/{report.pk}/produire/", typed)
    assert answer.status_code == 422 and "hors de votre zone" in answer.content.decode()


def test_wrong_days_are_named_and_a_promise_has_no_report(head):
    mine = signed("1000")
    client = Client()
    client.force_login(head)
    answer = client.get(f"/contributions/{mine.pk}/rapport.pdf", {"du": "2026-05-01", "au": "2026-04-01"})
    assert answer.status_code == 422 and "au" in answer.context["form"].errors
    assert client.get(f"/contributions/{mine.pk}/rapport/").status_code == 200


def test_reading_costs_the_same_for_one_project_and_for_three(head):
    people = cast()
    mine, project = reported(people)
    ExpectedResult.objects.create(project=project, statement="Deuxième")

    def cost(contribution: Contribution) -> int:
        with CaptureQueriesContext(connection) as queries:
            content_of(contribution, head)
        return len(queries)

    assert head.scopes  # read once for a request
    few = cost(mine)
    for _n in range(2):
        more = recommended(people, amount="2000", mechanism_id="TF")
        decisions.approve(project=more, user=fresh(people.approver))
    other = Contribution.objects.exclude(pk=mine.pk).get()
    assert other.allocations.count() == 3 and cost(other) == few <= 18
