-- @data
CREATE TABLE country (code text PRIMARY KEY, name text, area int);
INSERT INTO country VALUES ('de', NULL, 1), ('fr', 'France', NULL);
