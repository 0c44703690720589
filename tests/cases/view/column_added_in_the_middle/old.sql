CREATE TABLE item (id int, label text, n int);
CREATE VIEW short AS SELECT id, n FROM item;
CREATE VIEW shorter AS SELECT id FROM short;
CREATE VIEW shortest AS SELECT count(*) AS n FROM shorter;
GRANT SELECT (id), UPDATE ON short TO planwright_writer WITH GRANT OPTION;
COMMENT ON VIEW shorter IS 'it''s; kept';
COMMENT ON COLUMN short.n IS 'how many';
ALTER VIEW short ALTER n SET DEFAULT 3;
ALTER VIEW shortest OWNER TO planwright_writer;
