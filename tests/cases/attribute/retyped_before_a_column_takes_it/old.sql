CREATE TYPE pair AS (a integer, b integer);
CREATE TABLE points (id integer, at pair);
