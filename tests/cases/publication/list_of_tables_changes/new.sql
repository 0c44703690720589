CREATE TABLE one (id int PRIMARY KEY, label text);
CREATE TABLE three (id int PRIMARY KEY, one int REFERENCES one);
CREATE PUBLICATION feed FOR TABLE one, three WITH (publish = 'insert, delete');
CREATE PUBLICATION "all; --" FOR ALL TABLES;
