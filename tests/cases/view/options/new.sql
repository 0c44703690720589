CREATE TABLE item (id int, label text);
CREATE VIEW short WITH (security_barrier) AS SELECT id FROM item WHERE id > 0 WITH LOCAL CHECK OPTION;
