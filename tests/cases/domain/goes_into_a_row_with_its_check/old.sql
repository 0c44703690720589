CREATE DOMAIN code AS varchar(20) CONSTRAINT known CHECK (VALUE <> 'bc');
CREATE TYPE pair AS (a text, b code);
CREATE TABLE held (both_of pair);
