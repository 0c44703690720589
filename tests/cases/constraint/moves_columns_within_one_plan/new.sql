CREATE TABLE item (a int PRIMARY KEY, b int CONSTRAINT item_b_check CHECK (b > 1) NO INHERIT, id int);
