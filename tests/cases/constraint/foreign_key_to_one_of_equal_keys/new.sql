CREATE TABLE t (a integer, b integer, CONSTRAINT two UNIQUE (a));
CREATE UNIQUE INDEX three ON t (b, a);
CREATE TABLE r (a integer REFERENCES t (a), b integer, FOREIGN KEY (b, a) REFERENCES t (b, a));
