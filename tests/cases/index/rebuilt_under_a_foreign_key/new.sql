CREATE TABLE shelf (place integer NOT NULL, name text);
CREATE UNIQUE INDEX shelf_place ON shelf (place);
CREATE TABLE book (shelf integer REFERENCES shelf (place));
