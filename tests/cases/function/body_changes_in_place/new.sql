CREATE FUNCTION greet(name text) RETURNS text LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER PARALLEL SAFE LEAKPROOF COST 7
    SET search_path = pg_catalog, "odd "" one" SET work_mem = '8MB' AS $body$ BEGIN RETURN '$$; it''s ' || name; END $body$;
CREATE TABLE item (label text DEFAULT greet('x'));
