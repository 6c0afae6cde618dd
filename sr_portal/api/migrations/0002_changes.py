"""The functions by which triggers write the log of changes, and the row that names this life of the database."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION api_position() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT base + pg_current_xact_id()::text::bigint FROM api_timeline WHERE id = 1
$$;
CREATE FUNCTION api_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM api_timeline WHERE id = 1
$$;
CREATE FUNCTION api_touch(of_kind text, of_object bigint) RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO api_change (kind, object_id, position, at)
    SELECT of_kind, of_object, api_position(), statement_timestamp() WHERE of_object IS NOT NULL
    ON CONFLICT DO NOTHING
$$;
INSERT INTO api_timeline (id, line, base)
VALUES (1, substr(replace(gen_random_uuid()::text, '-', ''), 1, 12), 0) ON CONFLICT DO NOTHING;
"""
BACKWARD = """
DELETE FROM api_timeline;
DROP FUNCTION api_touch(text, bigint);
DROP FUNCTION api_horizon();
DROP FUNCTION api_position();
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
