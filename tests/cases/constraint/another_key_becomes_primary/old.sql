CREATE TABLE t (a integer, b integer, CONSTRAINT x PRIMARY KEY (a));
CREATE TABLE z (a integer, b integer, CONSTRAINT n PRIMARY KEY (a), CONSTRAINT m UNIQUE (b));
