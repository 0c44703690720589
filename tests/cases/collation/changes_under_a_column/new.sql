CREATE COLLATION mine (PROVIDER = libc, LC_COLLATE = 'POSIX', LC_CTYPE = 'C');
CREATE TABLE item (label text COLLATE mine);
CREATE INDEX item_label ON item (label);
