"""The same report, photo or finding sent by many requests at once: filed once, and nobody's words written over."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from projects.models import Finding, Visit, VisitPhoto
from projects.services import visit_reports
from projects.services.findings import NewFinding
from projects.services.visit_reports import NewPhoto
from projects.services.visits import Outdated
from tests.documents.files import jpeg
from tests.factories.projects import fresh

from .proposal_browser import JSON, browser
from .test_visit_pages import at, typed
from .visiting import files, in_days, planned, report_values, under_way  # noqa: F401

CLIENTS = 16


def at_once(call) -> list:
    def run(number):
        try:
            return call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, range(CLIENTS)))


def test_one_report_posted_by_16_requests_at_once_is_filed_once(own_database, files):  # noqa: F811
    project = under_way()
    visit, user = planned(project), fresh(project.author)
    sent = typed(visit, **{"findings-0-text": "Fissure.", "findings-0-key": str(uuid.uuid4())})
    clients = [browser(user) for _ in range(CLIENTS)]
    answers = at_once(lambda n: clients[n].post(at("visit_report", project, visit.pk), sent, headers=JSON).json())

    assert {(answer["saved"], answer["version"]) for answer in answers} == {(True, 2)}
    assert Visit.objects.get(pk=visit.pk).version == 2 and Finding.objects.count() == 1


def test_16_corrections_of_the_same_version_leave_one_and_refuse_the_others(own_database, files):  # noqa: F811
    project = under_way()
    visit, user = planned(project), fresh(project.author)
    visit_reports.report(visit=visit, user=user, version=1, values=report_values(progress=10))

    def correct(number: int) -> bool:
        try:
            values = report_values(progress=20 + number)
            visit_reports.report(visit=visit, user=user, version=2, values=values)
        except Outdated:
            return False
        return True

    assert at_once(correct).count(True) == 1
    assert Visit.objects.get(pk=visit.pk).version == 3


def test_one_photo_and_one_finding_of_one_key_are_kept_once(own_database, files):  # noqa: F811
    from django.core.files.base import ContentFile

    project = under_way()
    visit, user = planned(project), fresh(project.author)
    found = NewFinding("Fissure.", in_days(7))
    visit_reports.report(visit=visit, user=user, version=1, values=report_values(), findings=[found])
    key, content = uuid.uuid4(), jpeg((200, 150))

    def send(_number: int) -> int:
        shot = NewPhoto(ContentFile(content, name="Site.jpg"), key=key)
        return visit_reports.add_photo(visit=visit, user=user, photo=shot).pk

    assert len(set(at_once(send))) == 1 == VisitPhoto.objects.count()
    assert VisitPhoto.objects.get().document.width == 200
