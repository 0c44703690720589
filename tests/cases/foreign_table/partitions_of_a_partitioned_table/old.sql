CREATE EXTENSION postgres_fdw;
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'far', host 'localhost', port '1');

CREATE TABLE city (id integer, name text, people bigint) PARTITION BY LIST ("left"(lower(name), 1));
CREATE TABLE city_ab PARTITION OF city (CONSTRAINT enough CHECK (id > 5)) FOR VALUES IN ('a', 'b');
CREATE TABLE city_fg PARTITION OF city FOR VALUES IN ('f', 'g');
CREATE TABLE city_mz PARTITION OF city FOR VALUES IN ('m', 'z');
CREATE FOREIGN TABLE city_e PARTITION OF city FOR VALUES IN ('e') SERVER far;

CREATE TABLE place (id integer, name text);
CREATE FOREIGN TABLE place_far () INHERITS (place) SERVER far;
