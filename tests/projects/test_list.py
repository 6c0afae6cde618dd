"""The list of projects: what each reader sees, finds, sorts and shares by its address."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funds.models import Interest, Sector
from projects.models import Project
from projects.services.submission import submit
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.many import many_projects
from tests.factories.projects import DraftFactory, add_line, complete_draft, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db
URL = "/projets/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def reader() -> Client:
    return signed_in(user_with(Role.SECTION_HEAD))


def titles(client: Client, **query) -> list[str]:
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content.decode()
    return [row.project.title for row in answer.context["rows"]]


def test_the_address_is_the_one_that_other_pages_link_to():
    assert reverse("projects:list") == URL


# --- Who sees what --------------------------------------------------------------------------------------------------
def test_a_role_opens_its_region_only_and_no_draft():
    submitted = complete_draft(title="Marché de Gao")
    submit(project=submitted, user=submitted.author)
    DraftFactory(title="Brouillon de Gao")
    elsewhere = complete_draft(title="Puits de Kidal", region=region("ML-8"))
    submit(project=elsewhere, user=elsewhere.author)

    assert titles(signed_in(user_with(Role.PROGRAMME_OFFICER, region=region()))) == ["Marché de Gao"]


def test_authors_and_regional_managers_see_drafts():
    author = user_with(Role.PROPOSER)
    DraftFactory(title="Brouillon", author=author)

    assert titles(signed_in(author)) == ["Brouillon"]
    assert titles(signed_in(user_with(Role.REGIONAL_MANAGER, region=region()))) == ["Brouillon"]
    assert titles(signed_in(user_with(Role.PROPOSER))) == []


def test_partners_and_visitors_see_none():
    DraftFactory()

    assert titles(signed_in(user_with(Role.PARTNER))) == []
    assert Client().get(URL).status_code == 302


# --- Filters --------------------------------------------------------------------------------------------------------
@laid_once
def three():
    """Three projects that differ in everything there is to filter by."""
    with clock.at(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)):
        gao = complete_draft(
            "48000",
            title="Électrifier l’école de Bourem",
            partner=PartnerFactory(name="Association Faso", acronym="AFASO"),
        )
        submit(project=gao, user=gao.author)
    with clock.at(dt.datetime(2026, 3, 1, 0, 30, tzinfo=dt.UTC)):
        kidal = complete_draft(
            "12000.50", title="Puits de Tessalit", region=region("ML-8"), sector=Sector.objects.get(code="12230")
        )
        submit(project=kidal, user=kidal.author)
    DraftFactory(title="Piste de Mopti", region=region("ML-5"), mechanism_id="PBF")
    return gao, kidal


@pytest.mark.parametrize(
    "query, expected",
    [
        ({"region": "ML-8"}, {"Puits de Tessalit"}),
        ({"mecanisme": "PBF"}, {"Piste de Mopti"}),
        ({"etat": ["draft"]}, {"Piste de Mopti"}),
        ({"etat": ["draft", "submitted"], "region": "ML-5"}, {"Piste de Mopti"}),
        ({"secteur": "12230"}, {"Puits de Tessalit"}),
        ({"partenaire": "afaso"}, {"Électrifier l’école de Bourem"}),
        ({"montant_min": "12 000,50"}, {"Électrifier l’école de Bourem", "Puits de Tessalit"}),
        ({"montant_min": "12 000,51"}, {"Électrifier l’école de Bourem"}),
        ({"montant_max": "12000.50"}, {"Puits de Tessalit", "Piste de Mopti"}),
        ({"soumis_du": "2026-03-01"}, {"Puits de Tessalit"}),
        ({"soumis_au": "2026-01-10"}, {"Électrifier l’école de Bourem"}),
        ({"soumis_du": "2026-01-10", "soumis_au": "2026-03-01"}, {"Électrifier l’école de Bourem", "Puits de Tessalit"}),
        ({"q": "ecole"}, {"Électrifier l’école de Bourem"}),
        ({"q": "ECOLES"}, {"Électrifier l’école de Bourem"}),
        ({"q": "electrifier ecoles"}, {"Électrifier l’école de Bourem"}),
        ({"q": "puit tessalit"}, {"Puits de Tessalit"}),
        ({"q": "hôpital"}, set()),
    ],
    ids=lambda value: str(sorted(value)) if isinstance(value, set) else str(value),
)  # fmt: skip
def test_a_filter_keeps_what_it_says(three, query, expected):
    assert set(titles(reader(), **query)) == expected


@pytest.mark.parametrize(
    "typed", ["manuscrit", "Manuscrits", "radio", "RADIOS", "manuscrits radio", '"manuscrits" or puits']
)
def test_a_word_is_found_in_either_number(typed):
    DraftFactory(title="Bibliothèque de manuscrits et de radios")
    DraftFactory(title="Bibliothèque du manuscrit et de la radio")
    DraftFactory(title="Marché à bétail")

    assert len(titles(reader(), q=typed)) == (1 if '"' in typed else 2)


def test_a_reference_is_found_by_its_last_figures(three):
    gao, kidal = three
    gao.refresh_from_db()
    assert gao.title in titles(reader(), q=gao.reference.rsplit("-", 1)[1])
    assert titles(reader(), q=f"GAO {gao.reference.rsplit('-', 1)[1]}") == [gao.title]


def test_a_reference_is_found_as_it_is_written(three):
    gao, _kidal = three
    gao.refresh_from_db()

    assert titles(reader(), q=gao.reference) == [gao.title]
    assert titles(reader(), q=gao.reference.lower()) == [gao.title]


def test_the_exact_name_of_a_partner_finds_no_other():
    DraftFactory(title="De l’une", partner=PartnerFactory(name="Association Faso"))
    DraftFactory(title="De l’autre", partner=PartnerFactory(name="Association Faso Gao"))

    assert titles(reader(), partenaire="Association Faso") == ["De l’une"]
    assert set(titles(reader(), partenaire="Faso")) == {"De l’une", "De l’autre"}


def test_waiting_for_me_is_what_i_can_move_on_now():
    officer = user_with(Role.PROGRAMME_OFFICER)
    mine = complete_draft(title="À présélectionner")
    submit(project=mine, user=mine.author)
    other = complete_draft(title="D’un partenaire où j’ai un intérêt")
    submit(project=other, user=other.author)
    Interest.objects.create(user=officer, organisation=other.partner, nature="Membre du bureau")
    client = signed_in(officer)

    assert len(titles(client)) == 2
    assert titles(client, attente="1") == ["À présélectionner"]


@pytest.mark.parametrize(
    "query, label",
    [
        ({"region": "nulle-part"}, "Région"),
        ({"etat": "inconnu"}, "État"),
        ({"montant_min": "beaucoup"}, "Montant minimal"),
        ({"montant_min": "500", "montant_max": "20"}, "Montant maximal"),
        ({"soumis_du": "hier"}, "Soumis à partir du"),
        ({"soumis_du": "2026-03-01", "soumis_au": "2026-01-01"}, "Soumis jusqu’au"),
        ({"q": "a\0b"}, "Rechercher"),
        ({"partenaire": "a\0b"}, "Partenaire"),
        ({"tri": "couleur"}, "Trier par"),
    ],
    ids=str,
)
def test_a_value_that_cannot_be_read_is_named_and_the_list_still_shown(query, label):
    DraftFactory(title="Toujours là")
    answer = reader().get(URL, query)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Toujours là" in page
    assert re.search(rf'<div class="note note-danger" role="alert".*?>{label}</a> – ', page, re.S)


def test_an_unknown_parameter_or_cursor_breaks_nothing():
    DraftFactory(title="Toujours là")

    assert titles(reader(), utm_source="courriel") == ["Toujours là"]
    answer = reader().get(URL, {"suite": "abîmé"})
    assert answer.status_code == 200
    assert "n’est plus valable" in answer.content.decode()


def test_nothing_found_is_not_the_same_as_nothing_at_all():
    client = signed_in(user_with(Role.PROPOSER))

    assert "Aucun projet pour l’instant." in client.get(URL).content.decode()
    assert "Aucun projet ne correspond à ces critères." in client.get(URL, {"q": "école"}).content.decode()


def test_each_chip_takes_its_filter_off_and_keeps_the_others(three):
    answer = reader().get(URL, {"etat": ["draft", "submitted"], "region": "ML-8", "q": "puits", "suite": ""})
    made = {(chip.label, chip.value): chip.url for chip in answer.context["chips"]}

    assert made[("État", "Brouillon")] == "?etat=submitted&region=ML-8&q=puits"
    assert made[("Région", "Kidal")] == "?etat=draft&etat=submitted&q=puits"
    assert set(made) == {("État", "Brouillon"), ("État", "Soumise"), ("Région", "Kidal"), ("Rechercher", "puits")}


# --- Order and pages ------------------------------------------------------------------------------------------------
def test_titles_sort_as_a_reader_sorts_them():
    for title in ("Zone", "École", "Eau", "étang", "Fleuve"):
        DraftFactory(title=title)

    assert titles(reader(), tri="intitule") == ["Eau", "École", "étang", "Fleuve", "Zone"]


def test_amounts_sort_both_ways():
    for amount in ("300", "100", "200"):
        add_line(DraftFactory(title=amount), amount)

    assert titles(reader(), tri="montant") == ["300", "200", "100"]
    assert titles(reader(), tri="montant-croissant") == ["100", "200", "300"]


@pytest.mark.parametrize("sort", ["", "attente", "montant", "intitule", "region", "soumission"])
def test_pages_show_every_project_once_though_all_are_equal(sort):
    keys = set(many_projects(130, region=region()))
    client, seen, suite, pages = reader(), [], "", 0
    while True:
        answer = client.get(URL, {"tri": sort, "suite": suite})
        seen += [row.project.pk for row in answer.context["rows"]]
        pages += 1
        suite = answer.context["page"].next_cursor
        if not suite:
            break

    assert pages == 3
    assert len(seen) == 130
    assert set(seen) == keys


def test_an_address_gives_somebody_else_the_same_page():
    many_projects(120, region=region("ML-7"))
    many_projects(30, region=region("ML-8"))
    first = reader().get(URL, {"region": "ML-7", "tri": "intitule"})
    address = {"region": "ML-7", "tri": "intitule", "suite": first.context["page"].next_cursor}

    mine, theirs = titles(reader(), **address), titles(signed_in(user_with(Role.AUDITOR)), **address)
    assert mine == theirs
    assert len(mine) == 50


def test_what_is_late_says_so():
    with clock.at(dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)):
        project = complete_draft()
        submit(project=project, user=project.author)
    with clock.at(dt.datetime(2026, 1, 14, 12, tzinfo=dt.UTC)):
        page = reader().get(URL).content.decode()

    assert "3 jours de retard" in page  # 10 days for screening, from the 1st


# --- Cost -----------------------------------------------------------------------------------------------------------
ADDRESSES = [{}, {"q": "forage", "region": "ML-7"}, {"attente": "1", "tri": "attente"}, {"partenaire": "Kanuya"}]


@pytest.mark.parametrize("query", ADDRESSES, ids=str)
def test_the_list_costs_the_same_for_ten_projects_and_a_thousand(query):
    officer = user_with(Role.PROGRAMME_OFFICER)
    Interest.objects.create(user=officer, organisation=PartnerFactory(), nature="Membre du bureau")
    client = signed_in(officer)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(URL, query).status_code == 200
        return len(queries)

    many_projects(10)
    few = cost()
    many_projects(990)
    assert Project.objects.filter(state=State.SUBMITTED).count() == 1000
    assert cost() == few
    assert few <= 6


def test_the_first_page_of_a_thousand_is_read_from_the_index_of_recent_ones():
    many_projects(1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE projects_project")
    client = reader()
    with CaptureQueriesContext(connection) as queries:
        client.get(URL)
    (listed,) = (query["sql"] for query in queries if "LIMIT 51" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {listed}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "project_recent" in plan, plan
    assert "Sort Key: projects_project" not in plan, plan


def test_a_page_of_fifty_is_light():
    import gzip

    many_projects(60)

    assert len(gzip.compress(reader().get(URL).content)) < 15 * 1024


def test_sectors_stand_in_their_families_and_the_chip_names_the_sector():
    answer = reader().get(URL, {"secteur": "14031"})
    families = [
        label for label, sectors in answer.context["filter"].fields["secteur"].choices if isinstance(sectors, list)
    ]

    assert families.index("Économie") < families.index("Paix") < families.index("Transport")
    (chip,) = answer.context["chips"]
    assert chip.value == Sector.objects.get(code="14031").name_fr
