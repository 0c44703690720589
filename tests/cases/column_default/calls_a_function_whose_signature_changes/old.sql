CREATE FUNCTION first_code() RETURNS text LANGUAGE sql AS $$SELECT 'a'$$;
CREATE TABLE item (code text DEFAULT first_code(), n int DEFAULT 1);
