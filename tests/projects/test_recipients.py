"""Several recipients of one project: the lead and the others are 100 % together, and each of them is looked at."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from funds.models import Interest, Mechanism
from projects import access
from projects.committee_questions import barred_from
from projects.concentration import concentration_of, of_partners_over_their_share, share_with
from projects.guards.proposal import partner_cleared, partner_not_excluded
from projects.models import AgendaItem, Project, Recipient
from projects.querysets import keys_of_interest_to
from projects.recipients import shares_of
from projects.rules import recipients as rules
from projects.services import decisions
from projects.services.refusals import as_refusal
from projects.services.submission import submit
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.fourth import body_of
from tests.factories.funds import PartnerFactory, came_in, envelope_of, signed
from tests.factories.mechanisms import prf
from tests.factories.projects import admitted, cast, complete_draft, fresh, in_session
from tests.projects import test_fourth_mechanism as road
from tests.projects.proposal_browser import address, browser, open_step

pytestmark = pytest.mark.django_db


def pbf(**fields) -> Project:
    return complete_draft(mechanism_id="PBF", facility=prf(), **fields)


def also(project: Project, share: str = "30", **partner) -> Recipient:
    return Recipient.objects.create(project=project, organisation=PartnerFactory(**partner), share=Decimal(share))


def refused(call) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        call()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    as_refusal(error.value)
    return str(error.value)


# --- The shares ------------------------------------------------------------------------------------------------------
@given(
    budget=st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2),
    others=st.lists(st.decimals(Decimal("0.01"), Decimal("20"), places=2), min_size=1, max_size=4),
)
def test_the_amounts_are_the_budget_to_the_cent(budget, others):
    shares = [rules.lead_share(others), *others]
    assert sum(shares) == 100
    assert sum(rules.amounts_usd(budget, shares)) == budget


def test_the_others_leave_something_to_the_lead_and_are_not_the_lead():
    project = pbf()
    also(project, "60")
    assert "recipients_are_the_whole" in refused(lambda: also(project, "40"))
    assert "recipients_are_others" in refused(
        lambda: Recipient.objects.create(project=project, organisation=project.partner, share=Decimal(5))
    )
    other = also(project, "39.99")
    assert "recipients_are_others" in refused(lambda: Project.objects.update(partner=other.organisation))
    assert [row.percent for row in shares_of(Project.objects.get())] == [Decimal("0.01"), 60, Decimal("39.99")]


def test_only_a_mechanism_that_says_so_has_several():
    assert "answers_of_its_mechanism" in refused(lambda: also(complete_draft()))
    assert "recipient_share" in str(pytest.raises(DatabaseError, lambda: _inside(pbf(), "100")).value)


def _inside(project, share):
    with transaction.atomic():
        also(project, share)


def test_shares_are_fixed_once_submitted():
    project = pbf()
    row = also(project)
    submit(project=project, user=project.author)
    assert "answers_fixed_once_submitted" in refused(lambda: Recipient.objects.update(share=31))
    assert "answers_fixed_once_submitted" in refused(lambda: row.delete())
    assert "answers_fixed_once_submitted" in refused(lambda: also(project, "1"))


# --- Every recipient is looked at ------------------------------------------------------------------------------------
def test_an_excluded_or_unvetted_recipient_holds_the_file():
    project = pbf()
    row = also(project)
    assert not partner_cleared(project) and not partner_not_excluded(project)
    row.organisation.vetted_on = None
    row.organisation.vetting_status = "pending"
    row.organisation.save()
    project = Project.objects.get()
    assert str(row.organisation) in str(partner_cleared(project)[0])
    row.organisation.excluded, row.organisation.exclusion_reason = True, "Fraude"
    row.organisation.save()
    with pytest.raises(ValidationError, match="exclue"):
        submit(project=project, user=project.author)


def test_an_interest_in_any_recipient_excludes():
    people = cast()
    project = admitted(people, mechanism_id="PBF", facility=prf())
    other = PartnerFactory()
    Project.objects.filter(pk=project.pk)
    member = people.members[0]
    Interest.objects.create(user=member, organisation=other, nature="Son frère la dirige")
    assert not access.has_interest(member, project)

    second = pbf(title="Dialogue entre voisins")
    also(second, "10")
    Recipient.objects.update(organisation=other)
    second = Project.objects.get(pk=second.pk)
    assert access.has_interest(member, second)
    assert not access.has_interest(people.members[1], second)
    assert interesting(member) == {second}
    assert not interesting(people.members[1])


def interesting(user) -> set[Project]:
    return set(Project.objects.filter(pk__in=keys_of_interest_to(user)))


@pytest.mark.parametrize("through", ["lead", "recipient"])
@pytest.mark.parametrize("ended", ["never", "before", "after"])
@pytest.mark.parametrize("is_draft", [False, True])
def test_the_database_finds_the_interests_that_the_rule_finds(through, ended, is_draft):
    """One that ended after the submission still counts; of a draft, only one that lasts."""
    project = pbf()
    also(project, "10")
    Project.objects.filter(pk=project.pk).update(submitted_at=None if is_draft else clock.now())
    project = Project.objects.get(pk=project.pk)
    days = {"never": None, "before": -1, "after": 1}[ended]
    end = None if days is None else clock.now() + dt.timedelta(days=days)
    of = project.partner if through == "lead" else project.recipients.get().organisation
    person, other = user_with(Role.APPROVER), user_with(Role.APPROVER)
    Interest.objects.create(user=person, organisation=of, nature="Son frère la dirige", ended_at=end)
    counts = ended == "never" or (ended == "after" and not is_draft)
    assert access.has_interest(person, project) is counts and interesting(person) == ({project} if counts else set())
    assert not access.has_interest(other, project) and not interesting(other)


def test_a_member_with_an_interest_in_another_recipient_is_barred_from_the_item():
    people = cast()
    member = people.members[0]
    draft = pbf()
    row = also(draft)
    Interest.objects.create(user=member, organisation=row.organisation, nature="Son frère la dirige")
    session = in_session(people, admitted_draft(people, draft))
    item = AgendaItem.objects.select_related("project__mechanism").get(session=session)
    assert barred_from([item])[item.pk].get(member.pk) == "has_interest"
    assert people.members[1].pk not in barred_from([item])[item.pk]


def admitted_draft(people, draft: Project) -> Project:
    from projects.checklist import CHECKLIST
    from projects.services import screening as screenings

    project = submit(project=draft, user=draft.author)
    project = screenings.start_screening(project=project, user=people.officer)
    answers = {item.code: ("yes", "") for item in CHECKLIST}
    screenings.answer_checklist(project=project, user=people.officer, answers=answers)
    return screenings.admit(project=project, user=people.officer)


# --- Form and page ---------------------------------------------------------------------------------------------------
def test_recipients_are_typed_in_the_step_of_the_fund_and_read_on_the_page():
    project = pbf()
    others = [PartnerFactory(name=name) for name in ("Agence du fleuve", "Conseil des femmes")]
    client = browser(project.author)
    typed = open_step(client, project, "fund") | {
        "recipients-0-organisation": str(others[0].pk), "recipients-0-share": "30",
        "recipients-1-organisation": str(others[1].pk), "recipients-1-share": "70",
    }  # fmt: skip
    answer = client.post(address(project, "fund"), typed)
    assert answer.status_code == 422 and "il ne reste rien au chef de file" in answer.content.decode()
    assert not project.recipients.exists()

    assert client.post(address(project, "fund"), typed | {"recipients-1-share": "12,5"}).status_code == 302
    assert [(row.organisation, row.share) for row in project.recipients.all()] == [
        (others[0], Decimal(30)), (others[1], Decimal("12.5")),
    ]  # fmt: skip
    page = client.get(reverse("projects:detail", args=[project.pk])).content.decode()
    assert "Agence du fleuve" in page and "chef de file" in page and "57,5" in page

    partner = open_step(client, project, "partner") | {"partner": str(others[0].pk)}
    answer = client.post(address(project, "partner"), partner)
    assert answer.status_code == 422 and "chef de file" in answer.content.decode()


def test_the_form_of_a_qip_has_no_recipients():
    project = complete_draft()
    assert browser(project.author).get(address(project, "fund")).status_code == 404


def test_the_step_costs_the_same_with_many_recipients(django_assert_max_num_queries):
    project = pbf()
    client = browser(project.author)
    for _rank in range(8):
        also(project, "5")
    with django_assert_max_num_queries(12):
        client.get(address(project, "fund"))


# --- What each receives counts as its own ------------------------------------------------------------------------------
def approved(people, lead, other, amount: str, share: str) -> Project:
    project = pbf(amount=amount, partner=lead)
    Recipient.objects.create(project=project, organisation=other, share=Decimal(share))
    project = submit(project=project, user=project.author)
    project = road.recommended(people, road.admitted(people, project))
    return decisions.approve(project=project, user=fresh(people.approver))


def test_the_concentration_counts_each_organisation_by_its_share():
    people, one, other = cast(), PartnerFactory(name="Une"), PartnerFactory(name="Autre")
    body_of("PBF", people)
    came_in(signed("90000", "PBF"), "90000")
    year = envelope_of("90000", "PBF").fiscal_year
    approved(people, one, other, "40000", "25")
    approved(people, other, one, "20000.01", "50")

    pbf_fund = Mechanism.objects.get(pk="PBF")
    shares = concentration_of(pbf_fund, year).partners
    assert [(share.name, share.amount, share.projects) for share in shares] == [
        ("Une", Decimal("40000.01"), 2),  # 30,000 and the half of 20,000.01
        ("Autre", Decimal("20000.00"), 2),
    ]
    assert {share.total for share in shares} == {Decimal("60000.01")}
    for limit in ("20", "50", "66", "70"):  # of whole projects, each leads one: nobody would be said to be over
        Mechanism.objects.filter(pk="PBF").update(partner_share_max=limit)
        over = concentration_of(Mechanism.objects.get(pk="PBF"), year).partners
        flagged = set(of_partners_over_their_share(Project.objects.all()).values_list("partner__name", flat=True))
        assert flagged == {share.name for share in over if share.is_over}
    assert flagged == set()
    (region,) = concentration_of(pbf_fund, year).regions
    assert region.amount == Decimal("60000.01") and [share.name for share in region.partners] == ["Une", "Autre"]

    draft = pbf(amount="40000", partner=one)
    Recipient.objects.create(project=draft, organisation=PartnerFactory(), share=Decimal(10))
    seen = share_with(Project.objects.get(pk=draft.pk))
    assert (seen.amount, seen.total, seen.projects) == (Decimal("76000.01"), Decimal("100000.01"), 3)
