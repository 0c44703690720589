-- PostgreSQL prints each of these otherwise once it has read what it printed.
CREATE TABLE span (low integer, high integer, open boolean,
    usual boolean GENERATED ALWAYS AS (low BETWEEN 0 AND 9 AND open) STORED,
    CONSTRAINT between CHECK (low BETWEEN 0 AND 9 AND high >= 0),
    CONSTRAINT rows CHECK ((low, high) <> (1, 2) OR low NOT BETWEEN 3 AND 4 OR high BETWEEN 5 AND 6 AND low = 2));
CREATE INDEX usual ON span (high) WHERE low BETWEEN 0 AND 9 AND high >= 0;
CREATE VIEW usual_ones AS
    SELECT s.high, s.low BETWEEN 1 AND 2 AND s.open AS small
    FROM span s JOIN span t ON s.low BETWEEN 0 AND 9 AND t.open
    WHERE s.low BETWEEN 0 AND 9 AND s.high >= 0;
ALTER TABLE span ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON span FOR UPDATE USING (low BETWEEN 0 AND 9 AND open) WITH CHECK (high > 2);
CREATE FUNCTION within(a integer, b boolean DEFAULT (1 BETWEEN 0 AND 3 AND true)) RETURNS integer LANGUAGE sql
    AS 'SELECT a';
CREATE FUNCTION atomic(a integer) RETURNS boolean LANGUAGE sql RETURN a BETWEEN 1 AND 2 AND a <> 3;
CREATE DOMAIN digit AS integer CHECK (VALUE BETWEEN 0 AND 9 AND VALUE <> 5);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER touch BEFORE INSERT ON span FOR EACH ROW WHEN (new.low BETWEEN 0 AND 9 AND new.open)
    EXECUTE FUNCTION touch();
CREATE RULE hush AS ON DELETE TO span WHERE old.low BETWEEN 0 AND 9 AND old.open DO INSTEAD NOTHING;
CREATE STATISTICS lows ON (low BETWEEN 0 AND 9 AND open), high FROM span;
CREATE TABLE half (a integer, b integer) PARTITION BY LIST ((b BETWEEN 0 AND 9 AND a >= 0));
CREATE TABLE half_in PARTITION OF half FOR VALUES IN (true);
