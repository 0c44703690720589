CREATE TABLE item (id bigint, label text);
CREATE VIEW base AS SELECT label, id FROM item;
CREATE MATERIALIZED VIEW kept AS SELECT id, count(*) AS n FROM base GROUP BY id;
CREATE UNIQUE INDEX kept_id ON kept (id);
GRANT SELECT ON kept TO planwright_reader;
COMMENT ON COLUMN kept.n IS 'how many';
ALTER MATERIALIZED VIEW kept ALTER id SET STATISTICS 99;
ALTER MATERIALIZED VIEW kept OWNER TO planwright_writer;
