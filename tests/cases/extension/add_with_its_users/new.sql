CREATE SCHEMA extensions;
CREATE EXTENSION pg_trgm WITH SCHEMA extensions;
CREATE TABLE note (id int, body text);
CREATE INDEX note_body ON note USING gin (body extensions.gin_trgm_ops);
