CREATE TABLE item (id int PRIMARY KEY, a int, b int CHECK (b > 0));
