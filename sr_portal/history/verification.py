"""Whether the history still says what the triggers wrote: every seal recomputed, every record compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

BLOCK = 10_000  # seals hashed together in a receipt, so that no aggregate grows without bound


class Kind(Enum):
    CHANGED = _("événement modifié après coup")
    REMOVED = _("événement supprimé")
    ADDED = _("événement ajouté sans sceau")
    CHAIN = _("chaîne rompue : un sceau manque ou a été remplacé")
    RECORD = _("fiche modifiée sans laisser de trace")
    UNTRACED = _("fiche sans historique")
    VANISHED = _("fiche supprimée sans laisser de trace")


@dataclass(frozen=True)
class Fault:
    kind: Kind
    table: str
    event_id: int | None
    object_id: str

    def __str__(self) -> str:
        row = f"{self.table} {self.event_id}" if self.event_id is not None else self.table
        return f"{row} (objet {self.object_id}) : {self.kind.value}"


def tracked_models() -> list[tuple[type[models.Model], type[models.Model]]]:
    """Each tracked model with its event model."""
    events = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    return [(event.pgh_tracked_model, event) for event in events]


def faults() -> Iterator[Fault]:
    """Every row that is not as it was sealed, table by table, read at one moment. Run it outside a transaction.

    Only what is wrong leaves the database, so memory does not grow with the history.
    """
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:  # inside somebody else's transaction it is too late to ask
            _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        _run("SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL intervalstyle = 'postgres'")
        for model, event in tracked_models():
            yield from _broken_events(event)
            yield from _untraced_records(model, event)


def sealed_events() -> int:
    return _run("SELECT count(*) FROM history_seal")[0][0]


def gone_columns() -> dict[str, set[str]]:
    """Columns sealed once and dropped by a migration since: rows of that shape can be counted, not recomputed."""
    rows = _run(
        """SELECT s.event_table, c FROM history_shape s, unnest(s.columns) c WHERE NOT EXISTS (
               SELECT 1 FROM information_schema.columns k WHERE k.table_schema = current_schema()
               AND k.table_name = s.event_table AND k.column_name = c)"""
    )
    gone: dict[str, set[str]] = {}
    for table, column in rows:
        gone.setdefault(table, set()).add(column)
    return gone


def receipt() -> str:
    """« last id:number of seals:hash of all », to keep where nobody who runs the database can write.

    The short lock waits for writers under way, so that no seal with a smaller number can appear afterwards.
    """
    with transaction.atomic():
        _run("SET LOCAL lock_timeout = '10s'; LOCK TABLE history_seal IN SHARE MODE")
        last = _run("SELECT COALESCE(max(id), 0) FROM history_seal")[0][0]
    return _receipt_up_to(last)


def matches(kept: str) -> bool:
    """Whether the seals that `kept` counted are all here, unchanged. ValueError when it is no receipt."""
    last, number, digest = kept.strip().split(":")
    int(number), bytes.fromhex(digest)
    return _receipt_up_to(int(last)) == kept.strip()


def _receipt_up_to(last: int) -> str:
    number, digest = _run(
        """SELECT COALESCE(sum(n), 0)::bigint, encode(sha256(COALESCE(string_agg(h, ''::bytea ORDER BY b), '')), 'hex')
           FROM (SELECT id / %s AS b, count(*) AS n, sha256(string_agg(sha256, ''::bytea ORDER BY id)) AS h
                 FROM history_seal WHERE id <= %s GROUP BY 1) AS blocks""",
        [BLOCK, last],
    )[0]
    return f"{last}:{number}:{digest}"


def _broken_events(event: type[models.Model]) -> Iterator[Fault]:
    table = event._meta.db_table
    name = connection.ops.quote_name(table)
    rows = _run(
        f"""
        WITH here AS (
            SELECT array_agg(column_name::varchar ORDER BY column_name::text COLLATE "C") AS columns
            FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %(table)s
        ), sealed AS (
            SELECT s.*, sh.columns, sh.columns = here.columns AS same, sh.columns <@ here.columns AS known
            FROM history_seal s JOIN history_shape sh ON sh.id = s.shape_id, here WHERE s.event_table = %(table)s
        )
        SELECT 'REMOVED', s.event_id, s.object_id FROM sealed s LEFT JOIN {name} e ON e.pgh_id = s.event_id
            WHERE e.pgh_id IS NULL
        UNION ALL
        SELECT 'CHANGED', s.event_id, s.object_id FROM sealed s JOIN {name} e ON e.pgh_id = s.event_id
            WHERE s.known AND s.sha256 IS DISTINCT FROM history_hash(
                s.previous_sha256, s.event_table, s.position, CASE WHEN s.same THEN to_jsonb(e) ELSE
                (SELECT jsonb_object_agg(c, to_jsonb(e) -> c) FROM unnest(s.columns) c) END)
        UNION ALL
        SELECT 'ADDED', e.pgh_id, e.pgh_obj_id::text FROM {name} e LEFT JOIN history_seal s
            ON s.event_table = %(table)s AND s.event_id = e.pgh_id WHERE s.id IS NULL
        UNION ALL
        SELECT 'CHAIN', event_id, object_id FROM (
            SELECT event_id, object_id, position, previous_sha256, row_number() OVER chain AS place,
                lag(sha256) OVER chain AS before
            FROM sealed WINDOW chain AS (PARTITION BY object_id ORDER BY position)
        ) AS links WHERE position <> place OR previous_sha256 IS DISTINCT FROM before
        ORDER BY 2, 1
        """,  # noqa: S608  the only name put in is a model's own table
        {"table": table},
    )
    for kind, event_id, object_id in rows:
        yield Fault(Kind[kind], table, event_id, object_id)


def _untraced_records(model: type[models.Model], event: type[models.Model]) -> Iterator[Fault]:
    """Each live row against its last event: what was written with the triggers off shows here."""
    quote = connection.ops.quote_name
    kept = {field.column for field in event._meta.concrete_fields}
    shared = [quote(str(field.column)) for field in model._meta.concrete_fields if field.column in kept]
    differs = " OR ".join(f"m.{column} IS DISTINCT FROM l.{column}" for column in shared)
    key = quote(str(model._meta.pk.column))
    rows = _run(
        f"""
        SELECT CASE WHEN m.{key} IS NULL THEN 'VANISHED' WHEN l.pgh_id IS NULL THEN 'UNTRACED' ELSE 'RECORD' END,
            COALESCE(m.{key}::text, l.pgh_obj_id::text)
        FROM {quote(model._meta.db_table)} m FULL JOIN (
            SELECT DISTINCT ON (pgh_obj_id) * FROM {quote(event._meta.db_table)} ORDER BY pgh_obj_id, pgh_id DESC
        ) AS l ON l.pgh_obj_id = m.{key}
        WHERE (m.{key} IS NULL AND l.pgh_label <> 'delete') OR (m.{key} IS NOT NULL AND l.pgh_id IS NULL)
            OR (m.{key} IS NOT NULL AND l.pgh_id IS NOT NULL AND (l.pgh_label = 'delete' OR {differs}))
        ORDER BY 2
        """  # noqa: S608  names of the models' own tables and columns
    )
    for kind, object_id in rows:
        yield Fault(Kind[kind], model._meta.db_table, None, object_id)


def _run(sql: str, params: list | dict | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
