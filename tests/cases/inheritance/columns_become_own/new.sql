CREATE TABLE par (a int NOT NULL, b int, c int CHECK (c > 0));
CREATE TABLE other (b int, d text COLLATE "C", CONSTRAINT filled CHECK (d <> ''));
CREATE TABLE plain (x int CHECK (x > 1), y text);

-- Some of what it inherits.
CREATE TABLE kid (b int) INHERITS (par);
CREATE TABLE two (e int, d text COLLATE "C", CONSTRAINT filled CHECK (d <> '')) INHERITS (par, other);
-- All of it.
CREATE TABLE whole (x int, y text, CONSTRAINT plain_x_check CHECK (x > 1)) INHERITS (plain);
CREATE TABLE "Named Whole" (y text) INHERITS (plain);
