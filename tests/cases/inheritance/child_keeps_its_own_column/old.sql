CREATE TABLE base (id int, label text);
CREATE TABLE child (label text, more int) INHERITS (base);
