CREATE TABLE item (id int, n int, title text);
CREATE FUNCTION labels() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC SELECT title FROM item; SELECT n::text FROM item; END;
