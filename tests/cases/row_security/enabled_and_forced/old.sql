CREATE TABLE secret (id int);
