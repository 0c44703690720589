DROP SCHEMA public;
CREATE SCHEMA part;
CREATE TABLE part.t (a int);
