"""Figures: how far plans are paid for, and what the funds do, by region, fund and fiscal year."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from projects import coverage
from projects.filters import area_of
from projects.models import Cell, ProjectFact
from projects.rules.publication import Disclosure
from regions.models import Plan, Region
from sr_portal.accounts.roles import Scope
from sr_portal.api.figures import Figures
from sr_portal.api.reader import Reader
from sr_portal.api.resources import KEY, MONEY, TEXT, WHOLE, Column, maybe

from .plans import RegionFilter, works_for_the_mission

ZERO = Decimal(0)


def covered(reader: Reader, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each priority of the plans in force. Proposals that are not approved yet are the mission's own business."""
    plans = Plan.objects.in_force().select_related("region").defer("region__outline").order_by("region__rank")
    if code := wanted.get("region"):
        plans = plans.filter(region__code=code)
    return [
        {
            "plan": plan.plan.pk, "region": plan.plan.region.code, "priority": row.priority.code, "title": row.priority.title,
            "need_usd": row.money.need, "approved_usd": row.money.approved, "paid_usd": row.money.paid,
            "others_usd": row.money.others, "gap_usd": row.money.gap, "projects": row.money.projects,
            "activities": row.money.activities, "covered_percent": row.money.percent,
        }
        for plan in coverage.of_plans(plans).values()
        for row in plan.rows
    ]  # fmt: skip


COVERAGE = Figures(
    name="coverage",
    schema_name="Coverage",
    title=_("Couverture des plans"),
    says=_("Pour chaque priorité d’un plan en vigueur : le besoin, ce que nos fonds et les partenaires y mettent, l’écart. USD."),
    tag=_("Plans et études"),
    rows=covered,
    form=RegionFilter,
    may=works_for_the_mission,
    columns=(
        Column("plan", "", KEY, _("Numéro du plan."), 2),
        Column("region", "", TEXT, _("Code de la région."), "ML-7"),
        Column("priority", "", TEXT, _("Code de la priorité dans le plan."), "1.2"),
        Column("title", "", TEXT, _("Intitulé de la priorité."), "Eau potable dans les cercles du nord"),
        Column("need_usd", "", MONEY, _("Besoin estimé, USD."), 1200000.00),
        Column("approved_usd", "", MONEY, _("Approuvé par nos fonds, USD."), 96000.00),
        Column("paid_usd", "", MONEY, _("De cela, payé moins les remboursements, USD."), 48000.00),
        Column("others_usd", "", MONEY, _("Apporté par les partenaires, USD."), 350000.00),
        Column("gap_usd", "", MONEY, _("Ce qui manque, USD."), 754000.00),
        Column("projects", "", WHOLE, _("Nombre de nos projets approuvés."), 2),
        Column("activities", "", WHOLE, _("Nombre d’activités de partenaires."), 3),
        Column("covered_percent", "", maybe(MONEY), _("Part du besoin couverte, en pour cent."), 37.2),
    ),
)  # fmt: skip


class SummaryFilter(RegionFilter):
    mecanisme = forms.CharField(label=_("Code du mécanisme"), required=False, max_length=8)
    exercice = forms.IntegerField(
        label=_("Année où l’exercice commence"), required=False, min_value=1990, max_value=9999
    )


# Of the sums that are kept: what is published of them. Drafts and proposals are counted on the pages alone.
COUNTS = (
    "granted",
    "direct_women",
    "direct_men",
    "direct_girls",
    "direct_boys",
    "displaced",
    "disabled",
    "visits_done",
)
SUMS = ("approved_usd", "obligated_usd", "paid_usd", "justified_usd", "refunded_usd")


BY = ("region_id", "mechanism_id", "fiscal_year")


def summed(reader: Reader, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sums that are kept, less those of hidden projects that this reader does not read.

    With them in a total, the total less the rows of the list would tell them; see `projects.public_figures`.
    """
    narrow = {
        field: wanted[name]
        for name, field in (("region", "region__code"), ("mecanisme", "mechanism_id"), ("exercice", "fiscal_year"))
        if wanted.get(name)
    }
    kept = added(Cell.objects.filter(grain="region", **narrow))
    kept.subtract(added(unread_by(reader).filter(granted=1, **narrow)))
    codes = dict(Region.objects.values_list("pk", "code"))
    names = dict(zip((*COUNTS, *SUMS), ("projects", *COUNTS[1:], *SUMS), strict=True))
    found = [
        {
            "region": codes.get(region, ""), "fund": fund, "fiscal_year": year,
            **{said: kept[region, fund, year, name] for name, said in names.items()},
        }
        for region, fund, year in {key[:3] for key in kept}
        if kept[region, fund, year, "granted"]
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row["fiscal_year"], row["fund"], row["region"]))


def unread_by(reader: Reader) -> QuerySet:
    """What is counted of the hidden projects that lie outside of the reader's area."""
    hidden = ProjectFact.objects.filter(project__disclosure=Disclosure.HIDDEN)
    area = Scope() if reader.published_only else area_of(reader.user)
    return hidden.none() if area.everywhere else hidden.exclude(region_id__in=area.region_ids)


def added(rows: QuerySet) -> Counter:
    """Each measure of `rows` by region, fund, fiscal year and its name; one query."""
    sums = rows.order_by().values(*BY).annotate(**{f"{name}_sum": Sum(name) for name in (*COUNTS, *SUMS)})
    return Counter({(*(row[by] for by in BY), name): row[f"{name}_sum"] for row in sums for name in (*COUNTS, *SUMS)})


SUMMARY = Figures(
    name="summary",
    schema_name="Summary",
    title=_("Chiffres par région, fonds et exercice"),
    says=_(
        "Sommes des projets approuvés, tenues par la base à chaque écriture : les mêmes que sur les tableaux de bord. USD."
    ),
    tag=_("Projets"),
    rows=summed,
    form=SummaryFilter,
    columns=(
        Column("region", "", TEXT, _("Code de la région."), "ML-7"),
        Column("fund", "", TEXT, _("Code du mécanisme."), "QIP"),
        Column("fiscal_year", "", WHOLE, _("Année où l’exercice commence."), 2026),
        Column("projects", "", WHOLE, _("Projets approuvés, quoi qu’ils soient devenus."), 14),
        Column("direct_women", "", WHOLE, _("Femmes, bénéficiaires directes."), 5200),
        Column("direct_men", "", WHOLE, _("Hommes, bénéficiaires directs."), 4800),
        Column("direct_girls", "", WHOLE, _("Filles, bénéficiaires directes."), 3100),
        Column("direct_boys", "", WHOLE, _("Garçons, bénéficiaires directs."), 2900),
        Column("displaced", "", WHOLE, _("Dont personnes déplacées."), 900),
        Column("disabled", "", WHOLE, _("Dont personnes handicapées."), 120),
        Column("visits_done", "", WHOLE, _("Visites de suivi faites."), 31),
        Column("approved_usd", "", MONEY, _("Approuvé, USD."), 640000.00),
        Column("obligated_usd", "", MONEY, _("Engagé, USD."), 590000.00),
        Column("paid_usd", "", MONEY, _("Payé, USD."), 410000.00),
        Column("justified_usd", "", MONEY, _("Justifié, USD."), 300000.00),
        Column("refunded_usd", "", MONEY, _("Remboursé, USD."), 1250.00),
    ),
)

FIGURES = (COVERAGE, SUMMARY)
