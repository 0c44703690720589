-- @data
CREATE TABLE unit (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text, made timestamptz DEFAULT now());
INSERT INTO unit (id, name) OVERRIDING SYSTEM VALUE VALUES (1, 'metre'), (2, 'foot'), (3, NULL);
