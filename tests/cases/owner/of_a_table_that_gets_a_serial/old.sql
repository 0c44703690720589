CREATE TABLE item (label text);
ALTER TABLE item OWNER TO planwright_writer;
CREATE TABLE other (label text, id serial);
