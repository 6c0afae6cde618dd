"""What author and screener are asked to look at twice: splitting, duplicates, doubtful partners."""

import datetime as dt

import pytest
from django.utils import timezone

from funds.models import Sector
from projects.models import Project
from projects.services.submission import submit
from projects.services.warnings import warnings_for
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.funds import PartnerFactory
from tests.factories.implementation import Crew, in_state
from tests.factories.projects import complete_draft, fresh, region
from tests.projects.proposal_browser import address, browser

pytestmark = pytest.mark.django_db


def submitted(amount: str = "30000", **fields) -> Project:
    draft = complete_draft(amount, **fields)
    return submit(project=draft, user=fresh(draft.author))


def codes(project, user=None) -> list[str]:
    return [found.code for found in warnings_for(reread(project), fresh(user or project.author))]


def reread(project) -> Project:
    return Project.objects.select_related("mechanism", "partner", "region").get(pk=project.pk)


def test_two_projects_of_one_partner_that_pass_the_ceiling_together_look_split():
    partner = PartnerFactory()
    submitted("30000", partner=partner, locality="Bourem")
    project = complete_draft("20000.01", partner=partner)
    assert codes(project) == ["splitting"]


def test_together_at_the_ceiling_nothing_looks_split():
    partner = PartnerFactory()
    submitted("30000", partner=partner, locality="Bourem")
    assert codes(complete_draft("20000", partner=partner)) == []


def test_the_same_place_counts_too_accents_and_case_ignored():
    submitted("30000", locality="Tessalit-Méssa")
    assert codes(complete_draft("30000", locality="tessalit-messa", title="Radio")) == ["splitting"]


def test_the_same_village_name_in_another_region_is_another_place():
    submitted("30000", region=region("ML-8"), locality="Tin-Essako")
    assert codes(complete_draft("30000", locality="Tin-Essako", title="Radio")) == []


def test_a_project_of_more_than_twelve_months_ago_no_longer_counts():
    partner = PartnerFactory()
    with clock.at(timezone.now() - dt.timedelta(days=366)):
        submitted("30000", partner=partner, locality="Bourem")
    assert codes(complete_draft("30000", partner=partner)) == []


def test_somebody_else_s_draft_is_not_counted():
    partner = PartnerFactory()
    complete_draft("30000", partner=partner, locality="Bourem")
    assert codes(complete_draft("30000", partner=partner)) == []


def test_a_similar_title_at_the_same_place_in_the_same_sector_looks_like_a_duplicate():
    submitted("1000", title="Réhabilitation des forages pastoraux", locality="Ménaka-Ville")
    project = complete_draft("1000", title="rehabilitation d’un forage pastoral", locality="Menaka-ville")
    assert codes(project) == ["duplicate"]


@pytest.mark.parametrize(
    ("title", "other", "alike"),
    [
        ("Réhabilitation du forage", "Réhabilitation du marché", False),  # only the kind of work
        ("Forage pastoral", "Réhabilitation du forage", True),  # all that the shorter one speaks of
        ("Construction de deux salles de classe", "Équipement en tables-bancs de trois salles de classe", True),
        ("Clôture du marché aux légumes", "Hangar du marché à bétail et abattoir", False),  # one word of several
        ("Forage d’Ansongo", "Éclairage d’Ansongo", False),  # only the place
        ("Ansongo", "Réhabilitation à Ansongo", False),  # nothing to go by
        ("- « Forage » -", "Forages OR puits !", True),  # no word of it is a command to the search
    ],
)
def test_titles_are_alike_by_what_they_speak_of(title, other, alike):
    submitted("1000", title=other, locality="Ansongo")
    found = codes(complete_draft("1000", title=title, locality="Ansongo"))
    assert found == (["duplicate"] if alike else [])


def test_a_cancelled_project_covers_no_need():
    crew = Crew()
    cancelled = in_state(State.CANCELLED, crew, title="Réhabilitation du forage")
    assert cancelled.locality == "Ansongo"
    assert codes(complete_draft("1000", title="Réhabilitation du forage")) == []


def test_another_sector_is_no_duplicate():
    submitted("1000", title="Réhabilitation du forage", sector_id="12230")
    assert codes(complete_draft("1000", title="Réhabilitation du forage")) == []


@pytest.mark.parametrize(
    ("partner", "expected"),
    [
        ({"vetting_status": "pending", "vetted_on": None}, ["partner_not_vetted"]),
        ({"vetting_status": "rejected"}, ["partner_not_vetted"]),
        ({"vetted_on": dt.date(2020, 1, 1)}, ["partner_not_vetted"]),
        ({"late_reports": 2}, ["partner_late"]),
        ({"excluded": True, "exclusion_reason": "Fraude."}, ["partner_excluded"]),
        ({}, []),
    ],
)
def test_a_doubtful_partner_is_pointed_out(partner, expected):
    assert codes(complete_draft("1000", partner=PartnerFactory(**partner))) == expected


def test_what_the_reader_may_not_open_is_counted_and_not_named():
    partner = PartnerFactory()
    hidden = submitted("30000", partner=partner, region=region("ML-8"), locality="Tessalit", title="Projet secret")
    author = user_with(Role.PROPOSER, region=region("ML-7"))
    project = complete_draft("30000", partner=partner, author=author)
    found = warnings_for(reread(project), fresh(author))[0]
    assert found.projects == () and found.hidden == 1
    page = browser(author).get(address(project, "budget")).content.decode()
    assert "hors de votre périmètre" in page and hidden.title not in page and hidden.reference not in page
    section_head = user_with(Role.SECTION_HEAD)
    assert [p.pk for p in warnings_for(reread(project), section_head)[0].projects] == [hidden.pk]


def test_warnings_cost_at_most_five_queries(django_assert_max_num_queries):
    partner = PartnerFactory(late_reports=1)
    for number in range(6):
        submitted("9000", partner=partner, title=f"Réhabilitation du forage {number}")
    project, reader = (
        reread(complete_draft("9000", partner=partner, title="Réhabilitation du forage")),
        user_with(Role.SECTION_HEAD),
    )
    assert reader.scopes
    with django_assert_max_num_queries(5):
        found = warnings_for(project, reader)
    assert {warning.code for warning in found} == {"splitting", "duplicate", "partner_late"}


# --- What other partners do there ------------------------------------------------------------------------------------
def others(project) -> list[str]:
    found = [one for one in warnings_for(reread(project), fresh(project.author)) if one.code == "others_active"]
    return [activity.title for one in found for activity in one.activities]


def test_a_partner_at_work_on_the_same_need_at_the_same_place_is_told():
    project = complete_draft("1000", locality="Bourem")
    family = project.sector_id[:3]
    same = Sector.objects.filter(code__startswith=family).first()
    other = Sector.objects.exclude(code__startswith=family).first()
    there = {"sector": same, "region": project.region, "locality": "bourem"}
    ActivityFactory(title="Là", **there)
    ActivityFactory(title="Finie", **there, ends_on=clock.today() - dt.timedelta(days=1))
    ActivityFactory(title="Abandonnée", **there, status="cancelled")
    ActivityFactory(title="Autre secteur", **there | {"sector": other})
    ActivityFactory(title="Ailleurs", **there | {"locality": "Tessalit"})
    ActivityFactory(title="Autre région", **there | {"region": region("ML-8")})
    assert others(project) == ["Là"]


def test_a_site_within_reach_is_near_and_one_beyond_is_not():
    project = complete_draft("1000", locality="", latitude="16.27", longitude="-0.04", cercle=None)
    place = {"sector": project.sector, "region": project.region}
    ActivityFactory(title="Près", latitude="16.40", longitude="-0.04", **place)
    ActivityFactory(title="Loin", latitude="16.60", longitude="-0.04", **place)
    assert others(project) == ["Près"]


def test_the_form_tells_what_partners_do_and_links_to_it():
    project = complete_draft("1000", locality="Bourem")
    made = ActivityFactory(title="Forages de l’UNICEF", sector=project.sector, region=project.region, locality="Bourem")
    page = browser(project.author).get(address(project, "essentials")).content.decode()
    assert "Forages de l’UNICEF" in page and made.get_absolute_url() in page
