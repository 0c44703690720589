CREATE FUNCTION is_short(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length(t) < 10';
CREATE DOMAIN label AS text CONSTRAINT label_is_short CHECK (is_short(VALUE));
CREATE TABLE item (label label);
