-- @renamed from=users
CREATE TABLE people (id int CONSTRAINT users_pkey PRIMARY KEY, name text);
CREATE TABLE post (author int REFERENCES people);
CREATE VIEW named AS SELECT id FROM people WHERE name IS NOT NULL;
