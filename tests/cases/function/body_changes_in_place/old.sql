CREATE FUNCTION greet(name text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'hello'; END $$;
CREATE TABLE item (label text DEFAULT greet('x'));
