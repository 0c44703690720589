CREATE TABLE t (a integer NOT NULL, b integer CONSTRAINT b NOT NULL, c integer NOT NULL, d integer NOT NULL, e integer);
ALTER TABLE t ADD CONSTRAINT e NOT NULL e NOT VALID;
COMMENT ON CONSTRAINT b ON t IS 'named';
COMMENT ON CONSTRAINT t_d_not_null ON t IS 'usual';
