CREATE TABLE item (id int, label text, secret text);
GRANT SELECT (id, label), UPDATE (label) ON item TO planwright_reader;
GRANT INSERT ON item TO PUBLIC;
