CREATE SCHEMA archive;
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TABLE kept (id integer PRIMARY KEY);
CREATE TABLE gone (id integer PRIMARY KEY);
CREATE TABLE "o'dd ""name; --" (
    id serial PRIMARY KEY,
    numbered integer GENERATED ALWAYS AS IDENTITY,
    doubled integer GENERATED ALWAYS AS (id * 2) STORED,
    feels mood DEFAULT 'sad',
    felt mood[],
    kept integer REFERENCES kept,
    gone integer REFERENCES gone,
    parent integer REFERENCES "o'dd ""name; --",
    one integer DEFAULT one() CHECK (one >= one()),
    note text COLLATE "C" UNIQUE,
    EXCLUDE (note WITH =)
);
CREATE INDEX plain ON "o'dd ""name; --" (kept, gone) WHERE kept > 0;
CREATE INDEX by_mood ON "o'dd ""name; --" (feels) WHERE feels = 'glad';
CREATE INDEX by_function ON "o'dd ""name; --" (id, (id + one()));
CREATE TRIGGER first BEFORE INSERT ON "o'dd ""name; --" FOR EACH ROW EXECUTE FUNCTION watch();
CREATE TRIGGER second BEFORE INSERT ON "o'dd ""name; --" FOR EACH ROW EXECUTE FUNCTION watch();
ALTER TABLE "o'dd ""name; --" DISABLE TRIGGER second;
ALTER TABLE "o'dd ""name; --" ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON "o'dd ""name; --" TO planwright_reader USING (one = one());
CREATE RULE quiet AS ON DELETE TO "o'dd ""name; --" WHERE old.id < 0 DO INSTEAD NOTHING;
CREATE STATISTICS related ON kept, gone FROM "o'dd ""name; --";
COMMENT ON COLUMN "o'dd ""name; --".note IS 'noted';
GRANT SELECT ON "o'dd ""name; --" TO PUBLIC;
GRANT INSERT, UPDATE (note) ON "o'dd ""name; --" TO planwright_writer WITH GRANT OPTION;
GRANT USAGE ON SEQUENCE "o'dd ""name; --_id_seq" TO planwright_reader;
CREATE TABLE inbound (id integer PRIMARY KEY, odd integer REFERENCES "o'dd ""name; --");
CREATE VIEW seen AS SELECT id, note FROM "o'dd ""name; --";
CREATE VIEW seen_again AS SELECT id FROM seen;
CREATE FUNCTION takes(whole "o'dd ""name; --") RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE "ééééééééééééééééééééééééééééééa" (
    id integer,
    more integer,
    CONSTRAINT "ééééééééééééééééééééééééééééééb" PRIMARY KEY (id),
    CONSTRAINT "ééééééééééééééééééééééééééééééc" UNIQUE (more)
);
CREATE TABLE tree (id integer, name text PRIMARY KEY) PARTITION BY HASH (name);
CREATE INDEX ON tree (id);
CREATE TABLE archive.tree PARTITION OF tree FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE tree_1 PARTITION OF tree FOR VALUES WITH (modulus 2, remainder 1);
CREATE TABLE stays (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE stays_1 PARTITION OF stays FOR VALUES FROM (0) TO (10);
CREATE TABLE stays_2 PARTITION OF stays FOR VALUES FROM (10) TO (20);
CREATE TABLE base (id integer);
CREATE TABLE heir (id integer, more integer) INHERITS (base);
