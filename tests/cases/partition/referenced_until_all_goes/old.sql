-- @data
CREATE TABLE regions (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE regions_low PARTITION OF regions FOR VALUES FROM (MINVALUE) TO (3);
CREATE TABLE regions_high PARTITION OF regions FOR VALUES FROM (3) TO (MAXVALUE);
-- @data
CREATE TABLE shops (id integer PRIMARY KEY, region integer REFERENCES regions);
INSERT INTO regions (id) VALUES (0);
INSERT INTO shops (id, region) VALUES (1, 0);
