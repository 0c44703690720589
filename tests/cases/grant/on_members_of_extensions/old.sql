CREATE EXTENSION hstore;
CREATE SCHEMA part;
GRANT USAGE ON LANGUAGE plpgsql TO planwright_writer;
GRANT EXECUTE ON FUNCTION hstore_to_json(hstore) TO planwright_writer;
