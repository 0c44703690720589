CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE TABLE one.item (id int PRIMARY KEY, label text CONSTRAINT item_label CHECK (label <> ''));
