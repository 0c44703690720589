CREATE TABLE unit (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text, made timestamptz DEFAULT now());
INSERT INTO unit (name) VALUES ('metre'), ('foot');
