CREATE DOMAIN number AS integer;
CREATE DOMAIN code AS number CONSTRAINT known CHECK (VALUE <> 7::number);
CREATE TYPE pair AS (a text, b code);
CREATE TABLE held (both_of number);
