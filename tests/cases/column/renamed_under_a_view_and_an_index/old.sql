CREATE TABLE person (id int, full_name text NOT NULL DEFAULT '');
CREATE INDEX person_name ON person (lower(full_name));
CREATE VIEW names AS SELECT full_name FROM person;
