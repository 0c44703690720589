CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE EXTENSION hstore WITH SCHEMA two;
CREATE TABLE bag (id int, content two.hstore);
