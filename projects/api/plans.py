"""Regional plans with their priorities, and studies with what they found, as the API gives them."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from funds import access
from funds.api.parts import ORGANISATION, REGION, region
from regions.models import Direction, Plan, PlanStatus, Study
from sr_portal.api.reader import Reader
from sr_portal.api.resources import (
    DAY,
    KEY,
    MONEY,
    TEXT,
    WHOLE,
    Column,
    FormFilters,
    Resource,
    list_of,
    maybe,
    one_of,
    thing,
)
from sr_portal.web import clock


def works_for_the_mission(reader: Reader) -> bool:
    """Plans and studies are read by all who work for the mission; partners read what is in force or published."""
    return reader.published_only or access.reads_partners(reader.user)


class RegionFilter(forms.Form):
    region = forms.RegexField(r"^ML-([0-9]{1,2}|BKO)$", label=_("Région"), required=False, max_length=6)


def in_region(rows: QuerySet, wanted: Mapping[str, Any], reader: Reader) -> QuerySet:
    return rows.filter(region__code=wanted["region"]) if wanted.get("region") else rows


def about_region(rows: QuerySet, wanted: Mapping[str, Any], reader: Reader) -> QuerySet:
    """Those of the region, and those of the whole country."""
    code = wanted.get("region")
    return rows.filter(Q(regions__code=code) | Q(regions__isnull=True)).distinct() if code else rows


def plans_of(reader: Reader) -> QuerySet:
    found = Plan.objects.all()
    return found.exclude(status=PlanStatus.DRAFT) if reader.published_only else found


def studies_of(reader: Reader) -> QuerySet:
    found = Study.objects.all()
    return found.filter(published_on__lte=clock.today()) if reader.published_only else found


def gone(rows: QuerySet) -> Callable[[list[int]], set[int]]:
    """Of the keys that are not shown, those of records that are no more: drafts that were given up."""
    return lambda keys: set(keys) - set(rows.filter(pk__in=keys).values_list("pk", flat=True))


INDICATORS = """COALESCE((SELECT json_agg(json_build_object('name', i.name, 'unit', i.unit, 'direction', i.direction,
    'baseline', i.baseline, 'baseline_on', i.baseline_on, 'target', i.target, 'target_on', i.target_on, 'latest', i.latest,
    'latest_on', i.latest_on, 'source', i.source) ORDER BY i.id) FROM regions_indicator i WHERE i.priority_id = y.id), '[]'::json)"""
PRIORITIES = """COALESCE((SELECT json_agg(json_build_object('code', y.code, 'title', y.title, 'axis', x.title,
    'description', y.description, 'theme', y.theme, 'lead', y.lead, 'need_usd', y.need_usd, 'indicators', @)
    ORDER BY x.number, length(y.code), y.code) FROM regions_priority y JOIN regions_axis x ON x.id = y.axis_id
    WHERE y.plan_id = n.id), '[]'::json)""".replace("@", INDICATORS)
INDICATOR = thing(
    name=TEXT, unit=TEXT, direction=one_of(Direction), baseline=MONEY, baseline_on=maybe(DAY), target=MONEY,
    target_on=maybe(DAY), latest=maybe(MONEY), latest_on=maybe(DAY), source=TEXT,
)  # fmt: skip
PRIORITY = thing(
    code=TEXT,
    title=TEXT,
    axis=TEXT,
    description=TEXT,
    theme=TEXT,
    lead=TEXT,
    need_usd=MONEY,
    indicators=list_of(INDICATOR),
)
WATER = {
    "code": "1.2", "title": "Eau potable dans les cercles du nord", "axis": "Services sociaux de base", "description": "",
    "theme": "Eau et assainissement", "lead": "Direction régionale de l’hydraulique", "need_usd": 1200000.00, "indicators": [],
}  # fmt: skip

PLANS = Resource(
    name="plans",
    kind="plan",
    title=_("Plans régionaux"),
    says=_("Les plans régionaux de stabilisation et de relèvement : axes, priorités, besoins estimés, indicateurs."),
    tag=_("Plans et études"),
    model=Plan,
    alias="n",
    source="regions_plan n\nLEFT JOIN regions_region r ON r.id = n.region_id",
    rows=plans_of,
    was_shown=gone(Plan.objects.all()),
    may=works_for_the_mission,
    filtering=FormFilters(
        RegionFilter, in_region, (("recents", "-starts_on", _("Plus récents")),), logged=frozenset({"region"})
    ),
    columns=(
        Column("id", "n.id", KEY, _("Numéro dans le portail."), 2),
        Column("region", region("r"), REGION, _("Région."), {"code": "ML-7", "name": "Gao"}),
        Column("title", "n.title", TEXT, _("Intitulé."), "Plan de stabilisation et de relèvement de Gao"),
        Column("version", "n.number", WHOLE, _("Version du plan, à partir de 1."), 1),
        Column("status", "n.status", one_of(PlanStatus), _("État du plan."), "validated"),
        Column("starts_on", "n.starts_on", DAY, _("Début."), "2025-07-01"),
        Column("ends_on", "n.ends_on", DAY, _("Fin."), "2028-06-30"),
        Column("lead", "n.lead", TEXT, _("Chef de file."), "Gouvernorat de Gao"),
        Column("summary", "n.summary", TEXT, _("Résumé."), ""),
        Column("validated_on", "n.validated_on", maybe(DAY), _("Validé le."), "2025-06-20"),
        Column("archived_on", "n.archived_on", maybe(DAY), _("Archivé le."), None),
        Column("priorities", PRIORITIES, list_of(PRIORITY), _("Priorités, dans l’ordre du plan ; besoins en USD."), [WATER]),
    ),
)  # fmt: skip

INSTITUTIONS = """COALESCE((SELECT json_agg(json_build_object('id', o.id, 'name', o.name, 'acronym', o.acronym) ORDER BY q.id)
    FROM funds_studyinstitution q JOIN funds_organisation o ON o.id = q.organisation_id WHERE q.study_id = t.id), '[]'::json)"""
PLACES = """COALESCE((SELECT json_agg(json_build_object('code', r.code, 'name', r.name) ORDER BY r.rank)
    FROM regions_studyregion q JOIN regions_region r ON r.id = q.region_id WHERE q.study_id = t.id), '[]'::json)"""
PAPERS = """COALESCE((SELECT json_agg(json_build_object('title', q.label, 'media_type', d.content_type, 'size', d.size,
    'sha256', d.sha256, 'url', '/api/v1/studies/' || t.id || '/documents/' || d.public_id) ORDER BY q.id)
    FROM regions_studydocument q JOIN documents_document d ON d.id = q.document_id
    WHERE q.study_id = t.id AND d.withdrawn_at IS NULL), '[]'::json)"""
FINDINGS = """COALESCE((SELECT json_agg(json_build_object('number', q.number, 'statement', q.statement, 'recommendation',
    q.recommendation) ORDER BY q.number) FROM regions_keyfinding q WHERE q.study_id = t.id), '[]'::json)"""

STUDIES = Resource(
    name="studies",
    kind="study",
    title=_("Études"),
    says=_("Les études publiées, faites avec d’autres institutions, et ce qu’elles ont trouvé."),
    tag=_("Plans et études"),
    model=Study,
    alias="t",
    source="regions_study t",
    rows=studies_of,
    was_shown=gone(Study.objects.filter(published_on__isnull=True)),
    may=works_for_the_mission,
    filtering=FormFilters(
        RegionFilter, about_region, (("recentes", "-starts_on", _("Plus récentes")),), logged=frozenset({"region"})
    ),
    columns=(
        Column("id", "t.id", KEY, _("Numéro dans le portail."), 1),
        Column("title", "t.title", TEXT, _("Intitulé."), "Effets socio-économiques de la mission"),
        Column("institutions", INSTITUTIONS, list_of(ORGANISATION), _("Institutions partenaires du registre."),
               [{"id": 20, "name": "Banque mondiale", "acronym": ""}]),
        Column("other_institutions", "t.other_institutions", TEXT, _("Autres institutions, une par ligne."), ""),
        Column("regions", PLACES, list_of(REGION), _("Régions étudiées ; aucune : tout le pays."), []),
        Column("starts_on", "t.starts_on", DAY, _("Début."), "2025-01-10"),
        Column("ends_on", "t.ends_on", maybe(DAY), _("Fin."), "2025-09-30"),
        Column("published_on", "t.published_on", maybe(DAY), _("Publiée le."), "2025-11-15"),
        Column("abstract", "t.abstract", TEXT, _("Résumé."), ""),
        Column("findings", FINDINGS, list_of(thing(number=WHOLE, statement=TEXT, recommendation=TEXT)),
               _("Constats, et ce que l’étude recommande."), []),
        Column("documents", PAPERS, list_of(thing(title=TEXT, media_type=TEXT, size=WHOLE, sha256=TEXT, url=TEXT)),
               _("Le rapport et ses annexes, à télécharger."),
               [{"title": "Rapport final", "media_type": "application/pdf", "size": 2400123, "sha256": "9f2c…", "url": "/api/v1/studies/1/documents/6c0f…"}]),
    ),
)  # fmt: skip
