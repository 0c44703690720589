CREATE FUNCTION own_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE TRUSTED LANGUAGE own HANDLER own_handler;
COMMENT ON LANGUAGE own IS 'a copy';
CREATE TABLE stays (id int);
