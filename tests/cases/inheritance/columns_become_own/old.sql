CREATE TABLE par (a int NOT NULL, b int, c int CHECK (c > 0));
CREATE TABLE other (b int, d text COLLATE "C", CONSTRAINT filled CHECK (d <> ''));
CREATE TABLE plain (x int CHECK (x > 1), y text);

-- Some of what it inherits.
CREATE TABLE kid () INHERITS (par);
CREATE TABLE two (e int) INHERITS (par, other);
-- All of it.
CREATE TABLE whole () INHERITS (plain);
CREATE TABLE "Named Whole" () INHERITS (plain);
