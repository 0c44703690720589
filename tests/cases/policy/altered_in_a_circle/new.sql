CREATE TABLE shelf (
) WITH (toast.autovacuum_enabled = false);
CREATE POLICY labelled ON shelf USING (true);
COMMENT ON POLICY labelled ON shelf IS 'kept';

CREATE DOMAIN flag AS boolean;
CREATE DOMAIN tally AS integer DEFAULT 0 CONSTRAINT short CHECK (length(VALUE::text) < 50);
CREATE TABLE parcel (
    flags flag[],
    fragile flag
);
CREATE POLICY flagged ON parcel FOR UPDATE USING (fragile IS NULL);
