CREATE TABLE t (a integer CONSTRAINT needed NOT NULL, b integer NOT NULL, c integer NOT NULL, d integer CONSTRAINT d NOT NULL, e integer);
ALTER TABLE t ADD CONSTRAINT e NOT NULL e NOT VALID;
COMMENT ON CONSTRAINT needed ON t IS 'needed';
COMMENT ON CONSTRAINT t_b_not_null ON t IS 'usual';
COMMENT ON CONSTRAINT t_c_not_null ON t IS 'usual';
