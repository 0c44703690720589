CREATE TYPE mood AS ENUM ('sad', 'happy');
-- @data
CREATE TABLE cat (id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'sad', other mood);
INSERT INTO cat VALUES (1, 'sad', 'sad'), (2, 'happy', NULL);
