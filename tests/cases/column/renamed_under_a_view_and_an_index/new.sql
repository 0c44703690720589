CREATE TABLE person (
    id int,
    "Name" text NOT NULL DEFAULT '' -- @renamed from=full_name
);
CREATE INDEX person_name ON person (lower("Name"));
CREATE VIEW names AS SELECT "Name" AS full_name FROM person;
