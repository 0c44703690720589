-- @data
CREATE TABLE region (id integer PRIMARY KEY, parent integer REFERENCES region, name text);
-- @data
CREATE TABLE place (id integer PRIMARY KEY, region integer NOT NULL REFERENCES region, at integer) PARTITION BY RANGE (id);
CREATE TABLE place_1 PARTITION OF place FOR VALUES FROM (1) TO (100);
CREATE TABLE visit (place integer REFERENCES place, day date);
INSERT INTO region VALUES (9, NULL, 'world'), (1, 9, 'east'), (2, 9, 'west');
INSERT INTO place VALUES (1, 1, 0), (2, 2, 0);
