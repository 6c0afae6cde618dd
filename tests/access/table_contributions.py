"""The doors of contributions: what stands behind one is made when it is knocked at, and undone with everything else."""

from funds.models import ContributionDocument, PaperKind
from funds.services.donor_reports import Sending, send
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories import funds as made
from tests.factories.accounts import user_with
from tests.factories.bank import proof
from tests.factories.implementation import pdf_of

from .doors import Actors, Door, Who
from .people import SIGNED_IN, Actor
from .readers import PROPOSERS
from .world import World

READS: Actors = SIGNED_IN - PROPOSERS - {Actor.NO_ROLE, Actor.PARTNER}
HEAD: Actors = frozenset({Actor.SECTION_HEAD})
FINANCE: Actors = frozenset({Actor.FINANCE})
STATES = ("pledged", "signed")


def _contribution(_world: World, state: str) -> dict[str, int]:
    return {"pk": (made.pledged if state == "pledged" else made.signed)("1000").pk}


def _receipt(_world: World, _state: str) -> dict[str, int]:
    receipt = made.came_in(made.signed("1000"), "500")
    return {"pk": receipt.contribution_id, "receipt_pk": receipt.pk}


def _paper(_world: World, _state: str) -> dict[str, int]:
    contribution, by = made.pledged("1000"), user_with(Role.SECTION_HEAD)
    paper = ContributionDocument.objects.create(
        contribution=contribution, kind=PaperKind.PLEDGE, document=pdf_of(by), filed_by=by
    )
    return {"pk": contribution.pk, "paper_pk": paper.pk}


def _owed(_world: World, state: str) -> dict[str, int]:
    report = made.owed(made.pledged("1000") if state == "pledged" else made.signed("1000"))
    return {"pk": report.pk}


def _sent(_world: World, _state: str) -> dict[str, int]:
    report = made.owed(made.signed("1000"))
    send(by=user_with(Role.SECTION_HEAD), report=report, sending=Sending(proof("Rapport.pdf"), clock.today()))
    return {"pk": report.pk}


def door(route: str, who: Who, *, acts: bool = True, arguments=_contribution, states: tuple[str, ...] = STATES) -> Door:
    enters = who if isinstance(who, frozenset) else SIGNED_IN
    return Door(
        f"funds:{route}", get=who, post=who if acts else None, enters=enters, arguments=arguments,
        states=states if arguments is _contribution else ("",),
    )  # fmt: skip


CONTRIBUTIONS = (
    Door("funds:contributions", get=READS),
    Door("funds:contribution_create", get=HEAD, post=HEAD),
    door("contribution", READS, acts=False),
    door("contribution_history", READS, acts=False, states=("signed",)),
    door("contribution_edit", HEAD),
    door("contribution_withdraw", HEAD, states=("pledged",)),
    door("contribution_sign", FINANCE),
    door("contribution_receive", FINANCE, states=("signed",)),
    door("contribution_proof", READS, acts=False, arguments=_receipt),
    door("contribution_cancel", FINANCE, arguments=_receipt),
    door("contribution_file", HEAD | FINANCE),
    door("contribution_paper", READS, acts=False, arguments=_paper),
    Door("funds:donor_reports", get=READS),
    door("donor_report_plan", HEAD),
    door("donor_report", READS, acts=False, arguments=_owed),
    door("donor_report_edit", HEAD, arguments=_owed),
    door("donor_report_send", HEAD, arguments=_owed),
    door("donor_report_waive", HEAD, arguments=_owed),
    door("donor_report_undo", HEAD, arguments=_sent),
    door("donor_report_file", READS, acts=False, arguments=_sent),
    door("contribution_paper_withdraw", HEAD | FINANCE, arguments=_paper),
)
