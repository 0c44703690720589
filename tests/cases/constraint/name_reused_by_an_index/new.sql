CREATE TABLE item (a int);
CREATE UNIQUE INDEX item_a ON item (a);
