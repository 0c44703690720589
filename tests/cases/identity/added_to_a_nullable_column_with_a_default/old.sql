CREATE TABLE item (id int DEFAULT 3);
