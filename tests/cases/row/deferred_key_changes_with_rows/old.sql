-- @data
CREATE TABLE regions (id integer PRIMARY KEY, parent integer REFERENCES regions, note text);
