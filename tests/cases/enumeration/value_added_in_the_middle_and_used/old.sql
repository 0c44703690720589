CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int, mood mood DEFAULT 'sad', moods mood[]);
CREATE VIEW happy AS SELECT id FROM person WHERE mood = 'happy';
