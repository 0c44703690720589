CREATE TABLE kept (id integer PRIMARY KEY);
CREATE TABLE inbound (id integer PRIMARY KEY, odd integer);
CREATE VIEW "o'dd ""name; --" AS SELECT id FROM kept;
CREATE TABLE stays (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE stays_1 PARTITION OF stays FOR VALUES FROM (0) TO (10);
CREATE TABLE base (id integer);
