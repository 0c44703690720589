CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE EXTENSION hstore WITH SCHEMA one;
CREATE TABLE bag (id int, content one.hstore);
