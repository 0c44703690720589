CREATE TABLE t (a timestamp with time zone, b text);
