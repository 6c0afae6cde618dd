"""One registry of organisations: who they are and what they do with the section; never whom to call, nor how they were vetted."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from funds import access
from funds.forms.partners import ROLE_WORDS, PartnerFilter
from funds.models import Organisation, OrganisationKind
from funds.standing import who_stand
from sr_portal.api.problems import Fault, Problem
from sr_portal.api.reader import Reader
from sr_portal.api.resources import KEY, TEXT, Column, FormFilters, Resource, list_of, maybe, one_of
from sr_portal.web import clock

from .parts import REGION, region


def organisations_of(reader: Reader) -> QuerySet:
    """Published: those that give, those that coordinate, and those that carry out a project that is published."""
    found = Organisation.objects.current().by_name()
    if not reader.published_only:
        return found
    projects = Organisation._meta.get_field("projects").related_model._default_manager
    carried = projects.open_to_partners().filter(partner=OuterRef("pk"))
    received = projects.open_to_partners().filter(recipients__organisation=OuterRef("pk"))
    return found.filter(Q(is_donor=True) | Q(is_ptf=True) | Exists(carried) | Exists(received))


def merged(keys: list[int]) -> set[int]:
    """A record that was merged into another is no longer told: its number is taken out of copies."""
    return set(Organisation.objects.filter(pk__in=keys, merged_into__isnull=False).values_list("pk", flat=True))


def narrow(rows: QuerySet, wanted: Mapping[str, Any], reader: Reader) -> QuerySet:
    if text := wanted.get("q"):
        rows = rows.filter(pk__in=Organisation.objects.search(text).values("pk"))
    if role := wanted.get("role"):
        rows = rows.filter(**{ROLE_WORDS[role]: True})
    if kind := wanted.get("type"):
        rows = rows.filter(kind=kind)
    if seat := wanted.get("region"):
        rows = rows.filter(region=seat)
    if word := wanted.get("verification"):
        if reader.published_only:
            said = _("Les vérifications de partenaires ne se publient pas.")
            raise Problem("invalid-parameter", faults=[Fault("verification", said)])
        rows = rows.filter(who_stand(word, clock.today()))
    return rows


ROLES = """array_to_json(array_remove(ARRAY[CASE WHEN o.is_donor THEN 'donor' END, CASE WHEN o.is_ptf THEN 'ptf' END,
    CASE WHEN o.is_implementing THEN 'implementing' END], NULL))"""

ORGANISATIONS = Resource(
    name="organisations",
    kind="organisation",
    title=_("Organisations"),
    says=_("Donateurs, partenaires techniques et financiers, partenaires de mise en œuvre de projets publiés."),
    tag=_("Partenaires"),
    model=Organisation,
    alias="o",
    source="funds_organisation o\nLEFT JOIN regions_region r ON r.id = o.region_id",
    rows=organisations_of,
    may=lambda reader: reader.published_only or access.reads_partners(reader.user),
    was_shown=merged,
    filtering=FormFilters(PartnerFilter, narrow, (("nom", "name_key", _("Nom, de A à Z")),)),
    columns=(
        Column("id", "o.id", KEY, _("Numéro dans le portail."), 12),
        Column("name", "o.name", TEXT, _("Nom."), "Association Kanuya"),
        Column("acronym", "o.acronym", TEXT, _("Sigle, vide s’il n’y en a pas."), ""),
        Column("kind", "o.kind", one_of(OrganisationKind), _("Type d’organisation."), "association"),
        Column(
            "roles", ROLES, list_of({"type": "string", "enum": ["donor", "ptf", "implementing"]}),
            _("Ce qu’elle fait avec la section."), ["implementing"],
        ),
        Column("region", region("r"), maybe(REGION), _("Région du siège ; vide : nationale ou étrangère."),
               {"code": "ML-7", "name": "Gao"}),
    ),
)  # fmt: skip
