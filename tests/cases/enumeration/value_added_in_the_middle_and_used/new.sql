CREATE TYPE mood AS ENUM ('sad', 'so-so', 'it''s fine', 'happy');
CREATE TABLE person (id int, mood mood DEFAULT 'so-so', moods mood[]);
CREATE VIEW happy AS SELECT id FROM person WHERE mood = 'happy';
