CREATE SCHEMA part;
CREATE TABLE item (id int CONSTRAINT positive CHECK (id > 0), label text);
CREATE VIEW seen AS SELECT id FROM item;
CREATE SEQUENCE ticket;
CREATE TYPE mood AS ENUM ('a');
CREATE DOMAIN small AS int CONSTRAINT below CHECK (VALUE < 9);
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
COMMENT ON TABLE item IS 'goes';
COMMENT ON COLUMN item.label IS 'changes';
