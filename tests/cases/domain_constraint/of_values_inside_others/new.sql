CREATE DOMAIN a AS integer CONSTRAINT positive CHECK (VALUE > 0);
CREATE DOMAIN b AS text CONSTRAINT kept CHECK (VALUE <> '') CONSTRAINT short CHECK (length(VALUE) < 9);
CREATE DOMAIN over_b AS b;
CREATE DOMAIN c AS integer NOT NULL;
CREATE TYPE pair AS (one over_b, two integer);
CREATE TABLE t (a a[] DEFAULT '{}', p pair, s c[], plain a);
CREATE INDEX ON t (plain);
COMMENT ON DOMAIN a IS 'kept';
