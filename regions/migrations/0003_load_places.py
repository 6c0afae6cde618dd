"""Loads the regions, the district of Bamako and their cercles from `regions/data` (sources in its README)."""

import csv
import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"


def load(apps, schema_editor):
    Region = apps.get_model("regions", "Region")
    Cercle = apps.get_model("regions", "Cercle")
    facts = json.loads((DATA / "regions.json").read_text(encoding="utf-8"))
    outlines = {
        feature["id"]: feature["geometry"]
        for feature in json.loads((DATA / "outlines.geojson").read_text(encoding="utf-8"))["features"]
    }
    regions = {}
    for rank, row in enumerate(facts["regions"], start=1):
        regions[row["code"]] = Region.objects.create(
            rank=rank,
            population_year=facts["population_year"],
            population_source=facts["population_source"],
            outline=outlines[row["code"]],
            outline_source=facts["outline_source"]["cut" if row["code"] in facts["outline_cut"] else "default"],
            **row,
        )
    with (DATA / "cercles.csv").open(encoding="utf-8", newline="") as file:
        Cercle.objects.bulk_create(
            Cercle(
                region=regions[row["region"]],
                name=row["name"],
                pcode=row["pcode"],
                pcode_version=row["pcode_version"],
                label_lat=float(row["label_lat"]) if row["label_lat"] else None,
                label_lon=float(row["label_lon"]) if row["label_lon"] else None,
            )
            for row in csv.DictReader(file)
        )


def unload(apps, schema_editor):
    apps.get_model("regions", "Cercle").objects.all().delete()
    apps.get_model("regions", "Region").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("regions", "0002_point_rule")]

    operations = [migrations.RunPython(load, unload)]
