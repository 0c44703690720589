-- @data
CREATE TABLE region (id integer PRIMARY KEY, parent integer REFERENCES region, name text);
-- @data
CREATE TABLE place (id integer PRIMARY KEY, region integer NOT NULL REFERENCES region, at integer) PARTITION BY RANGE (id);
CREATE TABLE place_1 PARTITION OF place FOR VALUES FROM (1) TO (100);
CREATE TABLE visit (place integer REFERENCES place, day date);
-- @data
CREATE TABLE kind (id "char" PRIMARY KEY, place integer REFERENCES place);
INSERT INTO region VALUES (9, NULL, 'world'), (1, 9, 'east'), (3, 4, 'south'), (4, 1, 'north') ON CONFLICT DO NOTHING;
INSERT INTO place VALUES (1, 3, 0), (2, 4, 5), (15, 3, NULL);
INSERT INTO kind VALUES ('a', 15);
