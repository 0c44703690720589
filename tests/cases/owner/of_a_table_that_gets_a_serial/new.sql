CREATE TABLE item (label text, id serial);
ALTER TABLE item OWNER TO planwright_writer;
CREATE TABLE other (label text, id serial, number serial);
ALTER TABLE other OWNER TO planwright_reader;
CREATE TABLE third (id serial);
ALTER TABLE third OWNER TO planwright_reader;
GRANT USAGE ON SEQUENCE third_id_seq TO planwright_writer;
