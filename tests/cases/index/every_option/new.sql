CREATE TABLE item (id int, label text, tags int[]);
CREATE UNIQUE INDEX item_label ON item (lower(label) COLLATE "C" text_pattern_ops DESC NULLS LAST, id)
    INCLUDE (tags) WITH (fillfactor = 60, deduplicate_items = off) WHERE label <> 'it''s';
CREATE INDEX item_tags ON item USING gin (tags) WITH (fastupdate = off);
CREATE INDEX item_brin ON item USING brin (id int4_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 8);
CREATE INDEX item_sum ON item ((id + 1));
ALTER INDEX item_sum ALTER COLUMN 1 SET STATISTICS 300;
COMMENT ON INDEX item_sum IS 'counted';
