"""What the proposal form refuses: the field is named, what was typed is kept, nothing is written."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from funds.models import ExchangeRate, Organisation
from projects.models import Project
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from sr_portal.web.fields import plain_number
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.projects import add_line, complete_draft, region
from tests.factories.regions import CercleFactory
from tests.projects.proposal_browser import JSON, address, browser, key_of, open_step

pytestmark = pytest.mark.django_db
CEILING = "Un QIP ne peut dépasser 50\u00a0000\u00a0USD"
LENGTH = "Un QIP ne peut dépasser 6\u00a0mois"


def refused(project, step: str, **typed: str) -> str:
    """The page that refuses; the database is as it was."""
    client = browser(project.author)
    before = [Project.objects.values().get(pk=project.pk), *project.lines.values(), *project.activities.values()]
    answer = client.post(address(project, step), {**open_step(client, project, step), **typed})
    after = [Project.objects.values().get(pk=project.pk), *project.lines.values(), *project.activities.values()]
    assert answer.status_code == 422 and before == after
    return answer.content.decode().replace("\u202f", "\u00a0")


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_qip_of_more_than_50_000_usd_is_refused_and_the_lines_are_kept():
    page = refused(complete_draft("20000"), "budget", **{"lines-0-unit_cost": "50 000,01"})
    assert plain(CEILING) in plain(page)
    assert 'value="50 000,01"' in page, "what was typed is still there"
    assert "Plafond dépassé" in page, "the gauge says it too"


def test_a_qip_of_exactly_50_000_usd_in_several_lines_is_accepted():
    project = complete_draft("20000")
    client = browser(project.author)
    typed = open_step(client, project, "budget") | {
        "lines-1-category": "equipment", "lines-1-label": "Pompe", "lines-1-unit": "pièce", "lines-1-quantity": "3",
        "lines-1-currency": "USD", "lines-1-unit_cost": "10000", "lines-1-community_usd": "",
    }  # fmt: skip
    assert client.post(address(project, "budget"), typed).status_code == 302
    project.refresh_from_db()
    assert project.budget_usd == Decimal(50000)


def test_lines_may_change_places_around_the_ceiling():
    """In the order in which they are typed the sum would pass the ceiling for a moment."""
    project = complete_draft("49000")
    client = browser(project.author)
    typed = open_step(client, project, "budget") | {
        "lines-0-unit_cost": "1000", "lines-1-category": "works", "lines-1-label": "Forage", "lines-1-unit": "forfait",
        "lines-1-quantity": "1", "lines-1-currency": "USD", "lines-1-unit_cost": "49000",
    }  # fmt: skip
    assert client.post(address(project, "budget"), typed).status_code == 302
    assert {line.amount_usd for line in project.lines.all()} == {Decimal(1000), Decimal(49000)}


def test_one_line_may_give_to_another_around_the_ceiling():
    project = complete_draft("9000")
    add_line(project, "40000")
    client = browser(project.author)
    typed = open_step(client, project, "budget") | {"lines-0-unit_cost": "45000", "lines-1-unit_cost": "5000"}
    assert client.post(address(project, "budget"), typed).status_code == 302
    assert [line.unit_cost for line in project.lines.order_by("pk")] == [45000, 5000]


def test_a_qip_of_seven_months_is_refused_on_its_field():
    page = refused(complete_draft(), "plan", duration_months="7")
    assert plain(LENGTH) in plain(page) and 'href="#id_duration_months"' in page
    assert 'value="7"' in page


def test_another_mechanism_may_last_longer():
    project = complete_draft(mechanism_id="TF")
    client = browser(project.author)
    typed = open_step(client, project, "plan") | {"duration_months": "7"}
    assert client.post(address(project, "plan"), typed).status_code == 302


def test_a_long_project_cannot_become_a_qip():
    page = refused(complete_draft(mechanism_id="TF", duration_months=9), "essentials", mechanism="QIP")
    assert plain(LENGTH) in plain(page)


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("essentials", {"latitude": "16,27", "longitude": ""}, "Donnez la latitude et la longitude"),
        ("essentials", {"latitude": "12,65", "longitude": "-8,0"}, "hors de la région"),
        ("essentials", {"latitude": "nord"}, "Latitude"),
        ("people", {"displaced": "221"}, "dépasse celui des bénéficiaires directs"),
        ("people", {"direct_women": "-1"}, "Femmes"),
        ("budget", {"lines-0-quantity": "0"}, "Quantité"),
        ("budget", {"lines-0-unit_cost": "cher"}, "Coût unitaire"),
        ("plan", {"activities-0-weeks": "0"}, "Semaines"),
        ("partner", {"new_name": "Tassaght"}, "Type"),
    ],
)
def test_what_cannot_be_is_refused_by_name(step, typed, said):
    page = refused(complete_draft(), step, **typed)
    assert said.lower() in page.lower() and 'id="form-errors"' in page


def test_a_cercle_of_another_region_is_refused():
    elsewhere = CercleFactory(region=region("ML-8"))
    refused(complete_draft(), "essentials", cercle=str(elsewhere.pk))


def test_a_draft_in_a_region_that_is_not_one_s_own_is_refused():
    client = browser(user_with(Role.PROPOSER, region=region("ML-8")))
    page = client.get(reverse("projects:create")).content.decode()
    typed = {"title": "Forage", "mechanism": "QIP", "region": region("ML-7").pk, "one_time_key": key_of(page)}
    answer = client.post(reverse("projects:create"), typed)
    assert answer.status_code == 422 and not Project.objects.exists()
    assert 'value="Forage"' in answer.content.decode()


def test_a_price_in_xof_takes_the_rate_of_the_month_and_keeps_it():
    today = clock.today().replace(day=1)
    ExchangeRate.objects.update_or_create(month=today, defaults={"xof_per_usd": Decimal("600")})
    project = complete_draft("1000")
    client = browser(project.author)
    typed = open_step(client, project, "budget") | {"lines-0-currency": "XOF", "lines-0-unit_cost": "6 000 000"}
    assert client.post(address(project, "budget"), typed).status_code == 302
    assert project.lines.get().amount_usd == Decimal(10000)
    ExchangeRate.objects.filter(month=today).update(xof_per_usd=Decimal("500"))
    typed = open_step(client, project, "budget") | {"lines-0-label": "Terrassement"}
    assert client.post(address(project, "budget"), typed).status_code == 302
    assert project.lines.get().amount_usd == Decimal(10000), "another label is no other price"
    typed = open_step(client, project, "budget") | {"lines-0-unit_cost": "5 000 000"}
    client.post(address(project, "budget"), typed)
    assert project.lines.get().amount_usd == Decimal(10000), "a new price takes the new rate"


def test_without_a_rate_a_price_in_xof_is_refused():
    ExchangeRate.objects.all().delete()
    assert "taux du mois" in refused(complete_draft(), "budget", **{"lines-0-currency": "XOF"})


def test_a_new_partner_enters_the_registry_to_be_vetted():
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "partner") | {"new_name": "Coopérative Djiré", "new_kind": "association"}
    assert client.post(address(project, "partner"), typed).status_code == 302
    project.refresh_from_db()
    assert (project.partner.name, project.partner.vetting_status) == ("Coopérative Djiré", "pending")
    assert project.partner.created_by == project.author
    assert "n’a pas encore été vérifié" in client.get(address(project, "partner")).content.decode()


def test_a_new_partner_that_is_already_known_is_not_doubled():
    known = PartnerFactory(name="Coopérative Djiré")
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "partner") | {"new_name": "coopérative djiré", "new_kind": "association"}
    client.post(address(project, "partner"), typed)
    project.refresh_from_db()
    assert project.partner == known and Organisation.objects.filter(name__iexact=known.name).count() == 1


def test_a_new_partner_named_nearly_like_a_known_one_is_offered_that_one():
    known = PartnerFactory(name="Association Djiguiya de Gao")
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "partner") | {"new_name": "Asso Djiguiya Gao", "new_kind": "association"}
    answer = client.post(address(project, "partner"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and known.name in page and f'name="take" value="{known.pk}"' in page
    assert 'value="Asso Djiguiya Gao"' in page, "what was typed stays"

    assert client.post(address(project, "partner"), typed | {"take": known.pk}).status_code == 302
    project.refresh_from_db()
    assert project.partner == known

    typed = open_step(client, project, "partner") | {"new_name": "Asso Djiguiya Gao", "new_kind": "association"}
    assert client.post(address(project, "partner"), typed | {"is_another": "on"}).status_code == 302
    project.refresh_from_db()
    assert (project.partner.name, project.partner.vetting_status) == ("Asso Djiguiya Gao", "pending")


def test_an_excluded_partner_cannot_be_chosen_and_one_already_chosen_is_flagged():
    excluded = PartnerFactory(excluded=True, exclusion_reason="Fonds détournés en 2024.")
    refused(complete_draft(), "partner", partner=str(excluded.pk))
    project = complete_draft(partner=excluded)
    page = browser(project.author).get(address(project, "partner")).content.decode()
    assert "Partenaire exclu" in page and "Fonds détournés" in page


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 500,50", "1500.50"), ("1\u202f500", "1500"), ("1.500,50", "1500.50"), ("1,500.50", "1500.50"),
        ("1500.5", "1500.5"), ("-0,04472", "-0.04472"), ("3'000", "3000"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed, meant):
    assert plain_number(typed) == meant


def test_in_english_a_comma_groups():
    with translation.override("en"):
        assert plain_number("1,500") == "1500"
    assert plain_number("1,500") == "1.500"


def test_by_script_a_refusal_names_the_fields_and_writes_nothing():
    project = complete_draft()
    client = browser(project.author)
    typed = open_step(client, project, "plan") | {"duration_months": "8", "starts_on": "2027-02-01"}
    answer = client.post(address(project, "plan"), typed, headers=JSON)
    assert answer.status_code == 422 and not answer.json()["saved"]
    assert plain(LENGTH) in plain(answer.json()["errors"]["id_duration_months"][0])
    project.refresh_from_db()
    assert project.starts_on == dt.date(2027, 1, 4)
