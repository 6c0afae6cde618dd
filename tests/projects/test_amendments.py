"""Amendments by their pages: written by the officer, decided by the authority, merged whole or not at all."""

import datetime as dt
import re
import uuid
from decimal import Decimal
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from funds.models import Envelope, Interest
from funds.rules import add_months
from projects.models import Amendment, Instalment, Project
from projects.services import amendment_content as contents
from projects.services import amendments as services
from projects.services import budget_moves
from projects.states import State
from projects.views.amendment_page import shown
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories import amendments as factory
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.implementation import Crew, agreed, authorise, carry_to, complete, justify, pay, start
from tests.factories.projects import add_line, complete_draft, fresh, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(project, name: str = "amendments", *args) -> str:
    return reverse(f"projects:{name}", args=[project.pk, *args])


def read(user: User, project, name: str = "amendments", *args) -> str:
    answer = browser(user).get(address(project, name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def send(user: User, project, data: dict, number: int | None = None, version: int | str = ""):
    name, args = ("amendment_edit", (number,)) if number else ("amendment_create", ())
    sent = {"one_time_key": uuid.uuid4(), "version": version, **data}
    return browser(user).post(address(project, name, *args), sent)


def take(user: User, project, amendment: Amendment, name: str, **data):
    return browser(user).post(
        address(project, "amendment_step", amendment.number, name), {"one_time_key": uuid.uuid4(), **data}
    )


@laid_once
def crew() -> Crew:
    return Crew()


@laid_once
def project(crew) -> Project:
    """Agreed for 24,000 USD and 4 months, with two lines and three dated instalments."""
    from tests.factories import projects

    def drawn(**fields):
        draft = complete_draft(**fields)
        add_line(draft, "4000", label="Pompe solaire", category="equipment")
        draft.refresh_from_db()
        return draft

    with mock.patch.object(projects, "complete_draft", drawn):
        return dated(agreed(crew, amount="20000"))


def dated(project: Project) -> Project:
    for instalment in project.instalments.all():
        instalment.planned_on = project.starts_on + dt.timedelta(days=40 * (instalment.position - 1))
        instalment.save(update_fields=["planned_on"])
    return project


def fresh_of(project) -> Project:
    return Project.objects.get(pk=project.pk)


def plan_of(project) -> list[Decimal]:
    return list(project.instalments.order_by("position").values_list("amount_usd", flat=True))


def lines_of(project) -> list[tuple[Decimal, Decimal]]:
    return list(project.agreed_lines.order_by("pk").values_list("amount_usd", "baseline_usd"))


def test_a_length_is_told_in_months_of_each_language(project):
    change = {"field": "duration_months", "before": 1, "after": 6}
    with translation.override("en"):
        [field] = shown(project, [change], {})
    [row] = field.rows
    assert row.before.startswith("1 month,") and row.after.startswith("6 months,")


# --- The whole way --------------------------------------------------------------------------------------------------
def test_an_amendment_goes_from_its_draft_to_the_project_by_its_pages(project, crew):
    envelope = Envelope.objects.get()
    before = envelope.reserved_usd
    after = factory.raised(project, "2000") | {"duration_months": 6, "objective": "De l’eau pour deux villages."}
    assert "Aucun avenant." in read(crew.officer, project)
    answer = send(crew.officer, project, factory.typed(project, after))
    amendment = Amendment.objects.get()
    assert answer.url == address(project, "amendment", 1)
    assert fresh_of(project).approved_usd == 24000, "nothing enters the project before the approval"
    assert "avenant.pdf" not in read(crew.officer, project, "amendment", 1), "a draft is not printed"
    assert take(crew.officer, project, amendment, "submit").status_code == 302
    html = read(crew.approver, project, "amendment", 1)
    assert "avenant.pdf" in html
    for said in (
        "24\u202f000\u00a0USD",
        "26\u202f000\u00a0USD",
        "De l’eau pour deux villages.",
        "6 mois",
        "Approuver l’avenant",
    ):
        assert said in html
    assert take(crew.approver, project, amendment, "approve", note="Vu.").status_code == 302
    changed = fresh_of(project)
    amendment.refresh_from_db()
    envelope.refresh_from_db()
    assert (changed.approved_usd, changed.amended_usd, changed.reserved_usd, changed.obligated_usd) == (
        26000, 2000, 26000, 26000,
    )  # fmt: skip
    assert envelope.reserved_usd == before + 2000
    assert (changed.duration_months, changed.ends_on) == (6, add_months(changed.starts_on, 6))
    assert changed.objective == "De l’eau pour deux villages."
    assert lines_of(project) == [(22000, 22000), (4000, 4000)]
    assert plan_of(project) == [12000, 9600, 4400]
    assert (amendment.state, amendment.decided_by, amendment.decision_note) == ("approved", crew.approver, "Vu.")


def test_the_signed_agreement_stays_readable_after_an_amendment(project, crew):
    factory.amended(project, crew.officer, crew.approver, factory.raised(project, "2000") | {"duration_months": 6})
    html = read(user_with(Role.AUDITOR), project, "agreement")
    assert "tel qu’il a été signé" in html and "avenant n° 1" in html.replace("\u00a0", " ")
    facts = html[html.index('id="facts-heading"') :]
    assert "24\u202f000\u00a0USD" in facts and "(4 mois)" in facts and "26\u202f000" not in facts.split("</dl>")[0]
    plan = html[html.index('id="tranches"') : html.index('id="exemplaires"')]
    assert "2\u202f400\u00a0USD" in plan and "4\u202f400\u00a0USD" in plan, "as signed, and today"
    lines = html[html.index('id="budget"') : html.index('id="tranches"')]
    assert "20\u202f000\u00a0USD" in lines and "22\u202f000\u00a0USD" in lines, "as signed, and today"


def test_the_original_plan_is_told_after_several_amendments(project, crew):
    factory.amended(project, crew.officer, crew.approver, factory.raised(project, "1000"))
    start(project, crew)
    pay(project.instalments.get(position=1), crew)
    factory.amended(project, crew.officer, crew.approver, factory.raised(project, "500"))
    assert plan_of(project) == [12000, 9600, 3900]
    signed = contents.original_plan(fresh_of(project))
    assert [row["amount"] for row in signed] == [12000, 9600, 2400]
    assert list(contents.original_lines(fresh_of(project)).values()) == [20000, 4000]


def test_a_line_added_by_an_amendment_is_not_of_the_original(project, crew):
    after = factory.raised(project, "0")
    after["lines"][0]["amount"] = "19000.00"
    after["lines"].append({"key": None, "category": "training", "label": "Formation", "amount": "1000.00"})
    answer = send(crew.officer, project, factory.typed(project, after))
    assert answer.status_code == 302
    amendment = services.submit(project=project, user=fresh(crew.officer), amendment=Amendment.objects.get())
    factory.approve(project, amendment, crew.approver)
    assert lines_of(project) == [(19000, 19000), (4000, 4000), (1000, 1000)]
    assert list(contents.original_lines(fresh_of(project)).values()) == [20000, 4000]


def test_activities_and_dates_change_too(project, crew):
    when = (project.starts_on + dt.timedelta(days=30)).isoformat()
    data = factory.typed(project, title_2="Former le comité", first_week_2="7", weeks_2="2", planned_on_2=when)
    assert send(crew.officer, project, data).status_code == 302
    amendment = services.submit(project=project, user=fresh(crew.officer), amendment=Amendment.objects.get())
    factory.approve(project, amendment, crew.approver)
    assert list(project.activities.values_list("title", "first_week", "weeks")) == [
        ("Réhabiliter le forage", 1, 6), ("Former le comité", 7, 2)
    ]  # fmt: skip
    assert project.instalments.get(position=2).planned_on.isoformat() == when


def test_another_partner_takes_over_when_cleared(project, crew):
    other, lapsed = PartnerFactory(region=region()), PartnerFactory(region=region(), vetted_on=dt.date(2024, 1, 1))
    html = read(crew.officer, project, "amendment_create")
    assert str(other) in html and str(lapsed) not in html
    assert send(crew.officer, project, factory.typed(project, partner=str(lapsed.pk))).status_code == 422
    assert send(crew.officer, project, factory.typed(project, partner=str(other.pk))).status_code == 302
    amendment = services.submit(project=project, user=fresh(crew.officer), amendment=Amendment.objects.get())
    assert str(other) in read(crew.approver, project, "amendment", 1)
    Interest.objects.create(user=crew.approver, organisation=other, nature="Parent")
    assert take(crew.approver, project, amendment, "approve").status_code == 403
    factory.approve(project, amendment, user_with(Role.APPROVER))
    assert fresh_of(project).partner == other
    agreement = read(crew.officer, project, "agreement")
    assert str(project.partner) in agreement, "the agreement was signed with the first"


def test_the_partner_does_not_change_while_an_instalment_is_on_its_way_to_it(project, crew):
    other = PartnerFactory(region=region())
    authorise(project.instalments.get(position=1), crew)
    answer = send(crew.officer, project, factory.typed(project, partner=str(other.pk)))
    assert answer.status_code == 422 and "pour le partenaire actuel" in answer.content.decode()


# --- What is refused ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes, said",
    [
        ({"approved_usd": "50 000,01"}, "Avenants compris, un QIP ne peut dépasser 50\u202f000\u00a0USD"),
        ({"duration_months": "7"}, "Avenants compris, un QIP ne peut durer plus de 6 mois"),
        ({"approved_usd": "25 000"}, "Les lignes du budget font"),
        ({"amount_3": "2 399"}, "Les tranches font"),
        ({"amount_1": "13 000", "amount_3": "1 400"}, "La première tranche ne peut dépasser"),
        ({"amount_2": "11 900", "amount_3": "100"}, "La dernière tranche"),
        ({}, "ne change rien"),
        ({"reason": "", "duration_months": "5"}, "Ce champ est obligatoire"),
        ({"title_2": "Sans semaine"}, "Complétez cette activité"),
    ],
)
def test_what_does_not_hold_is_refused_beside_its_field_and_nothing_is_lost(project, crew, changes, said):
    answer = send(crew.officer, project, factory.typed(project, **changes))
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html
    assert all(value in html for value in changes.values())
    assert not Amendment.objects.exists()


def test_the_ceiling_holds_for_the_sum_of_all_amendments(project, crew):
    factory.amended(project, crew.officer, crew.approver, factory.raised(project, "20000"))
    with pytest.raises(services.ValidationError) as refusal:
        factory.written(project, crew.officer, factory.raised(project, "6000.01"))
    assert "50\u202f000" in refusal.value.message_dict["approved_usd"][0]
    factory.amended(project, crew.officer, crew.approver, factory.raised(project, "6000"))
    assert fresh_of(project).approved_usd == 50000


def test_a_last_day_already_past_is_refused(project, crew, monkeypatch):
    from sr_portal.web import clock

    later = project.starts_on + dt.timedelta(days=100)
    monkeypatch.setattr(clock, "today", lambda: later)
    with pytest.raises(services.ValidationError) as refusal:
        factory.written(project, crew.officer, factory.content(project) | {"duration_months": 3})
    assert "déjà passé" in str(refusal.value.message_dict["duration_months"])


def test_a_fall_goes_back_to_the_envelope_and_never_below_what_is_paid(project, crew):
    envelope = Envelope.objects.get()
    before = envelope.reserved_usd
    start(project, crew)
    pay(project.instalments.get(position=1), crew)
    after = factory.raised(project, "-500")
    after["instalments"][0]["amount"], after["instalments"][1]["amount"] = "9100.00", "2400.00"
    factory.amended(project, crew.officer, crew.approver, after)
    envelope.refresh_from_db()
    assert (envelope.reserved_usd, fresh_of(project).amended_usd) == (before - 500, -500)
    after = factory.raised(project, "0") | {"approved_usd": "11000.00", "instalments": []}
    after["lines"][0]["amount"] = "7000.00"
    with pytest.raises(services.ValidationError) as refusal:
        factory.written(project, crew.officer, after)
    assert "déjà demandés ou payés" in str(refusal.value)


def test_a_thin_envelope_holds_the_approval_back(project, crew):
    amendment = factory.submitted(project, crew.officer)
    envelope = Envelope.objects.get()
    Envelope.objects.update(amount_usd=envelope.reserved_usd + 1999)
    html = read(crew.approver, project, "amendment_step", 1, "approve")
    assert "L’enveloppe ne couvre pas cette hausse" in html
    assert take(crew.approver, project, amendment, "approve").status_code == 422
    assert fresh_of(project).approved_usd == 24000
    Envelope.objects.update(amount_usd=envelope.reserved_usd + 2000)
    assert take(crew.approver, project, amendment, "approve").status_code == 302


def test_a_project_that_changed_meanwhile_refuses_the_amendment_and_says_where(project, crew):
    amendment = factory.submitted(project, crew.officer)
    works, pump = project.agreed_lines.order_by("pk")
    budget_moves.move(
        project=project, user=fresh(crew.officer), source=works, target=pump, amount_usd=Decimal(300), reason="Prix."
    )
    html = read(crew.approver, project, "amendment", 1)
    assert "Le projet a changé depuis la rédaction" in html
    assert "20\u202f000\u00a0USD" in html and "19\u202f700\u00a0USD" in html, "both values are shown"
    answer = take(crew.approver, project, amendment, "approve")
    assert answer.status_code == 422 and "Lignes du budget" in answer.content.decode()
    assert fresh_of(project).approved_usd == 24000
    services.recall(project=project, user=fresh(crew.officer), amendment=amendment)
    amendment.refresh_from_db()
    answer = send(crew.officer, project, factory.typed(project, factory.raised(project, "2000")), 1, amendment.version)
    assert answer.status_code == 302
    services.submit(project=project, user=fresh(crew.officer), amendment=amendment)
    assert take(crew.approver, project, amendment, "approve").status_code == 302
    assert lines_of(project) == [(21700, 21700), (4300, 4300)], "the amended amounts are the new measure of moves"


def test_an_instalment_asked_for_meanwhile_refuses_the_amendment(project, crew):
    amendment = factory.submitted(project, crew.officer)
    authorise(project.instalments.get(position=1), crew)
    assert take(crew.approver, project, amendment, "approve").status_code == 422
    html = read(crew.approver, project, "amendment", 1)
    assert "Tranches à venir" in html and "n’a plus" in html


def test_a_line_is_never_amended_below_what_is_justified_on_it(project, crew):
    start(project, crew)
    first = pay(project.instalments.get(position=1), crew).instalment
    justify(first, crew)  # 12,000 USD, on the first line
    works, pump = project.agreed_lines.order_by("pk")
    lowered = {f"line_{works.pk}": "11 999,99", f"line_{pump.pk}": "12 000,01"}
    answer = send(crew.officer, project, factory.typed(project, **lowered))
    assert answer.status_code == 422 and "déjà justifiée à hauteur de 12\u202f000" in answer.content.decode()
    exact = {f"line_{works.pk}": "12 000", f"line_{pump.pk}": "12 000"}
    assert send(crew.officer, project, factory.typed(project, **exact)).status_code == 302


def test_what_was_asked_for_is_not_in_the_form(project, crew):
    start(project, crew)
    pay(project.instalments.get(position=1), crew)
    html = read(crew.officer, project, "amendment_create")
    assert 'name="amount_1"' not in html and 'name="amount_2"' in html
    assert send(crew.officer, project, factory.typed(project, factory.raised(project, "100"))).status_code == 302
    assert Instalment.objects.get(project=project, position=1).state == "paid"


# --- Who ------------------------------------------------------------------------------------------------------------
def test_nobody_decides_an_amendment_that_they_wrote(project, crew):
    both = user_with(Role.PROGRAMME_OFFICER, Role.APPROVER)
    amendment = factory.submitted(project, both)
    answer = take(both, project, amendment, "approve")
    assert answer.status_code == 403 and "Vous avez rédigé cet avenant" in answer.content.decode()


def test_a_head_of_office_decides_only_up_to_the_delegated_amount(project, crew):
    head = user_with(Role.APPROVER, region=region())
    small = factory.submitted(project, crew.officer, factory.raised(project, "1000"))
    assert take(head, project, small, "approve").status_code == 302
    large = factory.submitted(project, crew.officer, factory.raised(project, "0.01"))
    assert take(head, project, large, "approve").status_code == 403, "25,000.01 is beyond the delegated 25,000"
    assert "Approuver l’avenant" not in read(head, project, "amendment", 2)
    assert take(crew.approver, project, large, "approve").status_code == 302


def test_readers_read_and_writers_of_the_proposal_write_no_amendment(project, crew):
    factory.submitted(project, crew.officer)
    for user in (user_with(Role.AUDITOR), project.author, user_with(Role.FINANCE_OFFICER)):
        assert "Avenant n° 1" in read(user, project).replace("\u00a0", " ")
        assert browser(user).get(address(project, "amendment_create")).status_code == 403
        for name in services.STEPS:
            assert take(user, project, Amendment.objects.get(), name, note="Non.").status_code == 403


# --- The steps ------------------------------------------------------------------------------------------------------
def test_a_refusal_needs_its_reasons_and_changes_nothing(project, crew):
    amendment = factory.submitted(project, crew.officer)
    assert take(crew.approver, project, amendment, "refuse", note=" ").status_code == 422
    assert take(crew.approver, project, amendment, "refuse", note="Le devis date.").status_code == 302
    assert fresh_of(project).approved_usd == 24000
    assert "Le devis date." in read(crew.officer, project, "amendment", 1)


def test_a_draft_is_taken_back_corrected_or_given_up(project, crew):
    amendment = factory.submitted(project, crew.officer)
    assert take(crew.officer, project, amendment, "recall").status_code == 302
    amendment.refresh_from_db()
    assert (amendment.state, amendment.submitted_at) == ("draft", None)
    assert take(crew.approver, project, amendment, "approve").status_code == 422
    assert take(crew.officer, project, amendment, "withdraw", note="Le prix est retombé.").status_code == 302
    assert "Le prix est retombé." in read(crew.officer, project, "amendment", 1)
    assert send(crew.officer, project, factory.typed(project, duration_months="5")).status_code == 302
    assert Amendment.objects.get(number=2).state == "draft"


def test_one_amendment_is_open_at_a_time(project, crew):
    factory.written(project, crew.officer)
    answer = browser(crew.officer).get(address(project, "amendment_create"))
    assert answer.url == address(project, "amendment", 1)
    answer = send(crew.officer, project, factory.typed(project, duration_months="5"))
    assert answer.status_code == 422 and "déjà en cours" in answer.content.decode()
    assert Amendment.objects.count() == 1


def test_the_later_of_two_saves_of_a_draft_is_refused_with_both_versions(project, crew):
    amendment = factory.written(project, crew.officer)
    other = user_with(Role.PROGRAMME_OFFICER)
    data = factory.typed(project, duration_months="5")
    assert send(other, project, data, 1, amendment.version).status_code == 302
    mine = factory.typed(project, duration_months="6")
    answer = send(crew.officer, project, mine, 1, amendment.version)
    html = answer.content.decode()
    assert answer.status_code == 422 and "Deux versions" in html
    version = re.search(r'name="version" value="(\d+)"', html)[1]
    assert send(crew.officer, project, mine, 1, version).status_code == 302
    assert Amendment.objects.get().changes[0]["after"] == 6


def test_an_approval_sent_twice_merges_once(project, crew):
    amendment = factory.submitted(project, crew.officer)
    client, key = browser(crew.approver), uuid.uuid4()
    for _time in range(2):
        url = address(project, "amendment_step", amendment.number, "approve")
        assert client.post(url, {"one_time_key": key, "note": ""}).status_code == 302
    assert take(crew.approver, project, amendment, "approve").status_code == 422
    assert fresh_of(project).approved_usd == 26000


def test_nothing_is_amended_once_the_works_are_done_or_the_project_ended(project, crew):
    start(project, crew)
    complete(project, crew)
    assert browser(crew.officer).get(address(project, "amendment_create")).status_code == 409
    assert "ne s’amende pas" in read(crew.officer, project)


def test_a_suspended_project_is_amended(crew):
    from tests.factories.implementation import approved

    project = dated(carry_to(State.SUSPENDED, approved(amount="20000"), crew))
    factory.amended(project, crew.officer, crew.approver, factory.content(project) | {"duration_months": 5})
    assert fresh_of(project).duration_months == 5


# --- Cost -----------------------------------------------------------------------------------------------------------
def cost(user: User, url: str) -> int:
    client = browser(user)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([query for query in captured if "django_session" not in query["sql"]])


def test_the_pages_cost_the_same_with_two_amendments_or_twenty(project, crew):
    def decide(many: int) -> None:
        for _rank in range(many):
            months = 5 if fresh_of(project).duration_months == 4 else 4
            factory.amended(
                project, crew.officer, crew.approver, factory.content(project) | {"duration_months": months}
            )

    def costs() -> dict[str, int]:
        waiting = factory.submitted(project, crew.officer, factory.raised(project, "10"))
        pages = {
            "list": (crew.officer, address(project)),
            "one": (crew.officer, address(project, "amendment", 1)),
            "waiting": (crew.approver, address(project, "amendment", waiting.number)),
            "approve": (crew.approver, address(project, "amendment_step", waiting.number, "approve")),
            "agreement": (crew.officer, address(project, "agreement")),
        }
        found = {name: cost(*page) for name, page in pages.items()}
        services.withdraw(project=project, user=fresh(crew.officer), amendment=waiting, note="Pour l’essai.")
        return found | {"new": cost(crew.officer, address(project, "amendment_create"))}

    decide(2)
    two = costs()
    decide(18)
    assert costs() == two
    assert two.pop("list") <= 6
    assert max(two.values()) <= 12, two
