CREATE PROCEDURE tidy(a int, INOUT b text DEFAULT 'x') LANGUAGE plpgsql AS 'BEGIN b := a; END';
COMMENT ON PROCEDURE tidy IS 'cleans more';
GRANT EXECUTE ON PROCEDURE tidy TO planwright_writer;
