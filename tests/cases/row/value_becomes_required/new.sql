-- @data
CREATE TABLE country (code text PRIMARY KEY, name text NOT NULL, area bigint NOT NULL);
INSERT INTO country VALUES ('de', 'Germany', 1), ('fr', 'France', 2);
