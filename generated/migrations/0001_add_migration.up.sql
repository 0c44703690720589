-- planwright: 1
-- class: additive
-- version: 1.0
-- mode: transaction
-- before: sha256:36e4238cb5a1c7c7c5b18e64f83e43fe260fe060debd1267799a49503bb71270
-- after: sha256:f9ea00e42322106ab56e3de97a44fc18c23adbdeaacd52a77d4f9dc91ead1f1b
-- proved: PostgreSQL 17.5 (embedded)
-- steps:
--   1. create schema planwright: additive; a new schema; nothing existing refers to it
--   2. create table planwright.migration: additive; a new table; nothing existing refers to it
--   3. create index planwright.migration_bundle_idx: additive; statements see no difference, but writers wait for the build
--   4. create comment on column planwright.migration.bundle: additive; nothing but people reads it
--   5. create comment on column planwright.migration.checksum: additive; nothing but people reads it
--   6. create comment on column planwright.migration.failure: additive; nothing but people reads it
--   7. create comment on column planwright.migration.finished_at: additive; nothing but people reads it
--   8. create comment on column planwright.migration.statements_done: additive; nothing but people reads it
--   9. create comment on schema planwright: additive; nothing but people reads it
--   10. create comment on table planwright.migration: additive; nothing but people reads it

CREATE SCHEMA planwright;
CREATE TABLE planwright.migration (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    bundle text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    direction text NOT NULL,
    class text NOT NULL,
    major integer NOT NULL,
    patch integer NOT NULL,
    checksum text NOT NULL,
    statements_done integer NOT NULL,
    failure text,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    role text NOT NULL,
    application text NOT NULL,
    tool_version text NOT NULL,
    CONSTRAINT migration_pkey PRIMARY KEY (id),
    CONSTRAINT migration_class_check CHECK ((class = ANY (ARRAY['additive'::text, 'breaking'::text]))),
    CONSTRAINT migration_direction_check CHECK ((direction = ANY (ARRAY['up'::text, 'down'::text])))
);
CREATE INDEX migration_bundle_idx ON planwright.migration USING btree (bundle, id);
COMMENT ON COLUMN planwright.migration.bundle IS 'Whose migration: the name of the project';
COMMENT ON COLUMN planwright.migration.checksum IS 'SHA-256 of the file that ran, with LF line ends';
COMMENT ON COLUMN planwright.migration.failure IS 'What stopped a run outside a transaction the last time';
COMMENT ON COLUMN planwright.migration.finished_at IS 'Empty while it runs, and after it was interrupted';
COMMENT ON COLUMN planwright.migration.statements_done IS 'How far a run outside a transaction has come';
COMMENT ON SCHEMA planwright IS 'What Planwright keeps about the migrations of this database';
COMMENT ON TABLE planwright.migration IS 'Every run of a migration, up or down; rows are only added';
