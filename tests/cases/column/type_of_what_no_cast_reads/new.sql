CREATE TABLE t (a tsvector, b tsquery);
