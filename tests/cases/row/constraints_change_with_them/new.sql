-- @data
CREATE TABLE grade (id integer PRIMARY KEY, name text NOT NULL UNIQUE, points integer, CONSTRAINT points CHECK (points < 10), CONSTRAINT names CHECK (length(name) = 1));
INSERT INTO grade VALUES (1, 'a', 2), (2, 'b', 5), (3, 'c', 8);
