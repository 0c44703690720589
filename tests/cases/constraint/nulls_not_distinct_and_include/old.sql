CREATE TABLE item (a int, b int, c int, CONSTRAINT item_key UNIQUE (a, b));
