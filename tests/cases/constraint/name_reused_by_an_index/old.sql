CREATE TABLE item (a int, CONSTRAINT item_a UNIQUE (a));
