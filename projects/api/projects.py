"""Projects as the API gives them: to partners what is published, to the mission's people what they may read.

What a partner gets of a project told without its place is the same as on pages and in files (`projects.publication`):
here as SQL of each column, because the rows are written by PostgreSQL.
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import cached_property

from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from funds.api.parts import CERCLE, FUND, ORGANISATION, REGION, SECTOR, cercle, fund, organisation, region, sector
from projects.filters import DEFAULT_SORT, SORTS, ProjectFilter, title_key
from projects.models import Project, Sponsor
from projects.rules.publication import Disclosure
from projects.states import State
from sr_portal.api.asking import check_form
from sr_portal.api.problems import Fault, Problem
from sr_portal.api.reader import Reader
from sr_portal.api.resources import (
    DAY,
    DEGREES,
    INSTANT,
    KEY,
    MONEY,
    TEXT,
    WHOLE,
    YES_NO,
    Column,
    JsonType,
    Resource,
    list_of,
    maybe,
    one_of,
    thing,
)

# Filters that tell of the mission's own work under way: not for what is published.
OF_THE_MISSION = ("attente", "retard", "delai", "signal")
# Filters that read only what the log of changes follows; the others read deadlines, visits, envelopes, who asks…
LOGGED = frozenset(
    {"region", "mecanisme", "etat", "secteur", "etape", "montant_min", "montant_max", "soumis_du", "soumis_au", "q"}
)


class ProjectFilters:
    """The filters of the page « Projets », word for word; a value that cannot be read is refused instead of passed over."""

    @cached_property
    def fields(self) -> Mapping[str, forms.Field]:
        """Of copies: a filter keeps the field it made once, and every page's filters are copied from these."""
        declared = deepcopy(ProjectFilter.base_filters)
        return {name: one.field for name, one in declared.items() if name != "tri"}

    @property
    def words(self) -> tuple[str, ...]:
        return (DEFAULT_SORT, *(word for word in SORTS if word != DEFAULT_SORT))

    logged = LOGGED

    def by_log(self, given: QueryDict) -> bool:
        """The rank of regions is not followed."""
        return not set(given) & set(self.fields) - LOGGED and given.get("tri") != "region"

    def apply(self, rows: QuerySet, reader: Reader, given: QueryDict) -> QuerySet:
        if given.get("tri") == "intitule":
            if reader.published_only:
                rows = rows.with_shown("fr").annotate(title_key=_shown_key())
            else:
                rows = rows.annotate(title_key=title_key())
        if not set(given) & set(self.fields):
            return rows
        data = given.copy()
        data.pop("tri", None)
        text = data.pop("q", [""])[-1] if reader.published_only else ""
        if reader.published_only and (named := [name for name in OF_THE_MISSION if data.get(name)]):
            said = _("Ce filtre ne porte pas sur ce qui est publié.")
            raise Problem("invalid-parameter", faults=[Fault(name, said) for name in named])
        found = ProjectFilter(data, rows, user=reader.user)
        check_form(found.form, data)
        rows = found.qs
        if text:
            check_form(self._search(text), given)
            rows = rows.search_shown(text)
        return rows

    def _search(self, text: str) -> forms.Form:
        form = forms.Form({"q": text})
        form.fields["q"] = self.fields["q"]
        return form

    def order(self, given: QueryDict) -> str:
        wanted = given.get("tri") or DEFAULT_SORT
        if wanted not in SORTS:
            from sr_portal.api.problems import nearest

            said = _("Ce tri n’existe pas ici.")
            raise Problem("invalid-parameter", faults=[Fault("tri", said, nearest(wanted, SORTS) or self.words[:3])])
        return SORTS[wanted][1]


def _shown_key() -> Unaccent:
    return Unaccent(Lower("shown_title"))


def projects_of(reader: Reader) -> QuerySet:
    if reader.published_only:
        return Project.objects.open_to_partners()
    return Project.objects.visible_to(reader.user)


def were_published(keys: list[int]) -> set[int]:
    """What is hidden now may have been told before: its number is taken out of copies."""
    return set(Project.objects.published().filter(pk__in=keys).values_list("pk", flat=True))


IN_FULL = "p.disclosure = 'full'"
PLACE = "COALESCE(c.name, r.name)"
PUBLIC_TITLE = f"""CASE WHEN {IN_FULL} THEN p.title WHEN p.public_title <> '' THEN p.public_title
    ELSE COALESCE(s.name_fr, '') || ' – ' || {PLACE} END"""


def full_only(sql: str, otherwise: str) -> str:
    return f"CASE WHEN {IN_FULL} THEN {sql} ELSE {otherwise} END"


def degrees(exact: str, of_cercle: str, of_region: str, of_capital: str) -> tuple[str, str]:
    """For the mission's people, for partners: the exact point, else that of the cercle, of the region, of its capital."""
    near = f"COALESCE(c.{of_cercle}, r.{of_region}, r.{of_capital})"
    return f"COALESCE(p.{exact}::float8, {near})", (
        f"CASE WHEN {IN_FULL} THEN COALESCE(p.{exact}::float8, {near}) ELSE {near} END"
    )


LATITUDE = degrees("latitude", "label_lat", "label_lat", "capital_lat")
LONGITUDE = degrees("longitude", "label_lon", "label_lon", "capital_lon")
RESULTS = """COALESCE((SELECT json_agg(json_build_object('statement', x.statement, 'indicator', x.indicator, 'unit', x.unit,
    'baseline', x.baseline, 'target', x.target) ORDER BY x.id) FROM projects_expectedresult x
    WHERE x.project_id = p.id), '[]'::json)"""
RECIPIENTS = """COALESCE((SELECT json_agg(json_build_object('organisation', json_build_object('id', o2.id, 'name', o2.name,
    'acronym', o2.acronym), 'share', x.share) ORDER BY x.share DESC, x.id) FROM projects_recipient x
    JOIN funds_organisation o2 ON o2.id = x.organisation_id WHERE x.project_id = p.id), '[]'::json)"""
MARKERS = """COALESCE((SELECT json_agg(json_build_object('marker', mk.code, 'level', lv.level) ORDER BY mk.code)
    FROM projects_projectmarker x JOIN funds_marker mk ON mk.id = x.marker_id
    JOIN funds_markerlevel lv ON lv.id = x.level_id WHERE x.project_id = p.id), '[]'::json)"""
DOCUMENTS = """COALESCE((SELECT json_agg(json_build_object('title', x.title, 'language', x.language, 'media_type',
    d.content_type, 'size', d.size, 'sha256', d.sha256, 'url', '/api/v1/projects/' || p.id || '/documents/' || d.public_id)
    ORDER BY x.cleared_at, x.id) FROM projects_publishedfile x JOIN documents_document d ON d.id = x.document_id
    WHERE x.project_id = p.id AND x.withdrawn_at IS NULL AND d.withdrawn_at IS NULL), '[]'::json)"""
DOCUMENT: JsonType = thing(title=TEXT, language=TEXT, media_type=TEXT, size=WHOLE, sha256=TEXT, url=TEXT)
RESULT: JsonType = thing(statement=TEXT, indicator=TEXT, unit=TEXT, baseline=maybe(MONEY), target=maybe(MONEY))
PEOPLE: JsonType = thing(women=WHOLE, men=WHOLE, girls=WHOLE, boys=WHOLE, total=WHOLE)


def people(of: str) -> str:
    parts = ", ".join(f"'{who}', p.{of}_{who}" for who in ("women", "men", "girls", "boys"))
    return f"json_build_object({parts}, 'total', p.{of}_total)"


GAO = {"code": "ML-7", "name": "Gao"}
COUNTED = {"women": 120, "men": 100, "girls": 80, "boys": 75, "total": 375}

PROJECTS = Resource(
    name="projects",
    kind="project",
    title=_("Projets"),
    says=_(
        "Les projets publiés depuis leur approbation ; avec un jeton de portée « tout ce que je peux lire », aussi ceux"
        " que leur titulaire lit dans le portail. Le lieu d’un projet sensible se limite au cercle."
    ),
    tag=_("Projets"),
    model=Project,
    alias="p",
    source="""projects_project p
        LEFT JOIN regions_region r ON r.id = p.region_id LEFT JOIN regions_cercle c ON c.id = p.cercle_id
        LEFT JOIN funds_sector s ON s.code = p.sector_id LEFT JOIN funds_mechanism m ON m.code = p.mechanism_id
        LEFT JOIN funds_facility f ON f.id = p.facility_id LEFT JOIN funds_organisation o ON o.id = p.partner_id
        LEFT JOIN regions_priority y ON y.id = p.priority_id""",
    rows=projects_of,
    may=lambda reader: True,
    was_shown=were_published,
    filtering=ProjectFilters(),
    columns=(
        Column("id", "p.id", KEY, _("Numéro dans le portail."), 118),
        Column("reference", "p.reference", maybe(TEXT), _("Référence ; vide avant la soumission."), "QIP-GAO-2026-004"),
        Column(
            "iati_identifier", "p.iati_identifier", maybe(TEXT), _("Identifiant IATI, à vie ; vide avant l’approbation."),
            "XM-DAC-41310-QIP-GAO-2026-004",
        ),
        Column("title", "p.title", TEXT, _("Intitulé."), "Réhabilitation du forage d’Ansongo", PUBLIC_TITLE),
        Column("state", "p.state", one_of(State), _("État."), "active"),
        Column("state_since", "p.state_since", INSTANT, _("Dans cet état depuis (UTC)."), "2026-09-14T10:02:11+00:00"),
        Column("fund", fund("m"), FUND, _("Mécanisme de financement."),
               {"code": "QIP", "name_fr": "Projets à impact rapide", "name_en": "Quick Impact Projects"}),
        Column("facility", "f.code", maybe(TEXT), _("Guichet du mécanisme."), None),
        Column("sponsor", "NULLIF(p.sponsor, '')", maybe(one_of(Sponsor)), _("Composante de la mission qui le parraine."),
               "civil_affairs"),
        Column("sector", sector("s"), maybe(SECTOR), _("Secteur CAD."),
               {"code": "14031", "name_fr": "Eau potable", "name_en": "Drinking water"}),
        Column("region", region("r"), REGION, _("Région."), GAO),
        Column("cercle", cercle("c"), maybe(CERCLE), _("Cercle."), {"id": 31, "name": "Ansongo"}),
        Column("locality", "p.locality", TEXT, _("Commune ou localité ; vide si le lieu n’est pas publié."), "Ansongo",
               full_only("p.locality", "''")),
        Column("latitude", LATITUDE[0], maybe(DEGREES), _("Latitude, degrés (WGS 84)."), 15.6632, LATITUDE[1]),
        Column("longitude", LONGITUDE[0], maybe(DEGREES), _("Longitude, degrés (WGS 84)."), 0.5022, LONGITUDE[1]),
        Column(
            "point_is_exact", "p.latitude IS NOT NULL", YES_NO,
            _("Vrai si le point est celui du projet ; sinon c’est celui du cercle ou de la région."), True,
            full_only("p.latitude IS NOT NULL", "false"),
        ),
        Column("disclosure", "p.disclosure", one_of(Disclosure), _("Ce qui se publie : tout, ou sans le lieu."), "full"),
        Column("objective", "p.objective", TEXT, _("Objectif ; vide si le lieu n’est pas publié."),
               "Donner de l’eau toute l’année.", full_only("p.objective", "''")),
        Column("partner", organisation("o"), maybe(ORGANISATION), _("Partenaire de mise en œuvre."),
               {"id": 12, "name": "Association Kanuya", "acronym": ""}),
        Column("recipients", RECIPIENTS, list_of(thing(organisation=ORGANISATION, share=MONEY)),
               _("Autres organisations bénéficiaires, et leur part du budget en pour cent."), []),
        Column("priority", "y.code", maybe(TEXT), _("Priorité du plan régional qu’il sert."), "1.2"),
        Column("markers", MARKERS, list_of(thing(marker=TEXT, level=WHOLE)), _("Marqueurs du mécanisme."), []),
        Column("beneficiaries_direct", people("direct"), PEOPLE, _("Bénéficiaires directs prévus."), COUNTED),
        Column("beneficiaries_indirect", people("indirect"), PEOPLE, _("Bénéficiaires indirects prévus."), COUNTED),
        Column("submitted_on", "(p.submitted_at AT TIME ZONE 'UTC')::date", maybe(DAY), _("Soumis le."), "2026-07-02"),
        Column("published_on", "p.published_on", maybe(DAY), _("Publié le, jour de l’approbation."), "2026-08-20"),
        Column("starts_on", "p.starts_on", maybe(DAY), _("Début prévu."), "2026-09-01"),
        Column("duration_months", "p.duration_months", maybe(WHOLE), _("Durée, en mois."), 5),
        Column("ends_on", "p.ends_on", maybe(DAY), _("Fin prévue."), "2027-02-01"),
        Column("budget_usd", "p.budget_usd", MONEY, _("Budget demandé, USD."), 48250.00),
        Column("community_usd", "p.community_usd", MONEY, _("Apport de la communauté, USD, hors budget."), 1500.00),
        Column("approved_usd", "p.approved_usd", maybe(MONEY), _("Approuvé, USD."), 48000.00),
        Column("obligated_usd", "p.obligated_usd", MONEY, _("Engagé par le protocole d’accord, USD."), 48000.00),
        Column("paid_usd", "p.paid_usd", MONEY, _("Payé au partenaire, USD."), 24000.00),
        Column("refunded_usd", "p.refunded_usd", MONEY, _("Remboursé par le partenaire, USD."), 0.00),
        Column("justified_usd", "p.justified_usd", MONEY, _("Justifié par des pièces acceptées, USD."), 18000.00),
        Column("results", RESULTS, list_of(RESULT), _("Résultats attendus et leurs indicateurs ; vide si le lieu n’est pas publié."),
               [{"statement": "L’eau coule toute l’année", "indicator": "", "unit": "", "baseline": None, "target": 1}],
               full_only(RESULTS, "'[]'::json")),
        Column("documents", DOCUMENTS, list_of(DOCUMENT), _("Photos et documents publiés."), [],
               full_only(DOCUMENTS, "'[]'::json")),
        Column("updated_at", "p.updated_at", INSTANT, _("Dernière modification (UTC)."), "2026-11-02T09:30:00+00:00"),
    ),
)  # fmt: skip
