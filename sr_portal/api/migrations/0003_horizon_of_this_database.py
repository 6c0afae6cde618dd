"""The horizon asks what still runs in this database: a transaction of another one, on the same server, writes nothing here.

A transaction that ended since the snapshot was taken is not found any more, and counts as running: it is ready next time.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION api_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT base + COALESCE(
        (SELECT min(running.id)
           FROM (SELECT pg_snapshot_xip(pg_current_snapshot())::text::bigint AS id
                 UNION ALL SELECT pg_current_xact_id_if_assigned()::text::bigint) AS running
          WHERE NOT EXISTS (
                SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                 WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
                   AND l.transactionid::text::bigint = (running.id & 4294967295)
                   AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database()))),
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
      FROM api_timeline WHERE id = 1
$$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION api_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM api_timeline WHERE id = 1
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0002_changes")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
