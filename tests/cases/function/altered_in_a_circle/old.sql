-- The body lets go of the table that goes, and takes the view that is made anew once that is gone.
CREATE TABLE crate (
);
CREATE TABLE bin (
    weight double precision
);
CREATE MATERIALIZED VIEW weighed AS SELECT s.weight FROM bin s;
CREATE FUNCTION weights() RETURNS SETOF double precision LANGUAGE sql BEGIN ATOMIC SELECT weight FROM bin; END;
COMMENT ON FUNCTION weights() IS 'kept';
