CREATE TABLE span (low integer, high integer, open boolean);
ALTER TABLE span ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON span FOR UPDATE USING (low BETWEEN 0 AND 9 AND open) WITH CHECK (high > 1);
CREATE FUNCTION within(a integer, b boolean DEFAULT (1 BETWEEN 0 AND 2 AND true)) RETURNS integer LANGUAGE sql
    AS 'SELECT a';
