CREATE FUNCTION is_short(t text, most int DEFAULT 20) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length(t) < most';
CREATE DOMAIN label AS text NOT NULL DEFAULT 'none' CONSTRAINT label_is_short CHECK (is_short(VALUE, 20));
CREATE TABLE item (label label);
