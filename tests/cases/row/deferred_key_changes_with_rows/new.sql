-- @data
CREATE TABLE regions (id integer PRIMARY KEY, parent integer REFERENCES regions DEFERRABLE INITIALLY DEFERRED);
INSERT INTO regions (id, parent) VALUES (1, NULL), (2, 1);
