CREATE DOMAIN number AS integer;
CREATE TABLE t (a double precision PRIMARY KEY, b double precision REFERENCES t ON UPDATE CASCADE);
CREATE TABLE u (a integer PRIMARY KEY);
CREATE TABLE v (a integer REFERENCES u, CHECK (a > 0));
COMMENT ON CONSTRAINT v_a_fkey ON v IS 'kept';
