CREATE COLLATION mine (PROVIDER = libc, LOCALE = 'C');
CREATE TABLE item (label text COLLATE mine);
CREATE INDEX item_label ON item (label);
