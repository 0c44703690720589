-- @data
CREATE TABLE country (code text PRIMARY KEY, name text NOT NULL, area numeric);
INSERT INTO country VALUES ('de', 'Germany', 357), ('fr', 'France', NULL), ('su', 'Soviet Union', 22402);
-- @data
CREATE TABLE "Odd" (a integer, "B c" text, PRIMARY KEY ("B c", a));
INSERT INTO "Odd" VALUES (1, 'it''s'), (2, E'back\\slash'), (3, '');
