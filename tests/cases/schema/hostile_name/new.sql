CREATE TABLE stays (id int);
CREATE SCHEMA "a "" b; DROP TABLE stays; --";
CREATE TABLE "a "" b; DROP TABLE stays; --"."Ünï ''code" ("select" int, "a.b" text DEFAULT 'it''s \ ; --');
COMMENT ON SCHEMA "a "" b; DROP TABLE stays; --" IS 'one''s own';
