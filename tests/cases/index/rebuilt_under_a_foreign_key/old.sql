-- The key that PostgreSQL takes must not be the one that goes.
CREATE TABLE shelf (place integer NOT NULL, name text);
CREATE UNIQUE INDEX shelf_place ON shelf (place) INCLUDE (name);
CREATE UNIQUE INDEX shelf_other ON shelf (place);
CREATE TABLE book (shelf integer REFERENCES shelf (place));
