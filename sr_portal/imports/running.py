"""The worker's part: all the rows in one transaction or none, its progress told by another connection meanwhile."""

import threading
from types import TracebackType
from typing import Self

import pghistory
import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from sr_portal.documents.refusals import RefusedFile
from sr_portal.imports.kinds import Kind, Plan, kind_named
from sr_portal.imports.models import DataImport, ImportProgress, ImportStatus
from sr_portal.imports.services import put
from sr_portal.imports.sources import source_of
from sr_portal.web import clock

log = structlog.get_logger("portal.imports")
TELL_EVERY_SECONDS = 0.5
LOCK = 407_150_004  # imports run one after the other: two of the same file would each see nothing of the other


class Faulty(Exception):
    """What was free of faults when it was checked no longer is."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan


@task()
def run(pk: int) -> None:
    """Bring in what was confirmed. A second call finds nothing left to do."""
    with transaction.atomic():
        record = DataImport.objects.select_for_update(of=("self",)).select_related("by").get(pk=pk)
        if record.status != ImportStatus.QUEUED:
            return
        record.status = ImportStatus.RUNNING
        record.save(update_fields=["status"])
    kind = kind_named(record.kind)
    context = {"user": record.by_id, "user_name": str(record.by), "address": "", "url": f"/importer/{pk}/"}
    with translation.override(record.by.language), pghistory.context(**context, request_id=f"import-{pk}"):
        try:
            _bring_in(record, kind)
        except Faulty as refused:
            put(record, refused.plan)
            _fail(record, _("Depuis la vérification, des lignes ne sont plus bonnes : rien n’a été importé."))
        except (ValidationError, RefusedFile) as refused:
            _fail(record, " ".join(refused.messages))
        except DatabaseError as error:
            log.warning("import_refused", record=pk, error=str(error))
            _fail(record, _("La base a refusé une ligne, rien n’a été importé : %(why)s") % {"why": _first_line(error)})
        except Exception:
            _fail(
                record,
                _("L’import s’est arrêté, rien n’a été importé. L’administrateur en trouvera la cause au journal."),
            )
            raise


def _bring_in(record: DataImport, kind: Kind) -> None:
    with Progress(record.pk) as progress, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        plan = kind.check(source_of(record, kind), record.by)
        if plan.faults.count:
            raise Faulty(plan)
        _expect_many_rows()
        plan.write(record, progress.step)
        put(record, plan)
        record.status, record.finished_at = ImportStatus.DONE, clock.now()
        record.save()


def _expect_many_rows() -> None:
    """The triggers of the history look up each row's seal: by an index, though their tables may still look empty.

    Statistics are those of before the import; on a young portal the planner would read the whole table for each row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")


def _fail(record: DataImport, why: str) -> None:
    record.status, record.failure, record.finished_at = ImportStatus.FAILED, why, clock.now()
    record.save()


def _first_line(error: DatabaseError) -> str:
    return str(error).split("\n", 1)[0][:300]


class Progress:
    """Writes how far the import is, twice a second, from a thread and so on a connection of its own."""

    def __init__(self, pk: int) -> None:
        self.pk, self.done = pk, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tell, name=f"import-{pk}", daemon=True)

    def step(self, rows: int) -> None:
        self.done += rows

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _tell(self) -> None:
        try:
            while not self._over.wait(TELL_EVERY_SECONDS):
                ImportProgress.objects.filter(pk=self.pk).update(done=self.done, at=clock.now())
        except DatabaseError:
            log.warning("import_progress_untold", record=self.pk)
        finally:
            connection.close()
