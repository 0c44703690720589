CREATE SCHEMA part;
CREATE TABLE one (id int PRIMARY KEY, label text, gone text);
CREATE PUBLICATION feed FOR TABLE one (id, gone);
