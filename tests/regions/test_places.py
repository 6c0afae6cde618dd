"""The country's regions are loaded whole, with their sources, and a point is held to its region."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from regions.models import Cercle, Region
from tests.factories.regions import CercleFactory, RegionFactory, region

pytestmark = pytest.mark.django_db

TOWNS = [
    ("Kayes", 14.45, -11.44, "ML-1"),
    ("Nioro du Sahel", 15.23, -9.59, "ML-1"),
    ("Kita", 13.04, -9.49, "ML-1"),
    ("Koulikoro", 12.86, -7.56, "ML-2"),
    ("Kati", 12.74, -8.07, "ML-2"),
    ("Nara", 15.17, -7.29, "ML-2"),
    ("Sikasso", 11.32, -5.67, "ML-3"),
    ("Koutiala", 12.39, -5.46, "ML-3"),
    ("Ségou", 13.43, -6.22, "ML-4"),
    ("Niono", 14.25, -5.99, "ML-4"),
    ("Mopti", 14.48, -4.18, "ML-5"),
    ("Bandiagara", 14.35, -3.61, "ML-5"),
    ("Douentza", 15.00, -2.95, "ML-5"),
    ("Hombori", 15.28, -1.70, "ML-5"),
    ("Tombouctou", 16.77, -3.01, "ML-6"),
    ("Goundam", 16.41, -3.67, "ML-6"),
    ("Diré", 16.28, -3.39, "ML-6"),
    ("Gourma-Rharous", 16.87, -1.92, "ML-6"),
    ("Gao", 16.27, -0.05, "ML-7"),
    ("Ansongo", 15.66, 0.50, "ML-7"),
    ("Bourem", 16.95, -0.35, "ML-7"),
    ("Almoustarat", 17.37, 0.12, "ML-7"),
    ("Kidal", 18.44, 1.41, "ML-8"),
    ("Tessalit", 20.20, 1.01, "ML-8"),
    ("Aguelhok", 19.47, 0.86, "ML-8"),
    ("Ménaka", 15.92, 2.40, "ML-9"),
    ("Anderamboukane", 15.43, 3.03, "ML-9"),
    ("Tidermène", 17.05, 2.05, "ML-9"),
    ("Taoudénit", 22.68, -3.98, "ML-10"),
    ("Araouane", 18.90, -3.53, "ML-10"),
    ("Bamako", 12.64, -8.00, "ML-BKO"),
    ("Yirimadio", 12.61, -7.90, "ML-BKO"),
]


def refused_by(constraint: str, sql: str, params: list) -> bool:
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return constraint in str(caught.value)


def test_ten_regions_and_the_district_are_loaded_in_the_order_of_their_codes():
    assert [r.code for r in Region.objects.by_code()] == [f"ML-{n}" for n in range(1, 11)] + ["ML-BKO"]
    assert [r.abbreviation for r in Region.objects.by_code()] == [
        "KYS",
        "KKR",
        "SIK",
        "SEG",
        "MPT",
        "TBK",
        "GAO",
        "KDL",
        "MNK",
        "TDN",
        "BKO",
    ]
    assert Region.objects.filter(kind="district").get().name == "Bamako"


def test_every_region_says_its_population_with_year_and_source_and_where_its_outline_comes_from():
    for place in Region.objects.all():
        assert place.population and place.population_year == 2022 and "INSTAT" in place.population_source
        assert "Natural Earth" in place.outline_source and place.outline_tolerance_km > 0
        assert bool(place.pcode) == bool(place.pcode_version)
        place.full_clean()


def test_no_pcode_is_invented_where_none_is_known():
    assert set(Region.objects.filter(pcode="").values_list("name", flat=True)) == {"Ménaka", "Taoudénit"}


def test_every_region_has_its_cercles():
    counts = {r.code: r.cercle_count for r in Region.objects.with_cercle_count()}
    assert counts["ML-1"] == 7 and counts["ML-7"] == 4 and counts["ML-9"] == 4 and counts["ML-10"] == 6
    assert min(counts.values()) == 1
    assert {c.name for c in Cercle.objects.of_region(region("ML-7").pk)} == {"Almoustarat", "Ansongo", "Bourem", "Gao"}
    assert not Cercle.objects.of_region(None)


def test_the_label_of_a_cercle_lies_in_its_region():
    for cercle in Cercle.objects.exclude(label_lat=None).select_related("region"):
        assert cercle.region.contains(cercle.label_lat, cercle.label_lon), cercle


@pytest.mark.parametrize(("town", "lat", "lon", "code"), TOWNS, ids=[t[0] for t in TOWNS])
def test_a_town_lies_in_its_region(town, lat, lon, code):
    assert region(code).contains(lat, lon)


@pytest.mark.parametrize(("town", "lat", "lon", "code"), TOWNS, ids=[t[0] for t in TOWNS])
def test_a_town_lies_in_no_region_that_is_not_its_neighbour(town, lat, lon, code):
    """Tolerances overlap along a border; past them, one region only."""
    others = [r for r in Region.objects.exclude(code=code) if r.contains(lat, lon)]
    assert len(others) <= 2
    far = {"ML-1": "ML-8", "ML-BKO": "ML-7"}.get(code, "ML-1")
    assert far not in {r.code for r in others}


def test_each_capital_lies_in_its_region():
    assert all(r.contains(r.capital_lat, r.capital_lon) for r in Region.objects.all())


@pytest.mark.parametrize(
    ("lat", "lon", "why"),
    [(48.85, 2.35, "Paris"), (12.64, -8.0, "Bamako"), (-0.05, 16.27, "swapped"), (float("nan"), 0.0, "no number")],
)
def test_a_point_far_away_is_not_in_gao(lat, lon, why):
    assert not region("ML-7").contains(lat, lon)


def test_the_district_is_no_part_of_koulikoro_beyond_the_tolerance():
    koulikoro = region("ML-2")
    koulikoro.outline_tolerance_km = 1
    koulikoro.save()
    assert not koulikoro.contains(12.62, -7.99)


def test_a_point_outside_is_accepted_up_to_the_tolerance():
    square = {"type": "Polygon", "coordinates": [[[0, 16], [1, 16], [1, 17], [0, 17], [0, 16]]]}
    place = RegionFactory(outline=square, outline_tolerance_km=10)
    assert place.contains(17.08, 0.5)
    assert not place.contains(17.10, 0.5)


def test_without_an_outline_every_point_is_accepted():
    assert RegionFactory(outline=None).contains(48.85, 2.35)


def test_several_parts_and_their_holes_count():
    def square(x, y, side):
        return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]

    place = RegionFactory(
        outline={
            "type": "MultiPolygon",
            "coordinates": [[square(0, 16, 1), square(0.4, 16.4, 0.2)], [square(2, 16, 1)]],
        }
    )
    assert place.contains(16.1, 0.1) and place.contains(16.5, 2.5)
    assert not place.contains(16.5, 0.5) and not place.contains(16.5, 1.5)
    assert place.contains(16.401, 0.4)


def test_the_rule_follows_an_outline_changed_by_raw_sql():
    gao = region("ML-7")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE regions_region SET outline = NULL WHERE id = %s", [gao.pk])
    assert gao.contains(48.85, 2.35)


def test_an_outline_that_is_no_polygon_is_refused_by_the_database():
    sql = "UPDATE regions_region SET outline = %s WHERE code = 'ML-7'"
    assert refused_by("Polygon", sql, ['{"type": "Point", "coordinates": [0, 16]}'])


def test_deleting_a_region_takes_its_rings_along():
    place = RegionFactory(outline={"type": "Polygon", "coordinates": [[[0, 16], [1, 16], [1, 17], [0, 16]]]})
    pk = place.pk
    place.delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM regions_outlinering WHERE region_id = %s", [pk])
        assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize("code", ["GAO", "FR-7", "ML-123", "ml-7"])
def test_a_code_that_is_not_iso_is_refused_by_form_and_database(code):
    place = region("ML-7")
    place.code = code
    with pytest.raises(ValidationError):
        place.full_clean()
    assert refused_by("region_code_iso", "UPDATE regions_region SET code = %s WHERE name = 'Gao'", [code])


def test_a_population_without_its_year_is_refused():
    assert refused_by(
        "region_population_has_year", "UPDATE regions_region SET population_year = NULL WHERE code = %s", ["ML-7"]
    )


def test_a_cercle_is_named_once_in_its_region():
    CercleFactory(name="Essai")
    with pytest.raises(IntegrityError), transaction.atomic():
        CercleFactory(name="Essai")
    CercleFactory(name="Essai", region=region("ML-8"))


def test_changes_of_a_region_are_kept_in_its_history_without_the_outline():
    place = region("ML-7")
    events = place.events.count()
    place.population_year = 2023
    place.save()
    assert place.events.count() == events + 1
    assert not hasattr(place.events.last(), "outline")
