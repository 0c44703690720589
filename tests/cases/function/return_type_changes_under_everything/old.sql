CREATE FUNCTION score(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n';
CREATE TABLE item (n int, m int DEFAULT score(1), CONSTRAINT fair CHECK (score(n) > 0));
CREATE INDEX item_score ON item (score(n));
CREATE VIEW scored AS SELECT score(n) > 1 AS good FROM item;
ALTER TABLE item ENABLE ROW LEVEL SECURITY;
CREATE POLICY fair ON item USING (score(n) > 2);
GRANT EXECUTE ON FUNCTION score TO planwright_reader;
COMMENT ON FUNCTION score IS 'kept';
