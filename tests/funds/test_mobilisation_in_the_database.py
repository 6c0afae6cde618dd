"""What PostgreSQL holds of prospects, concept notes and reports to donors, rule by rule, whoever writes."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from funds.models import (
    ConceptNote,
    DonorReport,
    Mechanism,
    NoteDonor,
    NoteLine,
    NoteRegion,
    Prospect,
    ProspectContact,
)
from funds.services import contributions
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import DonorFactory, owed, pledged, signed
from tests.factories.implementation import pdf_of
from tests.factories.notes import note
from tests.factories.plans import PriorityFactory, in_force
from tests.factories.projects import region
from tests.factories.prospects import lost, prospect, values
from tests.factories.refusals import refuses, sql

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


@pytest.mark.parametrize("table", ["prospect", "prospectcontact", "conceptnote", "donorreport"])
def test_no_table_of_them_is_emptied_at_once(table):
    refuses(f"append_only: funds_{table} ", lambda: sql(f"TRUNCATE funds_{table} CASCADE"))


# --- Prospects --------------------------------------------------------------------------------------------------------
def test_a_prospect_begins_open_registered_by_somebody(head):
    told = values(responsible=head)
    closed = {"stage": "lost", "likelihood": 0, "lost_reason": "Non", "closed_on": clock.today(), "next_step": "",
              "next_step_on": None}  # fmt: skip
    refuses(
        "prospect_begins_open: a prospect is registered",
        lambda: Prospect.objects.create(**told | closed, registered_by=head),
    )
    refuses("prospect_begins_open: somebody", lambda: Prospect.objects.create(**told))


def test_a_lost_prospect_is_not_won_before_it_is_taken_up_again(head):
    gone = lost(by=head)
    given = pledged("10", donor=gone.donor)
    refuses("Invalid transition", lambda: Prospect.objects.filter(pk=gone.pk).update(
        stage="won", likelihood=100, lost_reason="", contribution=given
    ))  # fmt: skip


def test_an_open_prospect_is_no_contribution_yet(head):
    made = prospect(by=head)
    given = pledged("10", donor=made.donor)
    refuses("prospect_won_with_contribution", lambda: Prospect.objects.filter(pk=made.pk).update(contribution=given))


def test_a_prospect_serves_a_priority_in_force_in_its_region(head):
    (priority,) = in_force("1000")
    made = prospect(by=head, region=region("ML-8"))
    refuses("priority_in_force: prospect", lambda: Prospect.objects.filter(pk=made.pk).update(priority=priority))
    here = prospect(by=head, region=region("ML-7"), priority=priority)
    Prospect.objects.filter(pk=here.pk).update(region=region("ML-8"))
    assert Prospect.objects.get(pk=here.pk).priority is None, "left behind in the region that it was of"


def test_a_contact_says_something_and_was_held(head):
    made = prospect(by=head)
    told = {"prospect": made, "recorded_by": head}
    refuses("prospect_contact_says", lambda: ProspectContact.objects.create(**told, held_on=clock.today(), text=""))
    ahead = clock.today() + dt.timedelta(days=3)
    refuses("contribution_once_happened", lambda: ProspectContact.objects.create(**told, held_on=ahead, text="Vu"))


# --- Concept notes ----------------------------------------------------------------------------------------------------
def write(made: ConceptNote, **columns):
    return lambda: ConceptNote.objects.filter(pk=made.pk).update(**columns)


def test_a_note_begins_as_a_draft_without_a_budget(head):
    told = {"title": "Note", "mechanism": Mechanism.objects.get(pk="TF"), "author": head}
    refuses("concept_note_begins", lambda: ConceptNote.objects.create(**told, status="shared", shared_on=clock.today()))
    made = ConceptNote.objects.create(**told, budget_usd=Decimal(5))
    assert ConceptNote.objects.get(pk=made.pk).budget_usd == 0


def test_a_note_follows_its_steps_each_on_its_day():
    draft, today = note(), clock.today()
    refuses("Invalid transition", write(draft, status="accepted", shared_on=today, answered_on=today))
    refuses("concept_note_dated", write(draft, shared_on=today))
    refuses("concept_note_declined_with_reason", write(note("declined", title="Refusée"), answer=""))
    refuses("Cannot delete", lambda: sql("DELETE FROM funds_conceptnote WHERE id = %s", draft.pk))


def test_a_note_has_a_length_a_meaning_and_a_priority_in_force():
    draft = note()
    refuses("concept_note_length", write(draft, months=0))
    refuses("contribution_mechanism", write(draft, mechanism="QIP"))
    refuses("priority_in_force: note", write(draft, priority=PriorityFactory()))
    (priority,) = in_force("1000", code="ML-5")
    write(draft, priority=priority)()


def test_what_hangs_on_a_note_is_there_once_and_its_lines_are_its_budget():
    draft = note()
    place, donor, line = draft.places.get(), draft.addressees.get(), draft.lines.order_by("number")[0]
    refuses("concept_note_region_once", lambda: NoteRegion.objects.create(note=draft, region=place.region))
    refuses("concept_note_donor_once", lambda: NoteDonor.objects.create(note=draft, donor=donor.donor))
    same = {"category": line.category, "label": "Encore", "amount_usd": 1}
    refuses("concept_note_line_once", lambda: NoteLine.objects.create(note=draft, number=line.number, **same))
    refuses("concept_note_line_positive", lambda: NoteLine.objects.filter(pk=line.pk).update(amount_usd=0))
    NoteLine.objects.filter(pk=line.pk).update(amount_usd=Decimal("7.50"))
    assert ConceptNote.objects.get(pk=draft.pk).budget_usd == Decimal("1508.00")
    line.delete()
    assert ConceptNote.objects.get(pk=draft.pk).budget_usd == Decimal("1500.50")


def test_what_hangs_on_an_answered_note_stays_as_it_was():
    answered, other = note("accepted"), note(title="Autre")
    refuses("concept_note_stays", lambda: NoteRegion.objects.create(note=answered, region=region("ML-8")))
    refuses("concept_note_stays", lambda: NoteLine.objects.filter(note=answered).update(label="Autre"))
    refuses("Cannot update", lambda: NoteDonor.objects.filter(note=answered).update(note=other))


# --- Reports to donors ------------------------------------------------------------------------------------------------
def as_sent(report: DonorReport, by: User, **columns):
    told = {"state": "sent", "sent_on": clock.today(), "sent_by": by, "sent_at": timezone.now(), **columns}
    return lambda: DonorReport.objects.filter(pk=report.pk).update(**told)


def test_a_sent_report_is_whole_after_the_signature_and_not_ahead(head):
    report, paper = owed(signed(), responsible=head), pdf_of(head, "Rapport.pdf")
    refuses("donor_report_sent_whole", as_sent(report, head))
    later = clock.today() + dt.timedelta(days=3)
    refuses("contribution_once_happened", as_sent(report, head, document=paper, sent_on=later))
    swapped = {"covers_since": dt.date(2026, 2, 1), "covers_until": dt.date(2026, 1, 1)}
    refuses("donor_report_covers_in_order", as_sent(report, head, document=paper, **swapped))
    promised = owed(pledged(), responsible=head)
    refuses("donor_report_after_signature", as_sent(promised, head, document=paper))
    as_sent(report, head, document=paper)()


def test_a_report_is_owed_for_money_before_it_is_sent_and_entered_by_somebody(head):
    contribution, gone = signed(), pledged()
    contributions.withdraw_pledge(by=head, contribution=gone, reason="Retirée")
    told = {"kind": "annual", "due_on": clock.today(), "responsible": head}
    refuses("donor_report_begins", lambda: DonorReport.objects.create(
        **told, contribution=contribution, created_by=head, state="waived", waived_by=head, waived_at=timezone.now(),
        waiver_reason="Non",
    ))  # fmt: skip
    refuses("donor_report_of_money", lambda: DonorReport.objects.create(**told, contribution=gone, created_by=head))
    refuses("donor_report_entered_by", lambda: DonorReport.objects.create(**told, contribution=contribution))
    refuses("donor_report_undone: no", lambda: DonorReport.objects.create(
        **told, contribution=contribution, created_by=head, undone_by=head, undone_at=timezone.now(), undo_reason="x",
    ))  # fmt: skip
    report = owed(contribution, responsible=head)
    other = signed(donor=DonorFactory())
    refuses("Cannot update", lambda: DonorReport.objects.filter(pk=report.pk).update(contribution=other))
    refuses("donor_report_said", lambda: _waived_then_due(report, head))


def _waived_then_due(report: DonorReport, by: User) -> None:
    rows = DonorReport.objects.filter(pk=report.pk)
    rows.update(state="waived", waived_by=by, waived_at=timezone.now(), waiver_reason="Non")
    rows.update(state="due", waived_by=None, waived_at=None, waiver_reason="")
