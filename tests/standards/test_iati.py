"""The IATI file is valid by the official schema, rules and code lists, for a project in every state."""

import gc
from decimal import Decimal

import pytest
from lxml import etree

from funds.models import Sector
from projects.exports.open_data import FILES, Options
from projects.models import Instalment, Payment, Project
from projects.states import GRANTED
from tests.standards import iati_checker
from tests.standards.iati_checker import faults_of

STATUS = {
    "approved": "1",
    "agreed": "1",
    "active": "2",
    "completed": "3",
    "closed": "4",
    "cancelled": "5",
    "suspended": "6",
}


@pytest.fixture(scope="module")
def content(portfolio) -> bytes:
    return portfolio.file("iati-activites.xml")


@pytest.fixture(scope="module")
def told(content) -> dict[str, etree._Element]:
    return {one.findtext("iati-identifier"): one for one in etree.fromstring(content) if isinstance(one.tag, str)}


def activity(told, project) -> etree._Element:
    project.refresh_from_db()
    return told[project.iati_identifier]


def test_nothing_is_wrong_by_the_official_schema_rules_and_code_lists(content):
    assert faults_of(content) == []
    told = iati_checker.lists()
    assert len(iati_checker.rules()) > 20 and len(told["attributes"]) > 80 and "15220" in told["lists"]["Sector"]


@pytest.mark.parametrize("state", sorted(GRANTED))
def test_a_project_in_each_state_is_told_under_its_identifier_with_its_status(portfolio, told, state):
    element = activity(told, portfolio.projects[state])
    assert element.find("activity-status").get("code") == STATUS[state]
    assert element.find("related-activity[@type='1']").get("ref") == "XM-DAC-41310-FUND-QIP"
    assert [one.get("type") for one in element.findall("activity-date")][0] == "1"


def test_the_fund_is_the_parent_and_names_its_children(portfolio, told):
    fund = told["XM-DAC-41310-FUND-QIP"]
    assert fund.get("hierarchy") == "1"
    children = {one.get("ref") for one in fund.findall("related-activity[@type='2']")}
    assert children == set(Project.objects.published().values_list("iati_identifier", flat=True))
    shares = [Decimal(one.get("percentage")) for one in fund.findall("sector")]
    assert sum(shares) == 100


def test_money_is_that_of_the_database(told):
    for project in Project.objects.open_to_partners():
        element = told[project.iati_identifier]

        def total(path, element=element):
            return sum((Decimal(one.text) for one in element.xpath(path)), Decimal(0))

        assert total("budget/value") == project.approved_usd
        assert total("transaction[transaction-type/@code='2']/value") == project.obligated_usd
        assert total("transaction[transaction-type/@code='3']/value") == project.paid_usd - project.refunded_usd


def test_a_sensitive_place_is_that_of_the_cercle_and_a_hidden_project_stays_without_its_details(portfolio, told):
    sensitive = activity(told, portfolio.sensitive)
    assert sensitive.find("location/exactness").get("code") == "2"
    assert "Ansongo" not in etree.tostring(sensitive, encoding="unicode")
    hidden = activity(told, portfolio.hidden)
    words = etree.tostring(hidden, encoding="unicode")
    assert "n’est pas publié" in words and "Gao" not in words
    assert not hidden.findall("budget") + hidden.findall("transaction") + hidden.findall("location")
    exact = activity(told, portfolio.projects["active"])
    assert exact.find("location/point/pos").text == "16.27100 -0.04500"
    assert exact.find("location/exactness").get("code") == "1"


def test_a_cleared_photo_is_a_document(portfolio, told):
    link = activity(told, portfolio.projects["completed"]).find("document-link")
    assert link.get("url").endswith(f"/donnees/fichiers/{portfolio.published.document.public_id}/")
    assert link.findtext("title/narrative") == "Le forage terminé"


def test_languages_are_french_and_english(told):
    fund = told["XM-DAC-41310-FUND-QIP"]
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert fund.get(lang) == "fr"
    assert [one.get(lang) for one in fund.findall("title/narrative")] == [None, "en"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'sector vocabulary="1" code="14031" percentage="100"', b'sector vocabulary="1" code="14031" percentage="99"'),
        (b'activity-date type="1" iso-date="2027-01-04"', b'activity-date type="2" iso-date="2999-01-04"'),
        (b'code="ML"', b'code="ZZ"'),
        (b"<pos>16.27100 -0.04500</pos>", b"<pos>-0.04500 16.27100</pos>"),
        (b"<iati-identifier>XM-DAC-41310-", b"<iati-identifier>XM DAC/41310-"),
        (b'<activity-status code="2"/>', b""),
        (b'<transaction-type code="3"/>', b'<transaction-type code="33"/>'),
        (b'<period-end iso-date="2027', b'<period-end iso-date="2037'),
    ],
)
def test_the_checker_catches_a_file_that_was_spoiled(content, old, new):
    assert old in content
    assert faults_of(content.replace(old, new, 1))


def test_every_sector_that_a_project_may_have_is_one_of_the_dac(portfolio):
    codes = set(Sector.objects.values_list("code", flat=True))
    assert len(codes) > 20 and codes <= set(iati_checker.lists()["lists"]["Sector"])


def test_a_project_that_was_written_is_let_go(portfolio):
    """A hundred thousand are read one after the other; what a project and its rows know of each other holds none back."""

    def alive() -> int:
        return sum(issubclass(type(one), (Project, Instalment, Payment)) for one in gc.get_objects())

    gc.collect()
    before = alive()
    gc.disable()
    try:
        written = b"".join(FILES["iati-activites.xml"].write(Options()))
        assert written.count(b"<transaction-type ") > 10 and alive() == before
    finally:
        gc.enable()
