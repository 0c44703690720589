CREATE TABLE one (id int PRIMARY KEY, label text);
CREATE TABLE two (id int PRIMARY KEY, label text);
CREATE PUBLICATION feed FOR TABLE one, two;
