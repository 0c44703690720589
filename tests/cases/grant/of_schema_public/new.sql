CREATE TABLE item (id int);
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO planwright_reader;
GRANT ALL ON SCHEMA public TO planwright_writer;
ALTER SCHEMA public OWNER TO planwright_writer;
