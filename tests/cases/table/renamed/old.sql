CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE post (author int REFERENCES users);
CREATE VIEW named AS SELECT id FROM users WHERE name IS NOT NULL;
