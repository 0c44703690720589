CREATE TABLE item (id int CONSTRAINT item_key PRIMARY KEY, label text, n int);
CREATE VIEW summed AS SELECT id, label, sum(n) AS total FROM item GROUP BY id;
GRANT SELECT ON summed TO planwright_reader;
