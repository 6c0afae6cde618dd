"""The authority's decision by its page: how much, on which conditions, and what the envelope can bear."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from funds.models import Envelope
from projects.models import Decision, Project
from projects.services import decisions
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of
from tests.factories.projects import admitted, cast, in_session, judged, recommended

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(project, name: str = "approve") -> str:
    return reverse("projects:transition", args=[project.pk, name])


def decide(user: User, project, name: str = "approve", **data):
    return browser(user).post(address(project, name), {"one_time_key": uuid.uuid4(), **data})


def test_the_recommendation_and_the_envelope_stand_beside_the_form():
    people = cast()
    envelope_of("100000")
    project = admitted(people, amount="20000")
    judged(people, in_session(people, project), conditions="Clôture du site avant les travaux")
    html = browser(people.approver).get(address(project)).content.decode()
    for said in (
        "Recommandé sous conditions", "4 voix pour, 0 contre", "4,00 sur 5", "100\u202f000\u00a0USD",
        "80\u202f000\u00a0USD", "20\u202f000\u00a0USD",
    ):  # fmt: skip
        assert said in html
    assert html.count("Clôture du site avant les travaux") == 2, "beside, and taken up as the decision's own"
    assert 'value="20000"' in html.replace("\u202f", "").replace("\u00a0", "")


def test_the_whole_amount_is_approved_and_reserved():
    people = cast()
    envelope = envelope_of("100000")
    project = recommended(people, amount="20000")
    answer = decide(people.approver, project, amount_usd="20\u202f000", conditions="")
    assert answer.url == reverse("projects:detail", args=[project.pk])
    project.refresh_from_db()
    envelope.refresh_from_db()
    assert (project.state, project.approved_usd, project.reserved_usd) == (State.APPROVED, 20000, 20000)
    assert (project.envelope, envelope.reserved_usd) == (envelope, 20000)
    assert browser(people.approver).get(answer.url).status_code == 200


def test_a_reduced_amount_with_conditions_is_approved_as_written():
    people = cast()
    envelope_of("100000")
    project = recommended(people, amount="20000")
    decide(people.approver, project, amount_usd="18 000,50", conditions="Clôture du site")
    decision = Decision.objects.get(project=project)
    assert (decision.amount_usd, decision.conditions) == (Decimal("18000.50"), "Clôture du site")
    assert Envelope.objects.get().reserved_usd == Decimal("18000.50")
    html = browser(user_with(Role.AUDITOR)).get(reverse("projects:detail", args=[project.pk])).content.decode()
    assert "18\u202f000,50\u00a0USD" in html and "Clôture du site" in html


@pytest.mark.parametrize(
    "amount, said",
    [
        ("20000.01", "ne peut dépasser le montant recommandé"),
        ("0", "doit être positif"),
        ("-5", "doit être positif"),
        ("beaucoup", "nombre"),
        ("", "obligatoire"),
        ("1.234", ""),
    ],
)
def test_an_amount_that_cannot_be_is_refused_on_its_field(amount, said):
    people = cast()
    envelope_of("100000")
    project = recommended(people, amount="20000")
    answer = decide(people.approver, project, amount_usd=amount, conditions="Clôture du site")
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html and 'id="id_amount_usd_error"' in html
    assert "Clôture du site" in html, "what was typed is kept"
    assert not Decision.objects.exists() and Envelope.objects.get().reserved_usd == 0


def test_what_the_envelope_cannot_cover_is_refused_and_less_is_accepted():
    people = cast()
    envelope_of("15000")
    project = recommended(people, amount="20000")
    html = browser(people.approver).get(address(project)).content.decode()
    assert "ne couvre pas la totalité" in html
    answer = decide(people.approver, project, amount_usd="20000", conditions="")
    html = answer.content.decode()
    assert answer.status_code == 422 and "L’enveloppe ne couvre pas ce montant" in html
    assert 'id="id_amount_usd_error"' in html
    assert decide(people.approver, project, amount_usd="15000", conditions="").status_code == 302
    assert Envelope.objects.get().available_usd == 0


def test_an_exhausted_or_absent_envelope_closes_the_button_with_its_reason():
    people = cast()
    project = recommended(people, amount="20000")
    html = browser(people.approver).get(address(project)).content.decode()
    assert "Aucune enveloppe n’est ouverte" in html
    answer = decide(people.approver, project, amount_usd="20000", conditions="")
    assert answer.status_code == 422 and "Aucune enveloppe n’est ouverte" in answer.content.decode()
    envelope_of("0")
    html = browser(people.approver).get(address(project)).content.decode()
    assert "épuisée" in html
    project.refresh_from_db()
    assert project.state == State.RECOMMENDED


def test_money_taken_by_another_approval_meanwhile_is_not_spent_twice():
    people = cast()
    envelope_of("30000")
    first, second = recommended(people, amount="20000"), recommended_again(people)
    decisions.approve(project=first, user=people.approver)
    answer = decide(people.approver, second, amount_usd="20000", conditions="")
    assert answer.status_code == 422
    assert Envelope.objects.get().reserved_usd == 20000


def recommended_again(people) -> Project:
    project = admitted(people, amount="20000", locality="Bourem")
    judged(people, in_session(people, project))
    project.refresh_from_db()
    return project


def test_a_head_of_office_does_not_decide_above_the_delegated_amount():
    people = cast()
    envelope_of("100000")
    project = recommended(people, amount="40000")
    limit = project.mechanism.delegated_usd
    assert project.budget_usd > limit
    local = user_with(Role.APPROVER, region=project.region)
    answer = decide(local, project, amount_usd="1000", conditions="")
    assert answer.status_code == 403 and not Decision.objects.exists()


def test_what_was_not_recommended_may_only_be_refused():
    people = cast()
    envelope_of("100000")
    project = admitted(people)
    judged(people, in_session(people, project), score=1, vote="against")
    project.refresh_from_db()
    assert project.state == State.NOT_RECOMMENDED
    html = browser(people.approver).get(reverse("projects:detail", args=[project.pk])).content.decode()
    assert address(project, "refuse") in html and address(project, "approve") not in html
    assert decide(people.approver, project, amount_usd="1", conditions="").status_code == 409
    answer = decide(people.approver, project, "refuse", note="Hors du mandat.")
    assert answer.status_code == 302
    assert Decision.objects.get().reasons == "Hors du mandat." and Envelope.objects.get().reserved_usd == 0


@pytest.mark.parametrize("name", ["approve", "refuse"])
def test_the_decision_s_page_stays_within_its_queries(name, django_assert_max_num_queries):
    people = cast()
    envelope_of("100000")
    project = recommended(people)
    client = browser(people.approver)
    with django_assert_max_num_queries(24):
        client.get(address(project, name))
