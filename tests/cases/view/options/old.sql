CREATE TABLE item (id int, label text);
CREATE VIEW short AS SELECT id FROM item WHERE id > 0;
