"""The code lists of the API: the words of the lists, and the reference data that they point to."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from funds.models import (
    ActivitySource,
    ActivityStatus,
    DonorCurrency,
    Facility,
    MarkerLevel,
    Mechanism,
    OrganisationKind,
    Sector,
    Stage,
)
from projects.models import Sponsor
from projects.rules.publication import Disclosure
from projects.states import State
from regions.models import Direction, PlanStatus, RegionKind
from sr_portal.api.codelists import Code, CodeList, of_choices, of_rows


def levels() -> list[Code]:
    """The levels of markers, by the number that the filter `marqueur` takes."""
    name = {
        language: Concat(f"marker__name_{language}", Value(" – "), f"name_{language}", output_field=CharField())
        for language in ("fr", "en")
    }
    rows = MarkerLevel.objects.order_by("marker", "level").annotate(
        fr=name["fr"], en=name["en"], code=Cast("pk", CharField())
    )
    return list(rows.values_list("code", "fr", "en"))


CODE_LISTS = (
    CodeList("project-state", _("État d’un projet"), of_choices(State)),
    CodeList("disclosure", _("Ce qui se publie d’un projet"), of_choices(Disclosure)),
    CodeList("sponsor", _("Composante marraine"), of_choices(Sponsor)),
    CodeList("sector", _("Secteur CAD"), of_rows(Sector)),
    CodeList("fund", _("Mécanisme de financement"), of_rows(Mechanism)),
    CodeList("facility", _("Guichet"), of_rows(Facility)),
    CodeList("marker", _("Niveau d’un marqueur"), levels),
    CodeList("contribution-stage", _("Étape d’une contribution"), of_choices(Stage)),
    CodeList("currency", _("Monnaie du donateur"), of_choices(DonorCurrency)),
    CodeList("organisation-kind", _("Type d’organisation"), of_choices(OrganisationKind)),
    CodeList("activity-status", _("État d’une activité"), of_choices(ActivityStatus)),
    CodeList("activity-source", _("Source d’une activité"), of_choices(ActivitySource)),
    CodeList("region-kind", _("Type de région"), of_choices(RegionKind)),
    CodeList("plan-status", _("État d’un plan"), of_choices(PlanStatus)),
    CodeList("direction", _("Sens d’un indicateur"), of_choices(Direction)),
)
