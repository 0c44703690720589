CREATE FUNCTION first_code(prefix varchar DEFAULT 'it''s') RETURNS varchar LANGUAGE sql AS $$SELECT prefix || 'a'$$;
CREATE TABLE item (code text DEFAULT first_code(), n int DEFAULT 2);
