"""The doors of the reports: written by the project's authors, judged by programme officers of the region."""

from .doors import Actors, Door, Who
from .people import Actor
from .readers import IN_GAO, READS, SEES_PROJECT, WRITERS, always, project_door

OVERSEES: Actors = WRITERS | {Actor.MANAGER, Actor.SECTION_HEAD, Actor.AUDITOR}


def report_door(route: str, of: str, *, get: Who, post: Who | None = None, sees: Actors = READS, **more) -> Door:
    """A route under one report: `of` is « draft » or « submitted », as the world keeps them."""

    def arguments(world, _state):
        report = world.reports[of]
        return {"pk": report.project_id, "report_pk": report.pk} | {name: find(report) for name, find in more.items()}

    return Door(route, says=of, get=get, post=post, sees=sees, arguments=arguments)


def _file(report):
    return report.files.get().document.public_id


REPORTS = (
    project_door("projects:reports", get=SEES_PROJECT),
    project_door("projects:report_open", post=always(WRITERS)),
    report_door("projects:report", "draft", get=OVERSEES),
    report_door("projects:report", "submitted", get=READS),
    report_door("projects:report_write", "draft", get=WRITERS, post=WRITERS),
    report_door("projects:report_write", "submitted", get=WRITERS, post=WRITERS),  # told that it is closed
    report_door("projects:report_submit", "draft", get=WRITERS, post=WRITERS),
    report_door("projects:report_return", "submitted", get=IN_GAO, post=IN_GAO),
    report_door("projects:report_accept", "submitted", get=IN_GAO, post=IN_GAO),
    report_door("projects:report_return", "draft", get=frozenset(), post=frozenset()),
    report_door("projects:report_files", "draft", get=WRITERS, post=WRITERS),
    report_door("projects:report_file", "draft", get=OVERSEES, public_id=_file),
    report_door("projects:report_file", "submitted", get=READS, public_id=_file),
    report_door("projects:report_thumbnail", "submitted", get=READS, public_id=_file),
    report_door("projects:report_file_withdraw", "draft", get=WRITERS, post=WRITERS, public_id=_file),
)
