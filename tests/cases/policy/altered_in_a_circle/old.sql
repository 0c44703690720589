-- The policy lets go of a column and takes what is changed only when that column is gone.
CREATE TABLE shelf (
    label jsonb
) WITH (toast.autovacuum_enabled = false);
CREATE POLICY labelled ON shelf USING (label IS NOT NULL);
COMMENT ON POLICY labelled ON shelf IS 'kept';

CREATE DOMAIN flag AS boolean CONSTRAINT short CHECK (length(VALUE::text) < 50);
CREATE TABLE parcel (
    flags flag[]
);
CREATE POLICY flagged ON parcel FOR UPDATE USING (flags IS NULL);
