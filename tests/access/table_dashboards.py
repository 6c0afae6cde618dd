"""The doors of dashboards: for those who read projects as a whole; a region outside of one's area does not exist."""

from .doors import Door
from .people import EVERYBODY, Actor

OVERVIEW = EVERYBODY - {
    Actor.ANONYMOUS, Actor.NO_ROLE, Actor.AUTHOR, Actor.COAUTHOR, Actor.PROPOSER, Actor.PARTNER, Actor.ADMINISTRATOR
}  # fmt: skip
IN_GAO = OVERVIEW - {
    Actor.OFFICER_ELSEWHERE, Actor.SECRETARY_ELSEWHERE, Actor.APPROVER_ELSEWHERE, Actor.MANAGER_ELSEWHERE
}  # fmt: skip


def of_gao(route: str) -> Door:
    return Door(route, get=IN_GAO, enters=OVERVIEW, sees=IN_GAO, arguments=lambda _world, _state: {"code": "ML-7"})


DASHBOARDS = (
    Door("dashboards:portfolio", get=OVERVIEW, enters=OVERVIEW),
    Door("dashboards:attention", get=OVERVIEW, enters=OVERVIEW),
    Door("dashboards:plans", get=OVERVIEW, enters=OVERVIEW),
    Door(
        "dashboards:region", get=IN_GAO, enters=OVERVIEW, sees=IN_GAO, arguments=lambda _world, _state: {"code": "ML-7"}
    ),
    of_gao("dashboards:brief"),
    of_gao("dashboards:brief_pdf"),
    # All projects are in Gao: for those of another region there is nothing to draw.
    Door(
        "dashboards:chart", get=IN_GAO, enters=OVERVIEW, sees=IN_GAO, arguments=lambda _world, _state: {"name": "etats"}
    ),
    Door("dashboards:fund", get=OVERVIEW, enters=OVERVIEW, arguments=lambda _world, _state: {"code": "QIP"}),
)
