CREATE TABLE model (id int DEFAULT 3 CHECK (id > 0), label text NOT NULL);
