CREATE TABLE model (id int DEFAULT 3 CHECK (id > 0), label text NOT NULL);
CREATE TABLE copy (LIKE model INCLUDING ALL, more text);
