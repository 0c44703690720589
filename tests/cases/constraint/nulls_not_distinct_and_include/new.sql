CREATE TABLE item (a int, b int, c int, CONSTRAINT item_key UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (c) WITH (fillfactor = 80));
