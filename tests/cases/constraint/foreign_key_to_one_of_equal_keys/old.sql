CREATE TABLE t (a integer, b integer, CONSTRAINT one UNIQUE (a), CONSTRAINT two UNIQUE (a), UNIQUE (a, b));
CREATE UNIQUE INDEX three ON t (b, a);
CREATE TABLE r (a integer REFERENCES t (a), b integer, FOREIGN KEY (b, a) REFERENCES t (b, a));
