CREATE TABLE sale (id integer PRIMARY KEY, total numeric(12, 2), note text NOT NULL, "Its Day" timestamptz);
CREATE VIEW big_sale AS SELECT id, total, note, "Its Day" FROM sale WHERE total > 1000;
CREATE MATERIALIZED VIEW dear_sale AS SELECT total, note FROM sale WHERE total > 9000;
CREATE INDEX ON dear_sale (total);
GRANT SELECT ON big_sale, dear_sale TO planwright_reader;
