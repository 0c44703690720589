CREATE TABLE base (id int, label text);
CREATE VIEW thing AS SELECT id, label FROM base;
GRANT SELECT ON thing TO planwright_reader;
