-- @data
CREATE TABLE shops (id integer PRIMARY KEY);
INSERT INTO shops (id) VALUES (1);
