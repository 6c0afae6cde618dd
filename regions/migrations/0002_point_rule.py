"""The rule « a point lies in its region », written once: rings kept from the outline by a trigger, and a function."""

from django.db import migrations

TABLE = """
CREATE TABLE regions_outlinering (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region_id bigint NOT NULL REFERENCES regions_region (id) ON DELETE CASCADE,
    part integer NOT NULL,
    hole boolean NOT NULL,
    ring polygon NOT NULL
);
CREATE INDEX regions_outlinering_region ON regions_outlinering (region_id);
COMMENT ON TABLE regions_outlinering IS
    'Rings of regions_region.outline (x = longitude, y = latitude), written by its trigger only.';
"""

FILL = """
CREATE FUNCTION regions_keep_rings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM regions_outlinering WHERE region_id = NEW.id;
    IF NEW.outline IS NULL OR jsonb_typeof(NEW.outline) = 'null' THEN
        RETURN NULL;
    END IF;
    IF NEW.outline ->> 'type' NOT IN ('Polygon', 'MultiPolygon')
       OR jsonb_typeof(NEW.outline -> 'coordinates') IS DISTINCT FROM 'array' THEN
        RAISE EXCEPTION 'The outline of region % is no GeoJSON Polygon or MultiPolygon', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'region_outline_geojson';
    END IF;
    INSERT INTO regions_outlinering (region_id, part, hole, ring)
    SELECT NEW.id, parts.n, rings.n > 1,
           (SELECT '(' || string_agg(format('(%s,%s)', p.xy ->> 0, p.xy ->> 1), ',' ORDER BY p.n) || ')'
              FROM jsonb_array_elements(rings.ring) WITH ORDINALITY AS p(xy, n))::polygon
      FROM jsonb_array_elements(
               CASE NEW.outline ->> 'type'
                   WHEN 'Polygon' THEN jsonb_build_array(NEW.outline -> 'coordinates')
                   ELSE NEW.outline -> 'coordinates'
               END
           ) WITH ORDINALITY AS parts(rings, n),
           jsonb_array_elements(parts.rings) WITH ORDINALITY AS rings(ring, n);
    RETURN NULL;
END $$;
CREATE TRIGGER regions_keep_rings AFTER INSERT OR UPDATE OF outline ON regions_region
    FOR EACH ROW EXECUTE FUNCTION regions_keep_rings();
"""

# One degree of latitude is 111.32 km. A degree of longitude is up to a tenth less in Mali: to the east and to the
# west the tolerance is that much narrower, which a simplified outline's own error outweighs.
RULE = """
CREATE FUNCTION region_contains(region_id bigint, lat double precision, lon double precision) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT $2 BETWEEN -90 AND 90 AND $3 BETWEEN -180 AND 180 AND (
        NOT EXISTS (SELECT FROM regions_outlinering r WHERE r.region_id = $1)
        OR EXISTS (
            SELECT FROM regions_outlinering shell
              JOIN regions_region region ON region.id = shell.region_id
             WHERE shell.region_id = $1 AND NOT shell.hole
               AND point($3, $2) <-> shell.ring <= region.outline_tolerance_km / 111.32
               AND NOT EXISTS (
                   SELECT FROM regions_outlinering hollow
                    WHERE hollow.region_id = $1 AND hollow.part = shell.part AND hollow.hole
                      AND hollow.ring @> point($3, $2)
                      AND point($3, $2) <-> path(hollow.ring) > region.outline_tolerance_km / 111.32
               )
        ))
$$;
COMMENT ON FUNCTION region_contains(bigint, double precision, double precision) IS
    'Whether the point (degrees, WGS 84) lies in the region, give or take its outline_tolerance_km. '
    'True without an outline, false for what is no point on Earth (NaN too), NULL without a point.';
"""


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial")]

    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE regions_outlinering"),
        migrations.RunSQL(
            FILL,
            "DROP TRIGGER regions_keep_rings ON regions_region; DROP FUNCTION regions_keep_rings()",
        ),
        migrations.RunSQL(
            RULE,
            "DROP FUNCTION region_contains(bigint, double precision, double precision)",
        ),
    ]
