"""What a partner did with the section, and its part of the money: computed, shown where somebody decides."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Mechanism
from funds.rules import fiscal_year_of
from projects.concentration import concentration_of, share_with
from projects.exports.memo import memo
from projects.models import Project
from projects.services.warnings import warnings_for
from projects.track_record import track_record
from projects.views import track_record as track_record_page
from projects.views.track_record import lines_of
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.documents.paper import Facts
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory, envelope_of
from tests.factories.implementation import Crew, finding, in_state
from tests.factories.many import many_projects
from tests.factories.projects import DraftFactory, admitted, cast, complete_draft, in_session, recommended
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def year_of(mechanism: Mechanism) -> int:
    return fiscal_year_of(clock.today(), mechanism.fiscal_year_first_month)


@laid_once
def people():
    return cast()


# --- The record -----------------------------------------------------------------------------------------------------
def test_a_partner_without_a_project_has_an_empty_record_and_a_draft_does_not_count():
    partner = PartnerFactory()
    DraftFactory(partner=partner)
    record = track_record(partner.pk)

    assert (record.proposed, record.granted, record.justified_percent) == (0, 0, None)
    assert lines_of(record) == [("Projets", "Aucun projet proposé jusqu’ici")]


def test_projects_money_and_findings_are_counted_from_the_projects_themselves(people):
    crew, partner = Crew(), PartnerFactory()
    closed = in_state("closed", crew, people, partner=partner)
    active = in_state("active", crew, people, partner=partner)
    finding(active, crew.officer, "blocking")
    in_state("active", crew, people)  # another partner's
    record = track_record(partner.pk)

    assert (record.proposed, record.granted, record.running, record.closed) == (2, 2, 1, 1)
    assert record.approved_usd == closed.approved_usd + active.approved_usd
    active.refresh_from_db()
    closed.refresh_from_db()
    assert (record.paid_usd, record.justified_usd) == (
        closed.paid_usd + active.paid_usd,
        closed.justified_usd + active.justified_usd,
    )
    assert (record.findings_open, record.findings_blocking, record.findings_closed) == (1, 1, 0)
    assert record.justified_percent == (record.justified_usd * 100 / (record.paid_usd - record.refunded_usd)).quantize(
        Decimal("0.1")
    )


def test_works_and_reports_past_their_day_are_late_today_and_later_more_so():
    partner = PartnerFactory()
    project = in_state("active", partner=partner)
    project.refresh_from_db()
    before, after = (track_record(partner.pk, project.ends_on + dt.timedelta(days=days)) for days in (0, 1))

    assert (before.works.late_now, after.works.late_now) == (0, 1)
    assert after.works.done == 0 and after.works.mean_days is None


def test_the_mean_counts_what_was_finished_in_time_as_no_day_late(people):
    crew, partner = Crew(), PartnerFactory()
    for _project in range(2):
        in_state("closed", crew, people, partner=partner)
    record = track_record(partner.pk)

    assert record.works.done == 2 and record.works.mean_days is not None
    assert record.works.late == 0 or record.works.mean_days > 0


def test_it_costs_one_question_however_many_projects():
    partner = PartnerFactory()
    for count in (2, 60):
        many_projects(count, partner=partner)
        with CaptureQueriesContext(connection) as queries:
            track_record(partner.pk)
        assert len(queries) == 1


# --- Shown where somebody decides -----------------------------------------------------------------------------------
def test_the_record_is_on_the_partner_s_page_before_the_committee_and_in_the_memo():
    people, partner = cast(), PartnerFactory(late_reports=2)
    session = in_session(people, admitted(people, partner=partner))
    item = session.items.get()
    page = signed_in(people.chair).get(f"/seances/{session.pk}/points/{item.pk}/").content.decode()
    assert "Bilan du partenaire" in page and "2 rapports en retard" in page
    assert "Bilan avec la section" in signed_in(people.officer).get(f"/partenaires/{partner.pk}/").content.decode()

    project = recommended(people, partner=partner)
    shown = Project.objects.for_page().get(pk=project.pk)
    told = dict(row for block in memo(shown).blocks if isinstance(block, Facts) for row in block.rows)
    assert told["Projets"].startswith("proposés : 2")


def test_a_donor_s_page_has_no_record():
    page = (
        signed_in(user_with(Role.SECTION_HEAD)).get(f"/partenaires/{PartnerFactory(kind='donor').pk}/").content.decode()
    )
    assert "Bilan avec la section" not in page


# --- Concentration --------------------------------------------------------------------------------------------------
def granted(people, partner, amount: str) -> Project:
    return in_state("approved", people=people, amount=amount, partner=partner)


def test_shares_are_of_what_the_year_s_envelope_gave_and_sum_to_the_whole(people):
    one, other = PartnerFactory(), PartnerFactory()
    for partner, amount in ((one, "30000"), (one, "20000"), (other, "10000")):
        granted(people, partner, amount)
    mechanism = Mechanism.objects.get(code="QIP")
    shares = concentration_of(mechanism, year_of(mechanism)).partners

    assert [(share.key, share.amount, share.projects) for share in shares] == [
        (one.pk, Decimal("50000.00"), 2),
        (other.pk, Decimal("10000.00"), 1),
    ]
    assert sum(share.amount for share in shares) == shares[0].total
    assert [share.is_over for share in shares] == [True, False]
    assert concentration_of(mechanism, year_of(mechanism) - 1).partners == []
    assert [
        (region.amount, len(region.partners)) for region in concentration_of(mechanism, year_of(mechanism)).regions
    ] == [(Decimal("60000.00"), 2)]


def test_the_threshold_is_data_and_a_first_project_is_never_over(people):
    partner = PartnerFactory()
    granted(people, PartnerFactory(), "40000")
    granted(people, partner, "10000")
    proposal = complete_draft("10000", partner=partner)

    def codes() -> list[str]:
        fresh = Project.objects.select_related("mechanism", "partner", "region").get(pk=proposal.pk)
        return [warning.code for warning in warnings_for(fresh, proposal.author) if warning.code == "concentration"]

    assert share_with(proposal).percent == Decimal("33.3") and codes() == ["concentration"]
    Mechanism.objects.filter(code="QIP").update(partner_share_max=Decimal("40"))
    assert codes() == []
    alone = complete_draft("10000", partner=PartnerFactory())
    assert not share_with(alone).is_over


def test_the_page_shows_bars_warns_and_keeps_a_wrong_choice_from_breaking_it(people):
    partner = PartnerFactory(name="Toujours la même")
    for _rank in range(2):
        granted(people, partner, "20000")
    client = signed_in(user_with(Role.SECTION_HEAD))
    page = client.get("/partenaires/concentration/").content.decode()

    assert "Toujours la même" in page and 'class="share-part share-over" width="100.0"' in page
    assert client.get("/partenaires/concentration/", {"exercice": "1066"}).status_code == 422
    assert "Aucun projet" in client.get("/partenaires/concentration/", {"mecanisme": "PBF"}).content.decode()


def test_the_page_costs_the_same_however_many_partners(people):
    client = signed_in(user_with(Role.SECTION_HEAD))
    envelope_of("4000000")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/partenaires/concentration/").status_code == 200
        return len(queries)

    granted(people, PartnerFactory(), "1000")
    few = cost()
    for _rank in range(3):
        granted(people, PartnerFactory(), "1000")
    assert cost() == few <= 6


def test_the_page_shows_the_largest_shares_and_says_of_how_many(people, monkeypatch):
    monkeypatch.setattr(track_record_page, "MOST_SHOWN", 2)
    monkeypatch.setattr(track_record_page, "MOST_OF_REGION", 1)
    for rank in range(3):
        granted(people, PartnerFactory(name=f"Partenaire {rank}"), str(1000 * (rank + 1)))
    page = signed_in(user_with(Role.SECTION_HEAD)).get("/partenaires/concentration/")
    assert [share.name for share in page.context["shares"]] == ["Partenaire 2", "Partenaire 1"]
    told = page.content.decode()
    assert "Les 2 premières parts, sur 3 partenaires." in told and "Les 1 premières parts, sur 3" in told
    assert page.context["total"] == 6000
