CREATE TABLE thing (id int, label text);
CREATE TABLE base (id int, label text);
GRANT SELECT ON thing TO planwright_reader;
