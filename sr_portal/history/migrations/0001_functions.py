"""The functions that every event table's triggers run."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION history_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append_only: % of % is refused, history only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- The hash of one event: sha256 of the previous hash, then table, position and row as jsonb writes them.
CREATE FUNCTION history_hash(previous bytea, event_table text, place integer, content jsonb)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(COALESCE(previous, ''::bytea)
        || convert_to(event_table || E'\\n' || place || E'\\n' || content::text, 'UTF8'))
$$;

-- Instants are written with the session's zone, hence the settings pinned here.
CREATE FUNCTION history_seal_event() RETURNS trigger LANGUAGE plpgsql
SET timezone = 'UTC' SET extra_float_digits = 1 SET intervalstyle = 'postgres' SET bytea_output = 'hex' AS $$
DECLARE
    content jsonb := to_jsonb(NEW);
    names varchar[];
    shape bigint;
    place integer;
    last bytea;
BEGIN
    SELECT array_agg(name ORDER BY name COLLATE "C") INTO names FROM jsonb_object_keys(content) AS name;
    SELECT id INTO shape FROM history_shape WHERE event_table = TG_TABLE_NAME AND columns = names;
    IF shape IS NULL THEN
        INSERT INTO history_shape (event_table, columns) VALUES (TG_TABLE_NAME, names) ON CONFLICT DO NOTHING;
        SELECT id INTO shape FROM history_shape WHERE event_table = TG_TABLE_NAME AND columns = names;
    END IF;
    SELECT position, sha256 INTO place, last FROM history_seal
        WHERE event_table = TG_TABLE_NAME AND object_id = content->>'pgh_obj_id' ORDER BY position DESC LIMIT 1;
    place := COALESCE(place, 0) + 1;
    INSERT INTO history_seal (event_table, event_id, object_id, position, shape_id, previous_sha256, sha256)
    VALUES (TG_TABLE_NAME, (content->>'pgh_id')::bigint, content->>'pgh_obj_id', place, shape, last,
        history_hash(last, TG_TABLE_NAME, place, content));
    RETURN NULL;
END $$;
"""
REVERSE = "DROP FUNCTION history_seal_event; DROP FUNCTION history_hash; DROP FUNCTION history_refuse_change;"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FUNCTIONS, REVERSE)]
