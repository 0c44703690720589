CREATE TABLE item (id int, label text, secret text);
GRANT SELECT, UPDATE ON item TO planwright_reader;
