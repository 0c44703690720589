CREATE TABLE one (id int, CONSTRAINT positive CHECK (id > 0));
CREATE TABLE two (id int, extra text);
CREATE TABLE child (id int, extra text, CONSTRAINT positive CHECK (id > 0)) INHERITS (one, two);
