CREATE TABLE item (id int, label text, n int);
CREATE FUNCTION labels() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC SELECT label FROM item; END;
