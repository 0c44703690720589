CREATE FUNCTION add_up(state bigint, n int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT state + n';
CREATE AGGREGATE total(int) (SFUNC = add_up, STYPE = bigint, INITCOND = '5', PARALLEL = SAFE);
COMMENT ON AGGREGATE total(int) IS 'sum and five';
CREATE TABLE item (n int);
CREATE VIEW summed AS SELECT total(n) AS n FROM item;
