CREATE FUNCTION span(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
CREATE TYPE floats AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = span, MULTIRANGE_TYPE_NAME = many_floats);
CREATE TABLE stays (id int, during floats, often many_floats);
