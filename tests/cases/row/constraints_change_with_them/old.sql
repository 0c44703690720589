-- @data
CREATE TABLE grade (id integer PRIMARY KEY, name text NOT NULL, points integer, CONSTRAINT points CHECK (points > 10));
INSERT INTO grade VALUES (1, 'good', 20), (2, 'fair', 15), (3, 'fair', 12);
