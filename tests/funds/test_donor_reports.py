"""Reports owed to donors: planned, reminded, sent with their file or waived; what the database refuses of them."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import DonorReport
from funds.notices.donor_reports import remind
from funds.services import donor_reports as services
from funds.services.donor_reports import Sending
from funds.services.versions import Changed, version_of
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.documents.models import Document
from sr_portal.notices.kinds import Kind
from sr_portal.notices.models import Mail
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.bank import proof
from tests.factories.funds import owed, pledged, signed

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
UNDONE = (
    "UPDATE funds_donorreport SET state = 'due', sent_on = NULL, sent_by_id = NULL, sent_at = NULL, document_id = NULL,"
    " undone_at = {}, undone_by_id = created_by_id{}"
)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


def values(responsible: User, **changes) -> dict:
    return {
        "kind": "final", "content": "both", "period_start": None, "period_end": dt.date(2026, 12, 31), "due_days": 90,
        "due_on": None, "responsible": responsible, "note": "", **changes,
    }  # fmt: skip


def typed(report: dict) -> dict:
    shown = {name: "" if value is None else value for name, value in report.items()}
    return {**shown, "responsible": report["responsible"].pk, "one_time_key": str(uuid.uuid4())}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(report: DonorReport, by: User, on: dt.date | None = None) -> DonorReport:
    return services.send(by=by, report=report, sending=Sending(proof("Rapport.pdf"), on or clock.today()))


# --- What is owed ---------------------------------------------------------------------------------------------------
def test_the_day_follows_the_end_of_the_period_as_the_agreement_says(head):
    made = services.plan(by=head, contribution=signed(), values=values(head))
    assert made.due_on == dt.date(2027, 3, 31)

    later = values(head, period_end=dt.date(2027, 6, 30))
    changed = services.change(by=head, report=made, values=later, seen=version_of(made))
    assert changed.due_on == dt.date(2027, 9, 28)
    with pytest.raises(Changed):
        services.change(by=head, report=made, values=later, seen=version_of(made))


def test_a_report_has_a_day_or_a_rule_and_somebody_who_may_send_it(head):
    for wrong, field in (({"due_days": None}, "due_on"), ({"period_end": None}, "due_on"),
                         ({"responsible": user_with(Role.PROPOSER)}, "responsible")):  # fmt: skip
        with pytest.raises(ValidationError) as refusal:
            services.plan(by=head, contribution=signed(), values=values(head) | wrong)
        assert field in refusal.value.error_dict
    with pytest.raises(PermissionDenied):
        services.plan(by=user_with(Role.FINANCE_OFFICER), contribution=signed(), values=values(head))


def test_it_is_planned_by_the_form_which_names_what_lacks_and_keeps_what_was_typed(head):
    client, contribution = signed_in(head), signed()
    address = f"/contributions/{contribution.pk}/rapports/nouveau/"
    answer = client.post(address, typed(values(head, period_end=None, note="Annexe 3")))
    assert answer.status_code == 422 and "period_end" in answer.context["form"].errors
    assert "Annexe 3" in answer.content.decode()

    assert client.post(address, typed(values(head, period_end="2026-12-31"))).status_code == 302
    page = client.get(f"/contributions/{contribution.pk}/").content.decode()
    assert "31 mars 2027" in page and "À transmettre" in page
    assert "Rapport" in client.get(f"/contributions/{contribution.pk}/historique/").content.decode()


def test_an_untouched_form_saves_what_it_shows(head):
    made = services.plan(by=head, contribution=signed(), values=values(head))
    address = f"/rapports-donateurs/{made.pk}/modifier/"
    form = signed_in(head).get(address).context["form"]
    data = {bound.name: bound.value() or "" for bound in form} | {"one_time_key": str(uuid.uuid4())}
    data |= {name: data[name].isoformat() for name in data if isinstance(data[name], dt.date)}
    assert signed_in(head).post(address, data).status_code == 302
    made.refresh_from_db()
    assert (made.due_on, made.due_days) == (dt.date(2027, 3, 31), 90)


# --- What was sent --------------------------------------------------------------------------------------------------
def test_what_was_sent_keeps_its_file_and_never_changes(head):
    report = sent(owed(signed(), responsible=head), head)
    assert (report.state, report.sent_by, report.document.original_name) == ("sent", head, "Rapport.pdf")
    for act in (lambda: sent(report, head), lambda: services.waive(by=head, report=report, reason="Plus demandé")):
        with pytest.raises(ValidationError):
            act()


def test_it_is_sent_by_who_answers_for_it_or_by_the_head_after_the_signature(head):
    finance = user_with(Role.FINANCE_OFFICER)
    with pytest.raises(PermissionDenied):
        sent(owed(signed(), responsible=head), finance)
    assert sent(owed(signed(), responsible=finance), finance).state == "sent"
    with pytest.raises(ValidationError, match="avant la signature"):
        sent(owed(pledged(), responsible=head), head)
    with pytest.raises(ValidationError, match="avenir"):
        sent(owed(signed(), responsible=head), head, clock.today() + DAY)


def test_the_sending_is_recorded_by_its_form_and_the_file_served(head):
    report, client = owed(signed(), responsible=head), signed_in(head)
    today = clock.today().isoformat()
    data = {"file": proof("Rapport annuel.pdf"), "sent_on": today, "covers_since": "2026-01-01",
            "covers_until": today, "one_time_key": str(uuid.uuid4())}  # fmt: skip
    assert client.post(f"/rapports-donateurs/{report.pk}/envoi/", data).status_code == 302
    assert "Rapport annuel.pdf" in client.get(f"/rapports-donateurs/{report.pk}/").content.decode()
    assert client.get(f"/rapports-donateurs/{report.pk}/fichier/").status_code == 200


def test_a_sending_recorded_by_mistake_is_undone_with_a_reason_and_the_report_due_again(head):
    finance = user_with(Role.FINANCE_OFFICER)
    report = sent(owed(signed(), responsible=finance), finance)
    client, address = signed_in(head), f"/rapports-donateurs/{report.pk}/envoi/annulation/"
    answer = client.post(address, {"reason": " ", "one_time_key": str(uuid.uuid4())})
    assert answer.status_code == 422 and "reason" in answer.context["form"].errors
    answer = client.post(address, {"reason": "Mauvais fichier", "one_time_key": str(uuid.uuid4())}, follow=True)
    page = answer.content.decode()
    assert "Mauvais fichier" in page and "À transmettre" in page

    before, report = report, DonorReport.objects.get(pk=report.pk)
    assert (report.state, report.sent_on, report.document, report.undone_by) == ("due", None, None, head)
    document = Document.objects.get(pk=before.document_id)
    assert (document.withdrawn_by, document.withdrawal_reason) == (head, "Mauvais fichier")
    assert client.get(f"/rapports-donateurs/{report.pk}/fichier/").status_code == 404
    told = Mail.objects.filter(recipient=finance, kind=Kind.TURN).get()
    assert "Mauvais fichier" in told.text
    history = DonorReport.pgh_event_model.objects.filter(pgh_obj=report.pk).order_by("pgh_id")
    assert list(history.values_list("state", flat=True)) == ["due", "sent", "due"]

    again = sent(report, finance)
    assert (again.state, again.undo_reason) == ("sent", "Mauvais fichier")
    assert services.undo_sending(by=head, report=again, reason="Encore").undo_reason == "Encore"


def test_only_the_head_undoes_a_sending_and_only_where_there_is_one(head):
    finance = user_with(Role.FINANCE_OFFICER)
    report = sent(owed(signed(), responsible=finance), finance)
    with pytest.raises(PermissionDenied):
        services.undo_sending(by=finance, report=report, reason="Erreur")
    due = owed(signed(), responsible=head)
    with pytest.raises(ValidationError, match="Aucun envoi"):
        services.undo_sending(by=head, report=due, reason="Erreur")
    waived = services.waive(by=head, report=due, reason="Plus demandé")
    with pytest.raises(ValidationError, match="Aucun envoi"):
        services.undo_sending(by=head, report=waived, reason="Erreur")


def test_each_refusal_names_its_field_and_nobody_else_plans_changes_or_waives(head):
    finance = user_with(Role.FINANCE_OFFICER)
    report = owed(signed(), responsible=finance)
    for act in (
        lambda: services.change(by=finance, report=report, values=values(finance), seen=version_of(report)),
        lambda: services.waive(by=finance, report=report, reason="Plus demandé"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    left = sent(owed(signed(), responsible=head), head)
    for act in (
        lambda: services.waive(by=head, report=report, reason=" "),
        lambda: services.undo_sending(by=head, report=left, reason=" "),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert set(refusal.value.message_dict) == {"reason"}
    with pytest.raises(ValidationError, match="déjà transmis"):
        sent(left, head)


def test_a_donor_may_waive_a_report_with_a_reason(head):
    report = owed(signed(), responsible=head)
    with pytest.raises(ValidationError):
        services.waive(by=head, report=report, reason=" ")
    waived = services.waive(by=head, report=report, reason="Couvert par le rapport final")
    assert (waived.state, waived.days_late) == ("waived", 0)


# --- The database ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE funds_donorreport SET due_days = 5, period_end = '2026-01-01'", "donor_report_due_by_its_rule"),
        ("UPDATE funds_donorreport SET period_start = '2027-01-01', period_end = '2026-01-01'", "period_in_order"),
        ("UPDATE funds_donorreport SET state = 'sent'", "donor_report_(sent_whole|after_signature)|null"),
        ("UPDATE funds_donorreport SET state = 'waived'", "donor_report_waived_with_reason"),
        ("UPDATE funds_donorreport SET kind = 'weekly'", "donor_report_words_known"),
        ("UPDATE funds_donorreport SET contribution_id = contribution_id + 1", "Cannot update"),
        ("UPDATE funds_donorreport SET undone_at = now(), undo_reason = 'x'", "donor_report_undone: "),
        ("DELETE FROM funds_donorreport", "Cannot delete"),
    ],
)
def test_raw_sql_is_refused(statement, name):
    owed(signed())
    refuses(statement, name)


def refuses(statement: str, name: str) -> None:
    with pytest.raises(DatabaseError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_raw_sql_changes_nothing_that_was_sent(head):
    sent(owed(signed(), responsible=head), head)
    for statement, name in (
        ("UPDATE funds_donorreport SET note = 'x'", "donor_report_said"),
        ("UPDATE funds_donorreport SET due_on = due_on + 30", "donor_report_said"),
        ("UPDATE funds_donorreport SET state = 'due'", "donor_report_said"),
        (UNDONE.format("NULL", ""), "donor_report_said"),
        (UNDONE.format("clock_timestamp()", ", undo_reason = 'x', due_on = due_on + 30"), "donor_report_said"),
        (UNDONE.format("clock_timestamp()", ""), "donor_report_undone_with_reason"),
    ):
        refuses(statement, name)


def test_the_same_report_is_owed_once(head):
    first = owed(signed(), responsible=head)
    with pytest.raises(DatabaseError, match="donor_report_once"), transaction.atomic():
        owed(first.contribution, responsible=head)
    services.waive(by=head, report=first, reason="Remplacé")
    owed(first.contribution, responsible=head)


# --- Reminders and lists --------------------------------------------------------------------------------------------
def test_who_answers_is_told_once_a_stage_and_the_head_when_it_stays_late(head):
    finance = user_with(Role.FINANCE_OFFICER)
    report = services.plan(
        by=head, contribution=signed(), values=values(finance, due_days=None, due_on=clock.today() + 60 * DAY)
    )
    assert [mail.kind for mail in Mail.objects.filter(recipient=finance)] == [Kind.TURN]
    assert remind(clock.today()) == 0, "two months before, nothing"
    for before in (30, 7, 0):
        assert (remind(report.due_on - before * DAY), remind(report.due_on - before * DAY)) == (1, 0)
    assert (remind(report.due_on + DAY), remind(report.due_on + 2 * DAY)) == (1, 0)
    assert remind(report.due_on + 4 * DAY) == User.objects.holding(Role.SECTION_HEAD.value).count()
    assert Mail.objects.filter(recipient=head).get().kind == Kind.ESCALATION

    sent(report, head)
    assert remind(report.due_on + 30 * DAY) == 0, "sent, nothing more is asked"


def test_the_list_shows_what_is_late_by_donor_fund_and_person(head):
    late = owed(signed(), responsible=head, due_on=clock.today() - 12 * DAY)
    other = owed(signed(), responsible=user_with(Role.PROGRAMME_OFFICER))
    client = signed_in(head)

    def found(**query) -> list[int]:
        return [row.pk for row in client.get("/rapports-donateurs/", query).context["page"]]

    assert "12\u00a0jours de retard" in client.get("/rapports-donateurs/").content.decode().replace(
        " jours", "\u00a0jours"
    )
    assert found() == [late.pk, other.pk]
    assert found(etat="en-retard") == found(moi="on") == found(donateur=late.contribution.donor_id) == [late.pk]
    assert found(mecanisme="PBF") == found(etat="transmis") == []


def test_the_home_page_of_the_head_says_what_is_near(head):
    report = owed(signed(), responsible=user_with(Role.FINANCE_OFFICER), due_on=clock.today() + 3 * DAY)
    far = owed(signed(), responsible=head, due_on=clock.today() + 90 * DAY)
    shown = signed_in(head).get("/").context["donor_reports"]
    assert [row.pk for row in shown] == [report.pk] and far not in shown
    assert signed_in(user_with(Role.PROGRAMME_OFFICER)).get("/").context["donor_reports"] == []


def test_the_list_and_the_page_cost_few_queries(head):
    client, first = signed_in(head), owed(signed(), responsible=head)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = cost("/rapports-donateurs/")
    for rank in range(60):
        owed(first.contribution, responsible=head, due_on=clock.today() + (40 + rank) * DAY)
    assert cost("/rapports-donateurs/") == few <= 8
    assert cost(f"/rapports-donateurs/{first.pk}/") <= 6
