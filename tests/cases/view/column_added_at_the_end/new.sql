CREATE TABLE item (id int, label text);
CREATE VIEW short AS SELECT id, label FROM item;
