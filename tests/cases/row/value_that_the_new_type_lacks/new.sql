-- @data
CREATE TABLE cat (id integer PRIMARY KEY, mood text);
INSERT INTO cat VALUES (1, 'sleepy'), (2, 'happy');
