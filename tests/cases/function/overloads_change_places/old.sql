CREATE FUNCTION f(a int) RETURNS text LANGUAGE sql AS $$SELECT 'int'$$;
CREATE FUNCTION f(a text, b int) RETURNS text LANGUAGE sql AS $$SELECT 'two'$$;
CREATE FUNCTION f(VARIADIC a date[]) RETURNS text LANGUAGE sql AS $$SELECT 'dates'$$;
