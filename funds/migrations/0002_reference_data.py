"""The three mechanisms and their rules, the criteria, the sectors and the months' exchange rates."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"

# Ceiling, length and delegation in domain guide §1, §6; the delegated amount is this mission's choice.
MECHANISMS = (
    {
        "code": "QIP",
        "name_fr": "Projets à impact rapide (PIR)",
        "name_en": "Quick Impact Projects (QIP)",
        "ceiling_usd": Decimal("50000"),
        "max_months": 6,
        "fiscal_year_first_month": 7,
        "delegated_usd": Decimal("25000"),
        "approving_body_fr": "Chef de bureau jusqu’au montant délégué, chef de la mission au-delà",
        "approving_body_en": "Head of office up to the delegated amount, head of mission above",
    },
    {
        "code": "PBF",
        "name_fr": "Fonds de consolidation de la paix",
        "name_en": "Peacebuilding Fund",
        "ceiling_usd": None,
        "max_months": 36,
        "fiscal_year_first_month": 1,
        "delegated_usd": Decimal("0"),
        "approving_body_fr": "Comité de pilotage conjoint",
        "approving_body_en": "Joint steering committee",
    },
    {
        "code": "TF",
        "name_fr": "Fonds d’affectation spéciale pour la paix et la sécurité au Mali",
        "name_en": "Trust Fund in Support of Peace and Security in Mali",
        "ceiling_usd": None,
        "max_months": 24,
        "fiscal_year_first_month": 1,
        "delegated_usd": Decimal("0"),
        "approving_body_fr": "Comité de revue, puis le siège selon le montant",
        "approving_body_en": "Review committee, then headquarters depending on the amount",
    },
)

# Domain guide §6: criteria and default weights.
CRITERIA = (
    ("confidence", "Effet sur la confiance", "Confidence impact", 30),
    ("need", "Besoin", "Need", 20),
    ("feasibility", "Faisabilité", "Feasibility", 20),
    ("partner", "Partenaire", "Partner", 15),
    ("gender", "Genre et inclusion", "Gender and inclusion", 10),
    ("sustainability", "Pérennité", "Sustainability", 5),
)

# The section enters each month's UN operational rate; these start the portal with plausible values.
RATES = {2025: Decimal("585.0000"), 2026: Decimal("560.0000")}


def load(apps, schema_editor):
    mechanism_model = apps.get_model("funds", "Mechanism")
    criterion_model = apps.get_model("funds", "Criterion")
    for row in MECHANISMS:
        mechanism = mechanism_model.objects.create(**row)
        criterion_model.objects.bulk_create(
            criterion_model(
                mechanism=mechanism, code=code, name_fr=name_fr, name_en=name_en, weight=weight, position=position
            )
            for position, (code, name_fr, name_en, weight) in enumerate(CRITERIA, start=1)
        )
    with (DATA / "sectors.csv").open(encoding="utf-8", newline="") as file:
        sectors = apps.get_model("funds", "Sector")
        sectors.objects.bulk_create(sectors(**row) for row in csv.DictReader(file, delimiter=";"))
    rates = apps.get_model("funds", "ExchangeRate")
    rates.objects.bulk_create(
        rates(month=dt.date(year, month, 1), xof_per_usd=rate) for year, rate in RATES.items() for month in range(1, 13)
    )


def unload(apps, schema_editor):
    for name in ("Criterion", "Mechanism", "Sector", "ExchangeRate"):
        apps.get_model("funds", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
