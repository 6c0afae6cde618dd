"""Choices: what filters offer is read by one query, and drawn as Django draws it."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from funds.models import Mechanism, Sector
from regions.models import Region
from sr_portal.web.choices import Offered, in_language, offer

FAMILIES = [("", "Tous"), ("Eau & sol", [("a", "Forage"), ("b", "Puits <b>")]), ("c", "Autre")]


def lines(field: forms.BoundField) -> list[str]:
    return [line.strip() for line in str(field).splitlines() if line.strip()]


@pytest.mark.parametrize("chosen", ["", "b", "c", "unknown"])
def test_a_list_of_choices_is_drawn_as_django_draws_it(chosen):
    class Choosing(forms.Form):
        one = forms.ChoiceField(choices=FAMILIES, widget=forms.Select(attrs={"class": "x", "required": True}))
        several = forms.MultipleChoiceField(choices=FAMILIES, disabled=True)

    data = {"one": chosen, "several": [chosen, "a"]}
    ours, plain = Choosing(data), Choosing(data, renderer=DjangoTemplates())
    for name in ("one", "several"):
        assert lines(ours[name]) == lines(plain[name])
        assert "Puits &lt;b&gt;" in str(ours[name])


@pytest.mark.django_db
def test_several_filters_read_their_choices_together(django_assert_num_queries):
    class Filters(forms.Form):
        region = forms.ModelChoiceField(
            Region.objects.all(), to_field_name="code", empty_label="Toutes", required=False
        )
        fund = forms.ModelChoiceField(Mechanism.objects.all(), empty_label="Tous", required=False)
        theme = forms.ChoiceField(required=False)

    form = Filters({"region": "ML-7", "fund": "none"})
    assert not form.is_valid() and set(form.errors) == {"fund"}
    with django_assert_num_queries(1):
        offer(
            form,
            region=Offered(Region.objects.all(), "code", "name", rank="rank"),
            fund=Offered(Mechanism.objects.all(), "code", in_language("name")),
            theme=Offered(Sector.objects.all(), "group_fr", "group_fr"),
        )
        drawn = {name: str(form[name]) for name in form.fields}
    ranked = list(Region.objects.order_by("rank").values_list("code", "name"))
    assert form.fields["region"].choices == [("", "Toutes"), *ranked]
    themes = [key for key, _name in form.fields["theme"].choices]
    assert len(themes) == len(set(themes)) == Sector.objects.order_by().values("group_fr").distinct().count()
    assert '<option value="ML-7" selected>' in drawn["region"]
    assert form.cleaned_data["region"].code == "ML-7"
