"""While an import's transaction runs, others see how far it is, and none of its rows."""

import threading

from funds.models import PartnerActivity
from sr_portal.accounts.roles import Role
from sr_portal.imports import running
from sr_portal.imports.kinds import kind_named
from sr_portal.imports.models import DataImport, ImportProgress, ImportStatus
from sr_portal.imports.services import confirm, receive, tell_columns
from sr_portal.imports.sources import guess, sheets_of
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.imports.files import HEADING, named, xlsx


def test_progress_is_seen_before_the_rows_are(own_database, settings, tmp_path, monkeypatch):
    from django.db import connection

    from funds.imports import activity_plan

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(running, "TELL_EVERY_SECONDS", 0.02)
    PartnerFactory(acronym="UNICEF")
    head, kind = user_with(Role.SECTION_HEAD), kind_named("activities")
    content = xlsx([HEADING, *(["UNICEF", f"Eau {n}", "Gao", "2026-03-01", str(n), "", ""] for n in range(30))])
    record = receive(by=head, kind=kind, upload=named(content, "a.xlsx"), content=content)
    sheets = sheets_of(record)
    record = tell_columns(by=head, record=record, mapping=guess(kind, sheets, {}), options={}, sheets=sheets)
    confirm(by=head, record=record)
    wrote, looked = threading.Event(), threading.Event()
    real = activity_plan.ActivityPlan.write

    def write(plan, record, step):
        real(plan, record, step)
        wrote.set()
        assert looked.wait(20)

    def work():
        try:
            running.run.call(record.pk)
        finally:
            connection.close()

    monkeypatch.setattr(activity_plan.ActivityPlan, "write", write)
    worker = threading.Thread(target=work)
    worker.start()
    assert wrote.wait(20)
    for _try in range(200):
        progress = ImportProgress.objects.get(pk=record.pk)
        if progress.done == 30:
            break
        threading.Event().wait(0.02)
    seen = (progress.done, progress.total, PartnerActivity.objects.count(), DataImport.objects.get().status)
    looked.set()
    worker.join(30)
    assert seen == (30, 30, 0, ImportStatus.RUNNING)
    assert PartnerActivity.objects.count() == 30 and DataImport.objects.get().status == ImportStatus.DONE
