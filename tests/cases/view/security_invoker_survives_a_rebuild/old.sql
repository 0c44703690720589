CREATE TABLE item (id int, label text);
CREATE VIEW short WITH (security_invoker = true) AS SELECT id, label FROM item;
