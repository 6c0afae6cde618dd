"""How amounts, dates, fields and icons are written."""

import datetime as dt
import gzip
import re
from decimal import Decimal
from pathlib import Path

import lxml.html
import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from sr_portal.dashboards import charts
from sr_portal.web import clock
from sr_portal.web.fields import AmountField, MoneyField
from sr_portal.web.templatetags import portal

NARROW, FIXED = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        (50000, f"50{NARROW}000{FIXED}USD", f"50,000{FIXED}USD"),
        (Decimal("50000.00"), f"50{NARROW}000{FIXED}USD", f"50,000{FIXED}USD"),
        (Decimal("1234567.5"), f"1{NARROW}234{NARROW}567,50{FIXED}USD", f"1,234,567.50{FIXED}USD"),
        (Decimal("-0.10"), f"−0,10{FIXED}USD", f"−0.10{FIXED}USD"),
        (0, f"0{FIXED}USD", f"0{FIXED}USD"),
        (None, "", ""),
    ],
)
def test_amounts(amount, french, english):
    with translation.override("fr"):
        assert portal.usd(amount) == french
    with translation.override("en"):
        assert portal.usd(amount) == english


def test_a_sum_in_a_field_has_both_figures_of_its_cents_and_a_quantity_has_not():
    for value, sum_, quantity in (("25312.5", "25\u202f312,50", "25\u202f312,5"), ("800", "800", "800")):
        assert MoneyField().prepare_value(Decimal(value)) == sum_
        assert AmountField().prepare_value(Decimal(value)) == quantity
    assert MoneyField().prepare_value("12,5 environ") == "12,5 environ", "what was typed comes back as typed"


def test_numbers():
    with translation.override("fr"):
        assert portal.number(160000) == f"160{NARROW}000"
        assert portal.number(Decimal("12.50")) == "12,5"
    with translation.override("en"):
        assert portal.number(Decimal("1612.50")) == "1,612.5"


def test_an_address_breaks_between_its_parts_and_stays_text():
    assert portal.address("chef.section@demo.example") == "chef<wbr>.section<wbr>@demo<wbr>.example"
    assert portal.address("<b>@demo.example") == "&lt;b&gt;<wbr>@demo<wbr>.example"


def test_days_and_moments_are_the_mission_s():
    with translation.override("fr"):
        assert portal.day(dt.date(2026, 11, 1)) == "1er novembre 2026"
        assert portal.day(dt.date(2026, 11, 11)) == "11 novembre 2026"
        assert portal.moment(dt.datetime(2026, 11, 23, 14, 5, tzinfo=dt.UTC)) == (
            f"23 novembre 2026 à 14{FIXED}h{FIXED}05"
        )
        assert portal.moment(dt.datetime(2026, 11, 23, 0, 5, tzinfo=dt.UTC)).endswith(f"à 0{FIXED}h{FIXED}05")
    with translation.override("en"):
        assert portal.day(dt.date(2026, 11, 1)) == "1 November 2026"


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "aujourd’hui"), (-1, "hier"), (-12, "il y a 12 jours"), (1, "dans 1 jour"), (3, "dans 3 jours")],
)
def test_how_long_ago(days, text):
    with clock.at(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)):
        assert portal.ago_days(clock.today() + dt.timedelta(days=days)) == text


class SampleForm(forms.Form):
    title = forms.CharField(label="Titre", help_text="Court.")
    answer = forms.ChoiceField(label="Réponse", choices=[("y", "Oui")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="D’accord")


def render(text: str, **context) -> str:
    return Template(text).render(Context({"request": RequestFactory().get("/?etat=draft&suite=x"), **context}))


def test_a_field_ties_its_label_help_and_error():
    form = SampleForm({"title": ""})
    page = render("{% field form.title suffix='USD' %}", form=form)
    assert '<label class="field-label" for="id_title">Titre' in page
    assert 'aria-invalid="true"' in page
    described = re.search(r'aria-describedby="([^"]+)"', page).group(1).split()
    assert described
    assert all(f'id="{name}"' in page for name in described)


def test_a_group_of_choices_has_a_legend_and_a_check_its_label():
    form = SampleForm({})
    assert "<legend" in render("{% field form.answer %}", form=form)
    assert 'form-check-label" for="id_agreed"' in render("{% field form.agreed %}", form=form)


def test_what_people_wrote_stays_text():
    page = render("{% badge label %}{% icon 'x' label=label %}", label="<b>gras</b>")
    assert "<b>" not in page


def test_the_query_is_kept_but_for_what_changes():
    assert render("{% query_with suite=None %}") == "?etat=draft"
    assert render("{% query_with suite='y' %}") == "?etat=draft&amp;suite=y"


def test_a_gauge_says_when_its_ceiling_is_passed():
    page = render("{% gauge 52000 50000 'Budget' '52 000 USD' '50 000 USD' %}")
    assert "gauge-over" in page
    assert "Plafond dépassé" in page
    assert 'max="50000"' in page


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    sprite = (settings.BASE_DIR / "static" / portal.SPRITE).read_text()
    drawn = set(re.findall(r'id="([^"]+)"', sprite))
    asked = {}
    for folder in ("templates", "regions", "funds", "projects", "sr_portal"):
        for file in (settings.BASE_DIR / folder).rglob("*.html"):
            for name in re.findall(r"""\{% icon ["']([^"']+)["']""", file.read_text()):
                asked.setdefault(name, file)
    assert {name: str(file) for name, file in asked.items() if name not in drawn} == {}


def test_what_every_page_loads_weighs_less_than_60_kb():
    static = Path(settings.BASE_DIR) / "static"
    base = (settings.BASE_DIR / "templates/base.html").read_text()
    loaded = {*re.findall(r"static '([^']+)'", base), portal.SPRITE, "js/confirm.js"}
    weight = sum(len(gzip.compress((static / name).read_bytes(), 6)) for name in loaded)
    assert weight < 60 * 1024, weight


def test_the_rows_of_bars_say_names_as_they_are_typed_and_never_as_markup():
    name = '"><script>alert(1)</script> & l’eau'
    bars = charts.bars([(name, 3, '/projets/?secteur="><b'), ("Santé", 1, "")], notes=[("<i>5</i>", ""), ("", "")])
    table = lxml.html.fragment_fromstring(f"<table>{portal.bar_rows(bars, 'Montant')}</table>")
    assert [[cell.text_content() for cell in row] for row in table.iter("tr")] == [
        [name, "3", "<i>5</i>"],
        ["Santé", "1", ""],
    ]
    assert {one.tag for one in table.iter()} <= {"table", "tr", "th", "td", "div", "svg", "rect", "a", "span"}
    links = list(table.iter("a"))
    assert [link.get("href") for link in links] == ['/projets/?secteur="><b'] * 2
    assert links[1].get("aria-label") == f"{name}, 3"
    assert "bars-note" not in portal.bar_rows(bars, "") and portal.bar_rows([], "Montant") == ""
