-- @data
CREATE TABLE country (code text PRIMARY KEY, name text NOT NULL, continent text NOT NULL CHECK (continent <> ''), area int);
INSERT INTO country VALUES ('de', 'Germany', 'Europe', 1), ('fr', 'France', 'Europe', NULL), ('ke', 'Kenya', 'Africa', 2);
