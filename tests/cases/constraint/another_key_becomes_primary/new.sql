CREATE TABLE t (a integer, b integer, CONSTRAINT a PRIMARY KEY (b), CONSTRAINT x UNIQUE (a));
CREATE TABLE z (a integer, b integer, CONSTRAINT n UNIQUE (a), CONSTRAINT m PRIMARY KEY (b));
