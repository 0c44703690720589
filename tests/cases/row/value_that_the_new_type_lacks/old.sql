CREATE TYPE mood AS ENUM ('sad', 'happy');
-- @data
CREATE TABLE cat (id integer PRIMARY KEY, mood mood);
INSERT INTO cat VALUES (1, 'sad'), (2, 'happy');
