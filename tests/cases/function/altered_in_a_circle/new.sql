CREATE TABLE crate (
    weight double precision
);
CREATE MATERIALIZED VIEW weighed AS SELECT s.weight FROM crate s;
CREATE FUNCTION weights() RETURNS SETOF double precision LANGUAGE sql BEGIN ATOMIC SELECT weight FROM weighed; END;
COMMENT ON FUNCTION weights() IS 'kept';
