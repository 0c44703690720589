CREATE TABLE stays (id int DEFAULT newest());
CREATE FUNCTION newest() RETURNS int LANGUAGE sql AS 'SELECT max(id) FROM public.latest';
CREATE TABLE latest (id int);
CREATE MATERIALIZED VIEW seen AS SELECT newest() AS id;
