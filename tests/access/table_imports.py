"""The doors of imports: each person's own files, and audit, which reads all of them."""

from django.core.files.base import ContentFile

from sr_portal.imports.kinds import kind_named
from sr_portal.imports.models import DataImport
from sr_portal.imports.services import receive
from sr_portal.spreadsheets.writing import workbook

from .doors import Actors, Door, Who
from .people import OFFICERS, Actor
from .world import World

BRINGS: Actors = OFFICERS | {Actor.MANAGER, Actor.MANAGER_ELSEWHERE, Actor.SECTION_HEAD}
PORTFOLIO: Actors = frozenset({Actor.SECTION_HEAD, Actor.ADMINISTRATOR})
IMPORTERS: Actors = BRINGS | PORTFOLIO
OPENS: Actors = IMPORTERS | {Actor.AUDITOR}
OWNER: Actors = frozenset({Actor.SECTION_HEAD})


def _file(world: World, _state: str) -> dict[str, int]:
    """A file of the section head's, received when it is first asked for: what a door does is undone."""
    known = DataImport.objects.first()
    if known is None:
        content = workbook([("Activités", [["Organisation", "Intitulé", "Début"], ["UNICEF", "Eau", "2026-01-01"]])])
        upload = ContentFile(content, name="activites.xlsx")
        head = world.people[Actor.SECTION_HEAD]
        known = receive(by=head, kind=kind_named("activities"), upload=upload, content=content)
    return {"pk": known.pk}


def of_file(route: str, *, get: Who, post: Who | None = None, enters: Actors = OPENS) -> Door:
    return Door(route, get=get, post=post, enters=enters, sees=OWNER | {Actor.AUDITOR}, arguments=_file)


def of_kind(route: str, code: str, who: Actors, *, enters: Actors, post: Actors | None = None) -> Door:
    return Door(
        route,
        get=who,
        post=post,
        enters=enters,
        sees=frozenset(),
        says=code,
        arguments=lambda _world, _state: {"code": code},
    )


IMPORTS = (
    Door("imports:home", get=OPENS),
    of_kind("imports:start", "activities", BRINGS, enters=IMPORTERS, post=BRINGS),
    of_kind("imports:start", "iati", BRINGS, enters=IMPORTERS, post=BRINGS),
    of_kind("imports:start", "portfolio", PORTFOLIO, enters=IMPORTERS, post=PORTFOLIO),
    of_kind("imports:template", "activities", BRINGS, enters=IMPORTERS),
    of_kind("imports:template", "portfolio", PORTFOLIO, enters=IMPORTERS),
    of_file("imports:detail", get=OWNER | {Actor.AUDITOR}, post=OWNER),
    of_file("imports:mapping", get=OWNER, post=OWNER, enters=IMPORTERS),
    of_file("imports:report", get=OWNER | {Actor.AUDITOR}),
)
