CREATE TYPE pair AS (a text, b integer);
CREATE TABLE points (id integer, at text);
