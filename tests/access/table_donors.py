"""The doors of donors: what they gave, what it paid for, and the report on one contribution."""

from tests.factories import funds as made

from .doors import Door
from .table_contributions import HEAD, READS
from .world import World


def _donor(_world: World, _state: str) -> dict[str, int]:
    return {"pk": made.signed("1000").donor_id}


def _signed(_world: World, _state: str) -> dict[str, int]:
    return {"pk": made.signed("1000").pk}


def _file(_world: World, kind: str) -> dict[str, object]:
    return {"pk": made.signed("1000").pk, "kind": kind}


def _owed(_world: World, _state: str) -> dict[str, int]:
    return {"pk": made.owed(made.signed("1000")).pk}


DONORS = (
    Door("projects:donors", get=READS),
    Door("projects:donors_csv", get=READS),
    Door("projects:donor", get=READS, arguments=_donor),
    Door("projects:donor_csv", get=READS, arguments=_donor),
    Door("projects:donor_report_prepare", get=READS, arguments=_signed),
    Door("projects:donor_report_file", get=READS, arguments=_file, states=("pdf", "xlsx")),
    Door("projects:donor_report_make", get=HEAD, post=HEAD, arguments=_owed),
)
