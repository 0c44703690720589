-- planwright: 1
-- class: additive
-- version: 1.3
-- mode: transaction
-- before: sha256:0e5604baec3ed9728152e3e27c40db400c5c185621204de7240125d8e567bc08
-- after: sha256:352004542ec35eea7207e0c04cae0b2b2b96c81d377e16e7b82a76a646c1fac8
-- proved: PostgreSQL 17.5 (embedded)
-- steps:
--   1. create table planwright.backfill: additive, schema.sql:43; a new table; nothing existing refers to it
--   2. create comment on column planwright.backfill.page: additive, schema.sql:46; nothing but people reads it
--   3. create comment on column planwright.backfill.work: additive, schema.sql:45; nothing but people reads it
--   4. create comment on table planwright.backfill: additive, schema.sql:43; nothing but people reads it

CREATE TABLE planwright.backfill (
    relation text NOT NULL,
    work text NOT NULL,
    page bigint NOT NULL,
    pages bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT backfill_pkey PRIMARY KEY (relation, work)
);
COMMENT ON COLUMN planwright.backfill.page IS 'The page of the table that is next';
COMMENT ON COLUMN planwright.backfill.work IS 'What is set in each row';
COMMENT ON TABLE planwright.backfill IS 'How far each backfill that is under way, or was interrupted, has come';
