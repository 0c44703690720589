-- @data
CREATE TABLE country (code text PRIMARY KEY, name text NOT NULL, area numeric, continent text DEFAULT 'Europe');
INSERT INTO country VALUES ('de', 'Deutschland', 357.0), ('fr', 'France', 551);
INSERT INTO country VALUES ('ke', 'Kenya', 580, 'Africa');
-- @data
CREATE TABLE "Odd" (a integer, "B c" text, PRIMARY KEY ("B c", a));
INSERT INTO "Odd" VALUES (1, 'it''s'), (2, E'back\\slash');
