"""An official file replaces the outlines, all or none, and says what it did."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from regions.models import Region
from tests.factories.regions import region

pytestmark = pytest.mark.django_db

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "geo" / "mli_adm1_11.geojson"
NINE_UNITS = OFFICIAL.with_name("mli_adm1_9_geoboundaries.geojson")


def box(lat: float, lon: float, half: float = 0.1) -> dict:
    w, e, s, n = lon - half, lon + half, lat - half, lat + half
    return {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]}


def small_file(**changes: dict) -> dict:
    """A file made here: one box around each capital, found by code, by P-code or by name without accents."""
    features = []
    for place in Region.objects.by_code():
        properties = {"iso_3166_2": place.code}
        if place.code == "ML-7":
            properties = {"ADM1_PCODE": "ML07"}
        if place.code == "ML-10":
            properties = {"shapeName": "TAOUDENIT"}
        if place.code == "ML-BKO":
            properties = {"name_fr": "District de Bamako"}
        feature = {"type": "Feature", "properties": properties, "geometry": box(place.capital_lat, place.capital_lon)}
        features.append(feature | changes.get(place.abbreviation, {}))
    return {"type": "FeatureCollection", "features": features}


def load(path_or_data, tmp_path: Path, *options: str) -> str:
    path = path_or_data
    if not isinstance(path, Path):
        path = tmp_path / "limites.geojson"
        path.write_text(json.dumps(path_or_data), encoding="utf-8")
    out = StringIO()
    call_command("load_boundaries", str(path), "--source=DNCT", "--licence=CC BY 4.0", *options, stdout=out)
    return out.getvalue()


def files() -> list:
    return ["small", *([OFFICIAL] if OFFICIAL.exists() else [])]


@pytest.mark.parametrize("which", files(), ids=str)
def test_every_outline_is_replaced_and_its_source_noted(which, tmp_path):
    before = {r.code: r.outline for r in Region.objects.all()}
    report = load(small_file() if which == "small" else which, tmp_path)
    assert "11 contours remplacés" in report and "Taoudénit" in report
    for place in Region.objects.all():
        assert place.outline != before[place.code]
        assert place.outline_source == "DNCT (CC BY 4.0)"
        assert place.outline_tolerance_km == 1
        assert place.contains(place.capital_lat, place.capital_lon)


def test_the_file_alone_is_enough_and_names_itself(tmp_path):
    path = tmp_path / "limites.geojson"
    path.write_text(json.dumps(small_file()), encoding="utf-8")
    call_command("load_boundaries", str(path), stdout=StringIO())
    assert set(Region.objects.values_list("outline_source", flat=True)) == {"limites.geojson (licence non indiquée)"}


@pytest.mark.parametrize("which", files(), ids=str)
def test_loading_twice_gives_the_same_outlines(which, tmp_path):
    data = small_file() if which == "small" else which
    load(data, tmp_path)
    once = list(Region.objects.by_code().values_list("outline", flat=True))
    load(data, tmp_path)
    assert list(Region.objects.by_code().values_list("outline", flat=True)) == once


def test_the_report_says_by_what_each_region_was_found(tmp_path):
    report = load(small_file(), tmp_path)
    assert "Kayes\u00a0: trouvée par code ISO" in report
    assert "Gao\u00a0: trouvée par P-code" in report
    assert "Taoudénit\u00a0: trouvée par nom «\u00a0TAOUDENIT\u00a0»" in report
    assert "Bamako\u00a0: trouvée par nom" in report


def ring(*points) -> dict:
    return {"geometry": {"type": "Polygon", "coordinates": [[list(p) for p in points]]}}


BAD = {
    "point": ({"geometry": {"type": "Point", "coordinates": [0, 16]}}, "Polygon ou MultiPolygon"),
    "nothing": ({"geometry": None}, "Polygon ou MultiPolygon"),
    "open ring": (ring((0, 16), (1, 16), (1, 17), (0, 17)), "n’est pas fermé"),
    "three points": (ring((0, 16), (1, 16), (0, 16)), "moins de quatre points"),
    "no area": (ring((0, 16), (1, 16), (0.5, 16), (0, 16)), "pas de surface"),
    "bow tie": (ring((-0.5, 16), (0.5, 17), (0.5, 16), (-0.5, 17.2), (-0.5, 16)), "se coupe lui-même"),
    "latitude first": (ring((16, 0), (16, 1), (17, 1), (16, 0)), "hors du Mali"),
    "metres": (ring((200000, 1800000), (300000, 1800000), (300000, 1900000), (200000, 1800000)), "hors du Mali"),
    "text": (ring(("a", 16), (1, 16), (1, 17), ("a", 16)), "couple de nombres"),
    "elsewhere": ({"geometry": box(20, 0)}, "ne contient pas son chef-lieu"),
    "too wide": ({"geometry": box(16.3, 1.2, 1.9)}, "chef-lieu de Ménaka"),
    "unknown": ({"properties": {"name": "Azaouad"}}, "aucune région"),
    "twice": ({"properties": {"name": "Kidal"}}, "a déjà une entité"),
}


@pytest.mark.parametrize(("change", "said"), BAD.values(), ids=BAD)
def test_one_bad_feature_is_named_and_nothing_is_changed(change, said, tmp_path):
    before = list(Region.objects.by_code().values("outline", "outline_source", "outline_tolerance_km"))
    with pytest.raises(CommandError) as caught:
        load(small_file(GAO=change), tmp_path)
    assert said in str(caught.value) and "Rien n’a été changé" in str(caught.value)
    assert list(Region.objects.by_code().values("outline", "outline_source", "outline_tolerance_km")) == before


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    with pytest.raises(CommandError) as caught:
        load(small_file(GAO=BAD["open ring"][0], KDL=BAD["no area"][0]), tmp_path)
    assert "n’est pas fermé" in str(caught.value) and "pas de surface" in str(caught.value)


def test_a_region_without_a_feature_is_refused_unless_asked_for(tmp_path):
    data = small_file()
    data["features"] = data["features"][:3]
    with pytest.raises(CommandError, match="Gao"):
        load(data, tmp_path)
    kept = region("ML-7").outline
    assert "3 contours remplacés" in load(data, tmp_path, "--partial")
    assert region("ML-7").outline == kept and region("ML-7").outline_tolerance_km == 25


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "n’est pas du JSON"),
        ("[]", "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "aucune entité"),
    ],
)
def test_a_file_that_is_no_collection_is_refused_plainly(content, said, tmp_path):
    path = tmp_path / "x.geojson"
    path.write_text(content)
    with pytest.raises(CommandError, match=said):
        load(path, tmp_path)
    with pytest.raises(CommandError, match="ne se lit pas"):
        load(tmp_path / "absent.geojson", tmp_path)


def test_an_older_frame_in_which_gao_holds_menaka_is_refused(tmp_path):
    data = small_file(GAO={"geometry": box(16.1, 1.2, 1.5)})
    data["features"] = [f for f in data["features"] if f["properties"].get("iso_3166_2") != "ML-9"]
    with pytest.raises(CommandError, match="découpage plus ancien"):
        load(data, tmp_path, "--partial")
    if NINE_UNITS.exists():
        with pytest.raises(CommandError, match="découpage plus ancien"):
            load(NINE_UNITS, tmp_path, "--partial")
