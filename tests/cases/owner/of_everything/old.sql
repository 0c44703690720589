CREATE SCHEMA part;
CREATE TABLE part.item (id serial, label text);
CREATE VIEW part.seen AS SELECT id FROM part.item;
CREATE FUNCTION part.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE part.mood AS ENUM ('a');
CREATE SEQUENCE part.free;
CREATE AGGREGATE part.total(int) (SFUNC = int4pl, STYPE = int);
