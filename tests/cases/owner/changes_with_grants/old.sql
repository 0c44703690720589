CREATE SCHEMA part;
CREATE TABLE part.one (id int);
CREATE TABLE part.two (id int);
GRANT SELECT ON part.one TO planwright_writer;
GRANT INSERT ON part.one TO planwright_reader;
ALTER TABLE part.two OWNER TO planwright_writer;
REVOKE UPDATE ON part.two FROM planwright_writer;
