CREATE FUNCTION f(a bigint) RETURNS text LANGUAGE sql AS $$SELECT 'bigint'$$;
CREATE FUNCTION f(b text, a int DEFAULT 3) RETURNS text LANGUAGE sql AS $$SELECT 'two'$$;
CREATE FUNCTION f(a text[], OUT x int, OUT "Y" text) RETURNS SETOF record LANGUAGE sql AS $$SELECT 1, 'y'$$;
