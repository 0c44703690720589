-- What Planwright keeps in every database that it migrates.

CREATE SCHEMA planwright;

COMMENT ON SCHEMA planwright IS 'What Planwright keeps about the migrations of this database';

CREATE TABLE planwright.migration (
    id bigint GENERATED ALWAYS AS IDENTITY,
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
    CONSTRAINT migration_direction_check CHECK (direction IN ('up', 'down')),
    CONSTRAINT migration_class_check CHECK (class IN ('additive', 'data-dependent', 'breaking'))
);

CREATE INDEX migration_bundle_idx ON planwright.migration (bundle, id);

COMMENT ON TABLE planwright.migration IS 'Every run of a migration, up or down; rows are only added';

COMMENT ON COLUMN planwright.migration.bundle IS 'Whose migration: the name of the project';

COMMENT ON COLUMN planwright.migration.checksum IS 'SHA-256 of the file that ran, with LF line ends';

COMMENT ON COLUMN planwright.migration.statements_done IS 'How far a run outside a transaction has come';

COMMENT ON COLUMN planwright.migration.failure IS 'What stopped a run outside a transaction the last time';

COMMENT ON COLUMN planwright.migration.finished_at IS 'Empty while it runs, and after it was interrupted';
