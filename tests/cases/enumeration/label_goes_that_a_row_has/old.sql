CREATE TYPE mood AS ENUM ('gone', 'sad', 'happy');
-- @data
CREATE TABLE cat (id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'sad', other mood);
INSERT INTO cat VALUES (1, 'gone', 'sad'), (2, 'sad', NULL), (3, 'happy', 'gone');
