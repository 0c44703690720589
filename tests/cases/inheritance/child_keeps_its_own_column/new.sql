CREATE TABLE base (id int);
CREATE TABLE child (label text, more int) INHERITS (base);
